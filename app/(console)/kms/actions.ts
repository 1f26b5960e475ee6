'use server'
import { refresh } from 'next/cache'
import { newKeyPolicy } from '#components/kms/new-key-policy.ts'
import { keepPreference } from '#lib/iam/console-preferences'
import { invoke, mayInvoke } from '#lib/invoke'
import {
  CancelKeyDeletion,
  CreateAlias,
  CreateKey,
  Decrypt,
  DeleteAlias,
  DisableKey,
  DisableKeyRotation,
  EnableKey,
  EnableKeyRotation,
  Encrypt,
  PutKeyPolicy,
  RotateKeyOnDemand,
  ScheduleKeyDeletion,
  SearchKeys,
  TagResource,
  UntagResource,
  UpdateKeyDescription,
} from '#lib/kms/api'
import { encodeBase64 } from '#lib/operation/blob'
import type { RequestContext } from '#lib/operation/context'
import type { AnyOperation } from '#lib/operation/define'
import { ServiceException } from '#lib/operation/exception'
import { formAction, text, texts } from '../../form-action.ts'
import { paths } from '../../paths.ts'
import { chosenRegion } from '../../session.ts'
import { welcomePreference } from './welcome-preference.ts'

export const getStarted = formAction(async ({ principal }) => {
  await keepPreference(principal.arn, welcomePreference, 'seen')
  return { to: paths.encryptionKeys(await chosenRegion()) }
})

const aliasFields = { AlreadyExistsException: 'AliasName', InvalidAliasNameException: 'AliasName', NotAuthorizedException: 'AliasName' }

export const createKey = formAction(async (context, form) => {
  const keyId = await createNamedKey(context, text(form, 'AliasName').trim(), { Description: text(form, 'Description') })
  return { message: 'Key created', to: paths.key(context.region, keyId) }
}, aliasFields)

export const createCustomerManagedKey = formAction(async (context, form) => {
  const values = texts(form, 'TagValue')
  const tags = texts(form, 'TagKey').map((TagKey, index) => ({ TagKey: TagKey.trim(), TagValue: values[index] ?? '' }))
  const keyId = await createNamedKey(context, text(form, 'AliasName').trim(), {
    Description: text(form, 'Description'),
    Tags: tags.filter(({ TagKey }) => TagKey !== ''),
    // As the page has shown it.
    Policy: newKeyPolicy(context.accountId, texts(form, 'Administrator'), texts(form, 'User')),
  })
  return { message: 'Key created', to: paths.kmsKey(context.region, keyId) }
}, aliasFields)

export const enableKeys = formAction(async (context, form) => ({ message: await onEach(EnableKey, context, form, 'enabled') }))

export const disableKeys = formAction(async (context, form) => ({ message: await onEach(DisableKey, context, form, 'disabled') }))

export const cancelDeletion = formAction(async (context, form) => ({
  message: await onEach(CancelKeyDeletion, context, form, 'no longer pending deletion, and disabled'),
}))

export const scheduleDeletion = formAction(async (context, form) => ({
  message: await onEach(ScheduleKeyDeletion, context, form, 'pending deletion', { PendingWindowInDays: Number(text(form, 'PendingWindowInDays')) }),
}))

export const updateDescription = formAction(async (context, form) => {
  await invoke(UpdateKeyDescription, context, { KeyId: text(form, 'KeyId'), Description: text(form, 'Description') })
  return { message: 'Description saved' }
})

export const putKeyPolicy = formAction(
  async (context, form) => {
    await invoke(PutKeyPolicy, context, { KeyId: text(form, 'KeyId'), PolicyName: 'default', Policy: text(form, 'Policy'), BypassPolicyLockoutSafetyCheck: text(form, 'BypassPolicyLockoutSafetyCheck') === 'true' })
    return { message: 'Key policy saved' }
  },
  { MalformedPolicyDocumentException: 'Policy', MalformedPolicyDocument: 'Policy' },
)

export const tagKey = formAction(async (context, form) => {
  await invoke(TagResource, context, { KeyId: text(form, 'KeyId'), Tags: [{ TagKey: text(form, 'TagKey'), TagValue: text(form, 'TagValue') }] })
  return { message: 'Tag saved' }
})

export const untagKey = formAction(async (context, form) => {
  await invoke(UntagResource, context, { KeyId: text(form, 'KeyId'), TagKeys: [text(form, 'TagKey')] })
  return { message: 'Tag removed' }
})

export const createAlias = formAction(
  async (context, form) => {
    await invoke(CreateAlias, context, { AliasName: `alias/${text(form, 'AliasName').trim()}`, TargetKeyId: text(form, 'KeyId') })
    return { message: 'Alias created' }
  },
  aliasFields,
)

export const deleteAlias = formAction(async (context, form) => {
  await invoke(DeleteAlias, context, { AliasName: text(form, 'AliasName') })
  return { message: 'Alias deleted' }
})

export const enableRotation = formAction(async (context, form) => {
  await invoke(EnableKeyRotation, context, { KeyId: text(form, 'KeyId'), RotationPeriodInDays: Number(text(form, 'RotationPeriodInDays')) })
  return { message: 'Automatic rotation enabled' }
})

export const disableRotation = formAction(async (context, form) => {
  await invoke(DisableKeyRotation, context, { KeyId: text(form, 'KeyId') })
  return { message: 'Automatic rotation disabled' }
})

export const rotateNow = formAction(async (context, form) => {
  await invoke(RotateKeyOnDemand, context, { KeyId: text(form, 'KeyId') })
  return { message: 'The key has new key material' }
})

export const encryptText = formAction(async (context, form) => {
  const { CiphertextBlob, EncryptionAlgorithm } = await invoke(Encrypt, context, {
    KeyId: text(form, 'KeyId'),
    Plaintext: new TextEncoder().encode(text(form, 'Plaintext')),
    EncryptionContext: encryptionContext(form),
  })
  return { answer: { CiphertextBlob: encodeBase64(CiphertextBlob), EncryptionAlgorithm } }
})

export const decryptText = formAction(async (context, form) => {
  const { Plaintext, KeyId } = await invoke(Decrypt, context, {
    KeyId: text(form, 'KeyId'),
    CiphertextBlob: text(form, 'CiphertextBlob').replace(/\s+/g, ''),
    EncryptionContext: encryptionContext(form),
  })
  return { answer: { ...plaintextAnswer(Plaintext), KeyId } }
})

/** A key and its alias, or neither. */
async function createNamedKey(context: RequestContext, name: string, input: object): Promise<string> {
  const AliasName = `alias/${name}`
  await requireFreeAlias(context, AliasName)
  const { KeyMetadata } = await invoke(CreateKey, context, input)
  try {
    await invoke(CreateAlias, context, { AliasName, TargetKeyId: KeyMetadata.KeyId })
  } catch (error) {
    // Taken in the meantime, or refused. A key cannot be unmade at once, so its deletion is begun.
    await invoke(ScheduleKeyDeletion, context, { KeyId: KeyMetadata.KeyId, PendingWindowInDays: 7 })
    throw error
  }
  return KeyMetadata.KeyId
}

/**
 * Refuses a name that no alias can have or that one has, before a key is made for it.
 * @throws ServiceException as CreateAlias
 */
async function requireFreeAlias(context: RequestContext, aliasName: string): Promise<void> {
  // Checks the name as the operation does; the key it asks about is not there.
  await mayInvoke(CreateAlias, context, { AliasName: aliasName, TargetKeyId: '00000000-0000-0000-0000-000000000000' })
  const { Keys } = await invoke(SearchKeys, context, { Text: aliasName.slice('alias/'.length), Limit: 1000 })
  if (Keys.some(({ Aliases }) => Aliases.includes(aliasName))) {
    throw new ServiceException('AlreadyExistsException', `An alias with the name ${aliasName} already exists`)
  }
}

/** One operation on every key that was selected; the first refusal ends it and is what is said. */
async function onEach(operation: AnyOperation, context: RequestContext, form: FormData, outcome: string, input: object = {}): Promise<string> {
  const keyIds = texts(form, 'KeyId').flatMap((ids) => ids.split(' '))
  for (const [done, KeyId] of keyIds.entries()) {
    try {
      await invoke(operation, context, { KeyId, ...input })
    } catch (error) {
      // Those before it are done: the page shows it.
      if (done > 0) refresh()
      throw error
    }
  }
  return keyIds.length === 1 ? `The key is ${outcome}` : `${keyIds.length} keys are ${outcome}`
}

/** The pairs of the form, without those left empty. */
function encryptionContext(form: FormData): Record<string, string> {
  const values = texts(form, 'contextValue')
  const pairs = texts(form, 'contextKey').map((key, index) => [key, values[index] ?? ''] as const)
  return Object.fromEntries(pairs.filter(([key]) => key !== ''))
}

function plaintextAnswer(plaintext: Uint8Array): Record<string, string> {
  try {
    return { Plaintext: new TextDecoder('utf-8', { fatal: true }).decode(plaintext) }
  } catch {
    return { PlaintextBase64: encodeBase64(plaintext) }
  }
}
