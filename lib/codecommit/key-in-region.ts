import { invoke } from '#lib/invoke'
import { DescribeKey, Encrypt } from '#lib/kms/api'
import { asService, type RequestContext } from '#lib/operation/context'
import { ServiceException } from '#lib/operation/exception'
import { allSix } from './kms-calls.ts'
import { codecommitKeyAlias } from './key-alias.ts'
import { requireAllowed } from './require-allowed.ts'
import { viaKms } from './storage/data-keys.ts'

/**
 * The Region's `aws/codecommit` key: `DescribeKey` on the caller's behalf, which makes it when there is none.
 *
 * Before the first repository of a Region the caller must not be denied any of the six operations that CodeCommit calls:
 * they are asked for before the key is made, so that a refusal leaves nothing behind.
 * @throws ServiceException EncryptionKey…Exception where KMS refuses
 */
export async function keyInRegion(context: RequestContext, repositoryId: string): Promise<{ arn: string; id: string }> {
  const caller = asService(context, 'codecommit')
  if (await isFirstUse(caller)) await requireAllSix(caller, repositoryId)
  const { KeyMetadata } = await viaKms(() => invoke(DescribeKey, caller, { KeyId: codecommitKeyAlias }))
  if (KeyMetadata.KeyState !== 'Enabled') {
    throw new ServiceException('EncryptionKeyUnavailableException', `The encryption key is not available. ${KeyMetadata.Arn} is ${KeyMetadata.KeyState}.`)
  }
  return { arn: KeyMetadata.Arn, id: KeyMetadata.KeyId }
}

/** Whether the Region has no `aws/codecommit` key yet: nothing is called, made or recorded. */
export async function isFirstUse(context: RequestContext): Promise<boolean> {
  const resolved = await Encrypt.resolve(context, { KeyId: codecommitKeyAlias, Plaintext: probe, EncryptionContext: {} })
  return resolved.absent !== undefined
}

/**
 * Refuses a `kmsKeyId` other than the Region's `aws/codecommit` key, in any of the forms that name it.
 * @param key null where the Region has none yet: only its alias names it then
 * @throws ServiceException EncryptionKeyInvalidIdException
 */
export function refuseOtherKey(kmsKeyId: string | undefined, key: { arn: string; id: string } | null, place: { accountId: string; region: string }): void {
  const aliasArn = `arn:aws:kms:${place.region}:${place.accountId}:${codecommitKeyAlias}`
  const names = [codecommitKeyAlias, 'aws/codecommit', aliasArn, ...(key ? [key.arn, key.id] : [])]
  if (kmsKeyId === undefined || names.includes(kmsKeyId)) return
  throw customerManagedKey(kmsKeyId)
}

/** Rule 10: what is said to who asks for a key of their own. */
function customerManagedKey(kmsKeyId: string): ServiceException {
  return new ServiceException(
    'EncryptionKeyInvalidIdException',
    `The key ${kmsKeyId} cannot be used: you cannot use a customer-managed key in AWS KMS to encrypt or decrypt data in CodeCommit repositories. Leave kmsKeyId out, or give ${codecommitKeyAlias}.`,
  )
}

const probe = new Uint8Array(1)

async function requireAllSix(caller: RequestContext, repositoryId: string): Promise<void> {
  for (const { operation, input } of allSix(repositoryId)) await requireAllowed(operation, caller, input)
}
