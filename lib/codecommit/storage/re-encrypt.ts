import { db } from '#lib/db'
import { invoke } from '#lib/invoke'
import { DescribeKey, ReEncrypt } from '#lib/kms/api'
import { serviceContext } from '#lib/operation/context'
import { repositoryEncryptionContext } from '#lib/operation/repository-context'
import { viaKms } from './data-keys.ts'

/**
 * Brings the data keys of a Region's repositories onto the key's current key material: `ReEncrypt`, so that no data key is
 * opened and no sealed message is touched. Safe to stop at any instant: each data key is one compare-and-set.
 * @returns how many were moved
 * @throws AggregateError once all others were moved, where some data keys cannot be
 */
export async function reEncryptDataKeys(place: { accountId: string; region: string }, signal: AbortSignal): Promise<number> {
  const context = serviceContext('codecommit', place)
  let moved = 0
  const failures: unknown[] = []
  for (const { kmsKeyArn } of await db().repository.findMany({ where: place, distinct: ['kmsKeyArn'], select: { kmsKeyArn: true } })) {
    const { KeyMetadata } = await viaKms(() => invoke(DescribeKey, context, { KeyId: kmsKeyArn }))
    const stale = { keyMaterialId: { not: KeyMetadata.CurrentKeyMaterialId }, repository: { ...place, kmsKeyArn } }
    // Once through, in order: a key that rotates meanwhile, or a data key that fails, is not come back to before the next time.
    for (let last = ''; ; ) {
      const batch = await db().repositoryKey.findMany({ where: { ...stale, id: { gt: last } }, orderBy: { id: 'asc' }, take: 100 })
      if (batch.length === 0) break
      for (const dataKey of batch) {
        if (signal.aborted) return moved
        last = dataKey.id
        try {
          moved += await reEncryptDataKey(context, kmsKeyArn, dataKey)
        } catch (error) {
          failures.push(error)
        }
      }
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} data key${failures.length === 1 ? '' : 's'} could not be re-encrypted`)
  return moved
}

async function reEncryptDataKey(
  context: ReturnType<typeof serviceContext>,
  keyArn: string,
  { id, repositoryId, ciphertextBlob }: { id: string; repositoryId: string; ciphertextBlob: Uint8Array<ArrayBuffer> },
): Promise<number> {
  const encryptionContext = repositoryEncryptionContext(repositoryId)
  const moved = await viaKms(() =>
    invoke(ReEncrypt, context, {
      CiphertextBlob: ciphertextBlob,
      SourceKeyId: keyArn,
      SourceEncryptionContext: encryptionContext,
      DestinationKeyId: keyArn,
      DestinationEncryptionContext: encryptionContext,
    }),
  )
  const { count } = await db().repositoryKey.updateMany({
    where: { id, ciphertextBlob },
    data: { ciphertextBlob: new Uint8Array(moved.CiphertextBlob), keyMaterialId: moved.DestinationKeyMaterialId },
  })
  return count
}
