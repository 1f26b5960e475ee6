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
 */
export async function reEncryptDataKeys(place: { accountId: string; region: string }, signal: AbortSignal): Promise<number> {
  const context = serviceContext('codecommit', place)
  let moved = 0
  for (const { kmsKeyArn } of await db().repository.findMany({ where: place, distinct: ['kmsKeyArn'], select: { kmsKeyArn: true } })) {
    const { KeyMetadata } = await viaKms(() => invoke(DescribeKey, context, { KeyId: kmsKeyArn }))
    const current = KeyMetadata.CurrentKeyMaterialId
    for (;;) {
      const stale = await db().repositoryKey.findMany({
        where: { keyMaterialId: { not: current }, repository: { ...place, kmsKeyArn } },
        take: 100,
      })
      if (stale.length === 0) break
      for (const dataKey of stale) {
        if (signal.aborted) return moved
        moved += await reEncryptDataKey(context, kmsKeyArn, dataKey)
      }
    }
  }
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
