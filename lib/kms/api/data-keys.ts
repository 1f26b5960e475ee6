import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { RequestContext } from '#lib/operation/context'
import { defineOperation } from '#lib/operation/define'
import { validationException } from '#lib/operation/exception'
import { generateDataKeyUnder, symmetricAlgorithm } from '#lib/kms/cryptography'
import { dryRunSucceeded, unsupportedOperation } from '#lib/kms/exceptions'
import { accessOn, actingOn, contextConditions, findTarget } from '#lib/kms/key-access'
import { requireState } from '#lib/kms/key-state'
import { EncryptionContext, KeyId, refuseUnsupported, unsupportedMembers } from '#lib/kms/members'

const NumberOfBytes = z.int().min(1).max(1024)

const dataKeyInput = z.object({
  KeyId,
  EncryptionContext: EncryptionContext.optional(),
  NumberOfBytes: NumberOfBytes.optional(),
  KeySpec: z.enum(['AES_256', 'AES_128']).optional(),
  DryRun: z.boolean().optional(),
  ...unsupportedMembers,
})

type DataKeyInput = z.output<typeof dataKeyInput>

/** A data key, in the clear and encrypted: https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html */
export const GenerateDataKey = defineOperation({
  service: 'kms',
  name: 'GenerateDataKey',
  readOnly: true,
  input: dataKeyInput,
  resolve: onDataKey('kms:GenerateDataKey'),
  handler: async (_context, input, key) => {
    requireState('generateDataKey', key)
    if (input.DryRun) throw dryRunSucceeded()
    const { plaintext, ciphertextBlob } = await generateDataKeyUnder(key, lengthOf(input), input.EncryptionContext ?? {})
    return { CiphertextBlob: ciphertextBlob, Plaintext: plaintext, KeyId: key.arn, KeyMaterialId: key.currentKeyMaterialId }
  },
  requestParameters,
  recorded: ({ KeyMaterialId }) => ({ additionalEventData: { keyMaterialId: KeyMaterialId } }),
})

/**
 * A data key that nobody sees in the clear before it is decrypted:
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyWithoutPlaintext.html
 */
export const GenerateDataKeyWithoutPlaintext = defineOperation({
  service: 'kms',
  name: 'GenerateDataKeyWithoutPlaintext',
  readOnly: true,
  input: dataKeyInput,
  resolve: onDataKey('kms:GenerateDataKeyWithoutPlaintext'),
  handler: async (_context, input, key) => {
    requireState('generateDataKeyWithoutPlaintext', key)
    if (input.DryRun) throw dryRunSucceeded()
    const { ciphertextBlob } = await generateDataKeyUnder(key, lengthOf(input), input.EncryptionContext ?? {})
    return { CiphertextBlob: ciphertextBlob, KeyId: key.arn, KeyMaterialId: key.currentKeyMaterialId }
  },
  requestParameters,
  recorded: ({ KeyMaterialId }) => ({ additionalEventData: { keyMaterialId: KeyMaterialId } }),
})

/** Random bytes: https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateRandom.html */
export const GenerateRandom = defineOperation({
  service: 'kms',
  name: 'GenerateRandom',
  readOnly: true,
  input: z.object({
    NumberOfBytes: NumberOfBytes.optional(),
    CustomKeyStoreId: z.string().min(1).max(64).optional(),
    Recipient: z.unknown().optional(),
  }),
  resolve: (_context, input) => {
    refuseUnsupported(input)
    if (input.CustomKeyStoreId !== undefined) throw unsupportedOperation('CustomKeyStoreId')
    if (input.NumberOfBytes === undefined) throw validationException('NumberOfBytes is required.')
    return { subject: input.NumberOfBytes, access: [{ action: 'kms:GenerateRandom', resource: '*' }] }
  },
  handler: (_context, _input, length) => ({ Plaintext: new Uint8Array(randomBytes(length)) }),
  requestParameters: ({ NumberOfBytes }) => ({ numberOfBytes: NumberOfBytes }),
})

function onDataKey(action: string) {
  return async (context: RequestContext, input: DataKeyInput) => {
    refuseUnsupported(input)
    if ((input.NumberOfBytes === undefined) === (input.KeySpec === undefined)) {
      throw validationException('Please specify either number of bytes or key spec.')
    }
    const target = await findTarget(context, input.KeyId, { aliases: true })
    const conditions = { ...contextConditions(input.EncryptionContext), 'kms:EncryptionAlgorithm': symmetricAlgorithm }
    return actingOn(target, [accessOn(target, action, conditions)])
  }
}

function lengthOf({ NumberOfBytes, KeySpec }: DataKeyInput): number {
  return NumberOfBytes ?? (KeySpec === 'AES_128' ? 16 : 32)
}

function requestParameters({ KeyId, KeySpec, NumberOfBytes, EncryptionContext, DryRun }: DataKeyInput) {
  return {
    keyId: KeyId,
    keySpec: KeySpec,
    numberOfBytes: NumberOfBytes,
    encryptionContext: EncryptionContext,
    dryRun: DryRun,
  }
}
