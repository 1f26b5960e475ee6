import { randomUUID } from 'node:crypto'
import { db } from '#lib/db'
import { invoke } from '#lib/invoke'
import { kept } from '#lib/kept-rows'
import { Decrypt, GenerateDataKey } from '#lib/kms/api'
import { asService, type RequestContext } from '#lib/operation/context'
import { repositoryEncryptionContext } from '#lib/operation/repository-context'
import { fromKms } from '../exceptions.ts'

/** A data key in the clear, for as long as one operation needs it. It wraps the keys of sealed messages. */
export type DataKey = Readonly<{ id: string; plaintext: Uint8Array }>

/** A data key as it is stored: encrypted by KMS, with the key material that it is under. */
export type EncryptedDataKey = Readonly<{ id: string; ciphertextBlob: Uint8Array; keyMaterialId: string }>

/** What of a repository its keys depend on. */
export type KeyedRepository = Readonly<{ id: string; kmsKeyArn: string }>

/**
 * A new data key for what an operation stores: `GenerateDataKey` on the caller's behalf.
 * @throws ServiceException EncryptionKey…Exception where KMS refuses
 */
export async function generateDataKey(
  context: RequestContext,
  repository: KeyedRepository,
): Promise<{ key: DataKey; stored: EncryptedDataKey }> {
  const id = randomUUID()
  const made = await viaKms(() =>
    invoke(GenerateDataKey, asService(context, 'codecommit'), {
      KeyId: repository.kmsKeyArn,
      KeySpec: 'AES_256',
      EncryptionContext: repositoryEncryptionContext(repository.id),
    }),
  )
  return {
    key: { id, plaintext: made.Plaintext },
    stored: { id, ciphertextBlob: made.CiphertextBlob, keyMaterialId: made.KeyMaterialId },
  }
}

/**
 * Opens a stored data key: `Decrypt` on the caller's behalf, authorized and recorded each time.
 * @throws ServiceException EncryptionKey…Exception where KMS refuses, EncryptionIntegrityChecksFailedException for a
 * ciphertext blob that is not this repository's
 */
export async function openDataKey(
  context: RequestContext,
  repository: KeyedRepository,
  stored: Readonly<{ id: string; ciphertextBlob: Uint8Array }>,
): Promise<DataKey> {
  const opened = await viaKms(() =>
    invoke(Decrypt, asService(context, 'codecommit'), {
      KeyId: repository.kmsKeyArn,
      CiphertextBlob: stored.ciphertextBlob,
      EncryptionContext: repositoryEncryptionContext(repository.id),
    }),
  )
  return { id: stored.id, plaintext: opened.Plaintext }
}

/** A repository's own data key as its row has it; null where it was deleted a moment ago. */
export async function ownDataKey({ dataKeyId }: Readonly<{ dataKeyId: string }>) {
  return kept(['Repository', 'RepositoryKey'], `data key ${dataKeyId}`, () => db().repositoryKey.findUnique({ where: { id: dataKeyId } }))
}

/** Runs a KMS call and turns its refusal into CodeCommit's own. */
export async function viaKms<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call()
  } catch (error) {
    throw fromKms(error)
  }
}

/** Overwrites a data key that is no longer needed. */
export function forgetDataKey(key: DataKey): void {
  key.plaintext.fill(0)
}
