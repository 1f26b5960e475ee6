import { z } from 'zod'
import { defineOperation, type Access, type Resolved } from '#lib/operation/define'
import type { PredefinedAlias } from '#lib/kms/aws-managed-key'
import { createAwsManagedKey, createCustomerKey } from '#lib/kms/create-key'
import { changedKey, changeKey } from '#lib/kms/change-key'
import { unsupportedOperation } from '#lib/kms/exceptions'
import { absentOrKey, accessOn, findTarget, keyResources, onKey } from '#lib/kms/key-access'
import { keyArn } from '#lib/kms/key-id'
import { keyMetadata } from '#lib/kms/key-metadata'
import { checkKeyPolicy, defaultKeyPolicy } from '#lib/kms/key-policy'
import type { Key } from '#lib/kms/keys'
import { requireKeyQuota } from '#lib/kms/quotas'
import { checkTags, Description, KeyId, Policy, refuseUnsupported, Tag, unsupportedMembers } from '#lib/kms/members'

const keySpecs = ['RSA_2048', 'RSA_3072', 'RSA_4096', 'ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521', 'ECC_SECG_P256K1',
  'SYMMETRIC_DEFAULT', 'HMAC_224', 'HMAC_256', 'HMAC_384', 'HMAC_512', 'SM2', 'ML_DSA_44', 'ML_DSA_65', 'ML_DSA_87',
  'ECC_NIST_EDWARDS25519'] as const

/** Makes a customer-managed key: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html */
export const CreateKey = defineOperation({
  service: 'kms',
  name: 'CreateKey',
  readOnly: false,
  input: z.object({
    Policy: Policy.optional(),
    Description: Description.default(''),
    KeyUsage: z.enum(['SIGN_VERIFY', 'ENCRYPT_DECRYPT', 'GENERATE_VERIFY_MAC', 'KEY_AGREEMENT']).default('ENCRYPT_DECRYPT'),
    CustomerMasterKeySpec: z.enum(keySpecs).optional(),
    KeySpec: z.enum(keySpecs).optional(),
    Origin: z.enum(['AWS_KMS', 'EXTERNAL', 'AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE']).default('AWS_KMS'),
    CustomKeyStoreId: z.string().min(1).max(64).optional(),
    XksKeyId: z.string().min(1).max(128).optional(),
    BypassPolicyLockoutSafetyCheck: z.boolean().default(false),
    Tags: z.array(Tag).max(200).default([]),
    MultiRegion: z.boolean().default(false),
  }),
  resolve: (context, input) => {
    refuseOtherKinds(input)
    checkTags(input.Tags)
    const keyId = crypto.randomUUID()
    const conditions = {
      'kms:KeySpec': 'SYMMETRIC_DEFAULT',
      'kms:CustomerMasterKeySpec': 'SYMMETRIC_DEFAULT',
      'kms:KeyUsage': input.KeyUsage,
      'kms:CustomerMasterKeyUsage': input.KeyUsage,
      'kms:KeyOrigin': input.Origin,
      'kms:MultiRegion': 'false',
      'kms:BypassPolicyLockoutSafetyCheck': String(input.BypassPolicyLockoutSafetyCheck),
      ...tagConditions(input.Tags),
    }
    const access: Access[] = [{ action: 'kms:CreateKey', resource: '*', conditions }]
    // The key has no policy yet that could allow it: to tag it while making it is for an IAM policy to allow.
    if (input.Tags.length > 0) access.push({ action: 'kms:TagResource', resource: keyArn(context, keyId), conditions })
    return { subject: keyId, access }
  },
  handler: async (context, input, keyId) => {
    const policy = input.Policy ?? defaultKeyPolicy(context.accountId)
    checkKeyPolicy(context, keyArn(context, keyId), policy, { bypassLockoutCheck: input.BypassPolicyLockoutSafetyCheck })
    await requireKeyQuota(context)
    const key = await createCustomerKey(context, { keyId, description: input.Description, policy, tags: input.Tags }, new Date())
    return { KeyMetadata: keyMetadata(key) }
  },
  requestParameters: (input) => ({
    description: input.Description,
    keyUsage: input.KeyUsage,
    keySpec: input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT',
    customerMasterKeySpec: input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT',
    origin: input.Origin,
    multiRegion: input.MultiRegion,
    bypassPolicyLockoutSafetyCheck: input.BypassPolicyLockoutSafetyCheck,
    ...(input.Tags.length > 0 && { tags: input.Tags.map(({ TagKey, TagValue }) => ({ tagKey: TagKey, tagValue: TagValue })) }),
  }),
  recorded: ({ KeyMetadata }) => ({
    responseElements: { keyMetadata: recordedMetadata(KeyMetadata) },
    resources: [{ type: 'AWS::KMS::Key', arn: KeyMetadata.Arn }],
  }),
})

/**
 * Tells about a key, and makes an AWS-managed key where its predefined alias is named and it is not there yet:
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html
 */
export const DescribeKey = defineOperation({
  service: 'kms',
  name: 'DescribeKey',
  readOnly: true,
  input: z.object({ KeyId, ...unsupportedMembers }),
  resolve: async (context, input): Promise<Resolved<{ key: Key } | { predefined: PredefinedAlias }>> => {
    refuseUnsupported(input)
    const target = await findTarget(context, input.KeyId, { aliases: true })
    const access = [accessOn(target, 'kms:DescribeKey')]
    if (target.predefined) return { subject: { predefined: target.predefined }, access }
    const { subject: key, absent } = absentOrKey(target)
    return { subject: { key }, access, resources: keyResources(target), ...(absent && { absent }) }
  },
  handler: async (context, _input, subject) => {
    const key = 'key' in subject ? subject.key : await createAwsManagedKey(context, subject.predefined, new Date())
    return { KeyMetadata: keyMetadata(key) }
  },
  requestParameters: ({ KeyId }) => ({ keyId: KeyId }),
  recorded: ({ KeyMetadata }) => ({ resources: [{ type: 'AWS::KMS::Key', arn: KeyMetadata.Arn }] }),
})

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKey.html */
export const EnableKey = defineOperation({
  service: 'kms',
  name: 'EnableKey',
  readOnly: false,
  input: z.object({ KeyId }),
  resolve: onKey('kms:EnableKey'),
  handler: async (_context, _input, key) => {
    await changeKey(key, 'enableKey', { keyState: 'Enabled' })
  },
  requestParameters: ({ KeyId }) => ({ keyId: KeyId }),
  recorded: changedKey,
})

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKey.html */
export const DisableKey = defineOperation({
  service: 'kms',
  name: 'DisableKey',
  readOnly: false,
  input: z.object({ KeyId }),
  resolve: onKey('kms:DisableKey'),
  handler: async (_context, _input, key) => {
    await changeKey(key, 'disableKey', { keyState: 'Disabled' })
  },
  requestParameters: ({ KeyId }) => ({ keyId: KeyId }),
  recorded: changedKey,
})

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateKeyDescription.html */
export const UpdateKeyDescription = defineOperation({
  service: 'kms',
  name: 'UpdateKeyDescription',
  readOnly: false,
  input: z.object({ KeyId, Description }),
  resolve: onKey('kms:UpdateKeyDescription'),
  handler: async (_context, { Description }, key) => {
    await changeKey(key, 'updateKeyDescription', { description: Description })
  },
  requestParameters: ({ KeyId, Description }) => ({ keyId: KeyId, description: Description }),
  recorded: changedKey,
})

/** The condition keys of tags in a request. */
export function tagConditions(tags: readonly { TagKey: string; TagValue: string }[]): Record<string, string | readonly string[]> {
  if (tags.length === 0) return {}
  return {
    ...Object.fromEntries(tags.map(({ TagKey, TagValue }) => [`aws:RequestTag/${TagKey}`, TagValue])),
    'aws:TagKeys': tags.map(({ TagKey }) => TagKey),
  }
}

/** @throws ServiceException `UnsupportedOperationException` for a key that would not be a symmetric one of this Region */
function refuseOtherKinds(input: {
  KeyUsage: string
  KeySpec?: string | undefined
  CustomerMasterKeySpec?: string | undefined
  Origin: string
  CustomKeyStoreId?: string | undefined
  XksKeyId?: string | undefined
  MultiRegion: boolean
}): void {
  const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT'
  if (spec !== 'SYMMETRIC_DEFAULT') throw unsupportedOperation(`KeySpec ${spec}`)
  if (input.KeyUsage !== 'ENCRYPT_DECRYPT') throw unsupportedOperation(`KeyUsage ${input.KeyUsage}`)
  if (input.Origin !== 'AWS_KMS') throw unsupportedOperation(`Origin ${input.Origin}`)
  if (input.CustomKeyStoreId !== undefined) throw unsupportedOperation('CustomKeyStoreId')
  if (input.XksKeyId !== undefined) throw unsupportedOperation('XksKeyId')
  if (input.MultiRegion) throw unsupportedOperation('MultiRegion')
}

function recordedMetadata(metadata: ReturnType<typeof keyMetadata>) {
  return {
    aWSAccountId: metadata.AWSAccountId,
    keyId: metadata.KeyId,
    arn: metadata.Arn,
    creationDate: metadata.CreationDate,
    enabled: metadata.Enabled,
    description: metadata.Description,
    keyUsage: metadata.KeyUsage,
    keyState: metadata.KeyState,
    origin: metadata.Origin,
    keyManager: metadata.KeyManager,
    customerMasterKeySpec: metadata.CustomerMasterKeySpec,
    keySpec: metadata.KeySpec,
    encryptionAlgorithms: metadata.EncryptionAlgorithms,
    multiRegion: metadata.MultiRegion,
    currentKeyMaterialId: metadata.CurrentKeyMaterialId,
  }
}
