import { z } from 'zod'
import type { RequestContext } from '#lib/operation/context'
import { blob } from '#lib/operation/blob'
import { defineOperation, type Resolved } from '#lib/operation/define'
import { ServiceException, validationException } from '#lib/operation/exception'
import { decryptUnder, encryptUnder, keyOfBlob, symmetricAlgorithm } from '#lib/kms/cryptography'
import { dryRunSucceeded, hiddenKeyRefusal, invalidCiphertext } from '#lib/kms/exceptions'
import { absentOrKey, accessOn, actingOn, contextConditions, findTarget, keyResources, type KeyTarget } from '#lib/kms/key-access'
import { keyArn } from '#lib/kms/key-id'
import { requireState } from '#lib/kms/key-state'
import type { Key } from '#lib/kms/keys'
import { EncryptionContext, KeyId, refuseUnsupported, unsupportedMembers } from '#lib/kms/members'

const EncryptionAlgorithm = z.enum(['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256', 'SM2PKE'])
const CiphertextBlob = blob({ min: 1, max: 6144 })
const DryRunModifiers = z.array(z.enum(['IGNORE_CIPHERTEXT'])).max(1)

/** Encrypts up to 4096 bytes: https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html */
export const Encrypt = defineOperation({
  service: 'kms',
  name: 'Encrypt',
  readOnly: true,
  input: z.object({
    KeyId,
    Plaintext: blob({ min: 1, max: 4096 }),
    EncryptionContext: EncryptionContext.optional(),
    EncryptionAlgorithm: EncryptionAlgorithm.optional(),
    DryRun: z.boolean().optional(),
    ...unsupportedMembers,
  }),
  resolve: async (context, input) => {
    refuseUnsupported(input)
    const target = await findTarget(context, input.KeyId, { aliases: true })
    return actingOn(target, [accessOn(target, 'kms:Encrypt', conditions(input.EncryptionContext, input.EncryptionAlgorithm))])
  },
  handler: async (_context, { Plaintext, EncryptionContext = {}, EncryptionAlgorithm, DryRun }, key) => {
    requireState('encrypt', key)
    requireSymmetric(EncryptionAlgorithm)
    if (DryRun) throw dryRunSucceeded()
    return {
      CiphertextBlob: await encryptUnder(key, 'Encrypt', Plaintext, EncryptionContext),
      KeyId: key.arn,
      EncryptionAlgorithm: symmetricAlgorithm,
    }
  },
  requestParameters: ({ KeyId, EncryptionContext, EncryptionAlgorithm = symmetricAlgorithm, DryRun }) => ({
    keyId: KeyId,
    encryptionAlgorithm: EncryptionAlgorithm,
    encryptionContext: EncryptionContext,
    dryRun: DryRun,
  }),
  recorded: (_output, _input, key) => ({ additionalEventData: { keyMaterialId: key.currentKeyMaterialId } }),
})

/** Opens what Encrypt or GenerateDataKey made: https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html */
export const Decrypt = defineOperation({
  service: 'kms',
  name: 'Decrypt',
  readOnly: true,
  input: z.object({
    CiphertextBlob: CiphertextBlob.optional(),
    EncryptionContext: EncryptionContext.optional(),
    KeyId: KeyId.optional(),
    EncryptionAlgorithm: EncryptionAlgorithm.optional(),
    DryRun: z.boolean().optional(),
    DryRunModifiers: DryRunModifiers.optional(),
    ...unsupportedMembers,
  }),
  resolve: async (context, input) => {
    refuseUnsupported(input)
    requireCiphertext(input, input.KeyId)
    const target = await findSource(context, input.KeyId, input.CiphertextBlob)
    const access = accessOn(target, 'kms:Decrypt', conditions(input.EncryptionContext, input.EncryptionAlgorithm))
    return { ...actingOn(target, [access]), ...hidden(input.KeyId) }
  },
  handler: async (_context, { CiphertextBlob, EncryptionContext = {}, EncryptionAlgorithm, DryRun }, key) => {
    requireState('decrypt', key)
    requireSymmetric(EncryptionAlgorithm)
    if (!CiphertextBlob) throw dryRunSucceeded()
    const { plaintext, keyMaterialId } = await decryptUnder(key, CiphertextBlob, EncryptionContext)
    if (DryRun) throw dryRunSucceeded()
    return { KeyId: key.arn, Plaintext: plaintext, EncryptionAlgorithm: symmetricAlgorithm, KeyMaterialId: keyMaterialId }
  },
  requestParameters: ({ KeyId, EncryptionContext, EncryptionAlgorithm = symmetricAlgorithm, DryRun }) => ({
    encryptionContext: EncryptionContext,
    encryptionAlgorithm: EncryptionAlgorithm,
    keyId: KeyId,
    dryRun: DryRun,
  }),
  recorded: ({ KeyMaterialId }) => ({ additionalEventData: { keyMaterialId: KeyMaterialId } }),
})

/**
 * Decrypts and encrypts anew without letting the plaintext out:
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html
 *
 * Policy is asked for kms:ReEncryptFrom on the source key and kms:ReEncryptTo on the destination. There is no action
 * kms:ReEncrypt, but the CodeCommit guide lists it among what must not be denied, so a Deny that says it counts.
 */
export const ReEncrypt = defineOperation({
  service: 'kms',
  name: 'ReEncrypt',
  readOnly: true,
  input: z.object({
    CiphertextBlob: CiphertextBlob.optional(),
    SourceEncryptionContext: EncryptionContext.optional(),
    SourceKeyId: KeyId.optional(),
    DestinationKeyId: KeyId,
    DestinationEncryptionContext: EncryptionContext.optional(),
    SourceEncryptionAlgorithm: EncryptionAlgorithm.optional(),
    DestinationEncryptionAlgorithm: EncryptionAlgorithm.optional(),
    DryRun: z.boolean().optional(),
    DryRunModifiers: DryRunModifiers.optional(),
    ...unsupportedMembers,
  }),
  resolve: async (context, input): Promise<Resolved<{ source: Key; destination: Key }>> => {
    refuseUnsupported(input)
    requireCiphertext(input, input.SourceKeyId)
    const source = await findSource(context, input.SourceKeyId, input.CiphertextBlob)
    const destination = await findTarget(context, input.DestinationKeyId, { aliases: true })
    const sameKey = { 'kms:ReEncryptOnSameKey': String(source.arn === destination.arn) }
    const from = { ...conditions(input.SourceEncryptionContext, input.SourceEncryptionAlgorithm), ...sameKey }
    const to = { ...conditions(input.DestinationEncryptionContext, input.DestinationEncryptionAlgorithm), ...sameKey }
    const found = { source: absentOrKey(source), destination: absentOrKey(destination) }
    const absent = found.source.absent ?? found.destination.absent
    return {
      subject: { source: found.source.subject, destination: found.destination.subject },
      ...(absent && { absent }),
      access: [
        accessOn(source, 'kms:ReEncryptFrom', from),
        accessOn(destination, 'kms:ReEncryptTo', to),
        { ...accessOn(source, 'kms:ReEncrypt', from), denyOnly: true },
        { ...accessOn(destination, 'kms:ReEncrypt', to), denyOnly: true },
      ],
      resources: keyResources(source, destination),
      ...hidden(input.SourceKeyId),
    }
  },
  handler: async (_context, input, { source, destination }) => {
    requireState('reEncrypt', source)
    requireState('reEncrypt', destination)
    requireSymmetric(input.SourceEncryptionAlgorithm)
    requireSymmetric(input.DestinationEncryptionAlgorithm)
    if (!input.CiphertextBlob) throw dryRunSucceeded()
    const opened = await decryptUnder(source, input.CiphertextBlob, input.SourceEncryptionContext ?? {})
    if (input.DryRun) throw dryRunSucceeded()
    return {
      CiphertextBlob: await encryptUnder(destination, 'Encrypt', opened.plaintext, input.DestinationEncryptionContext ?? {}),
      SourceKeyId: source.arn,
      KeyId: destination.arn,
      SourceEncryptionAlgorithm: symmetricAlgorithm,
      DestinationEncryptionAlgorithm: symmetricAlgorithm,
      SourceKeyMaterialId: opened.keyMaterialId,
      DestinationKeyMaterialId: destination.currentKeyMaterialId,
    }
  },
  requestParameters: (input) => ({
    sourceEncryptionContext: input.SourceEncryptionContext,
    sourceKeyId: input.SourceKeyId,
    sourceEncryptionAlgorithm: input.SourceEncryptionAlgorithm ?? symmetricAlgorithm,
    destinationKeyId: input.DestinationKeyId,
    destinationEncryptionContext: input.DestinationEncryptionContext,
    destinationEncryptionAlgorithm: input.DestinationEncryptionAlgorithm ?? symmetricAlgorithm,
    dryRun: input.DryRun,
  }),
  recorded: ({ SourceKeyMaterialId, DestinationKeyMaterialId }) => ({
    additionalEventData: { sourceKeyMaterialId: SourceKeyMaterialId, destinationKeyMaterialId: DestinationKeyMaterialId },
  }),
})

function conditions(context: z.output<typeof EncryptionContext> | undefined, algorithm: string = symmetricAlgorithm) {
  return { ...contextConditions(context), 'kms:EncryptionAlgorithm': algorithm }
}

/** The key that a request names or, where it names none, the one that its ciphertext does. */
async function findSource(context: RequestContext, keyId: string | undefined, ciphertext: Uint8Array | undefined): Promise<KeyTarget> {
  if (keyId !== undefined) return findTarget(context, keyId, { aliases: true })
  if (!ciphertext) throw invalidCiphertext()
  const key = await keyOfBlob(context, ciphertext)
  if (key) return { arn: key.arn, key, policy: key.policy }
  // Whoever may decrypt here may know that nothing here encrypted this; whoever may not reads the same as for a key
  // that is here.
  return { arn: keyArn(context, '*'), absent: invalidCiphertext() }
}

/** Without a key ID, a refusal must not tell which key it is, nor that there is one. */
function hidden(keyId: string | undefined): Pick<Resolved<unknown>, 'refusal'> {
  return keyId === undefined ? { refusal: hiddenKeyRefusal() } : {}
}

/** The ciphertext may only be left out where nothing but policy is asked, and then the key must be named. */
function requireCiphertext(
  input: { CiphertextBlob?: unknown; DryRun?: boolean | undefined; DryRunModifiers?: readonly string[] | undefined },
  keyId: string | undefined,
): void {
  const ignored = input.DryRun === true && input.DryRunModifiers?.includes('IGNORE_CIPHERTEXT') === true && keyId !== undefined
  if (input.CiphertextBlob === undefined && !ignored) {
    throw validationException(
      "1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null",
    )
  }
}

function requireSymmetric(algorithm: string = symmetricAlgorithm): void {
  if (algorithm === symmetricAlgorithm) return
  throw new ServiceException('InvalidKeyUsageException', `Algorithm ${algorithm} and key spec ${symmetricAlgorithm} are incompatible.`)
}
