import type { EncryptionContext } from '#lib/crypto/encryption-context'
import type { RequestContext } from '#lib/operation/context'
import type { Access, EventResource, Resolved } from '#lib/operation/define'
import type { ServiceException } from '#lib/operation/exception'
import { awsManagedKeyPolicy, candidateKeyId, findPredefinedAlias, type PredefinedAlias } from '#lib/kms/aws-managed-key'
import { aliasNotFound, keyNotFound } from '#lib/kms/exceptions'
import { aliasArn, keyArn, parseKeyId } from '#lib/kms/key-id'
import { findKey, findKeyByAlias, type Key, type Place } from '#lib/kms/keys'

/** What a KeyId in a request comes to. */
export type KeyTarget = Readonly<{
  /** ARN to ask policy about: the key's, or of a key that may not be there, the one that was meant. */
  arn: string
  key?: Key
  /** The key's policy, or the one that a key to be made from a predefined alias will have. */
  policy?: string
  /** The alias that the request names the key by: kms:RequestAlias. */
  requestAlias?: string
  /** No key yet, but a predefined alias that DescribeKey makes one from. */
  predefined?: PredefinedAlias
  /** What to answer whoever is allowed to know that there is no such key. */
  absent?: ServiceException
}>

/**
 * Finds what a KeyId names.
 * @throws ServiceException where the text cannot name a key here (lib/kms/key-id.ts)
 */
export async function findTarget(context: RequestContext, keyId: string, accepts: { aliases: boolean }): Promise<KeyTarget> {
  const reference = parseKeyId(context, keyId, accepts)
  const { arn } = reference
  const ours = reference.accountId === context.accountId
  if (reference.kind === 'key') {
    const key = ours ? await findKey(context, reference.keyId) : undefined
    return key ? { arn: key.arn, key, policy: key.policy } : { arn, absent: keyNotFound(arn) }
  }
  return ours ? findAliasTarget(context, reference.aliasName) : { arn, requestAlias: reference.aliasName, absent: aliasNotFound(arn) }
}

/** Finds the key that an alias points to, or that its predefined alias will. */
export async function findAliasTarget(place: Place, aliasName: string): Promise<KeyTarget> {
  const key = await findKeyByAlias(place, aliasName)
  if (key) return { arn: key.arn, key, policy: key.policy, requestAlias: aliasName }
  const absent = aliasNotFound(aliasArn(place, aliasName))
  const predefined = findPredefinedAlias(aliasName)
  if (!predefined) return { arn: aliasArn(place, aliasName), requestAlias: aliasName, absent }
  return {
    arn: keyArn(place, candidateKeyId(predefined, place)),
    policy: awsManagedKeyPolicy(predefined, place),
    requestAlias: aliasName,
    predefined,
    absent,
  }
}

/** The access to ask for an action on a key: its policy, and KMS's condition keys of it (aws-facts F.2). */
export function accessOn(target: KeyTarget, action: string, conditions: Access['conditions'] = {}): Access {
  return {
    action,
    resource: target.arn,
    ...(target.policy !== undefined && { resourcePolicy: target.policy }),
    conditions: { ...keyConditions(target), ...conditions },
  }
}

/** The condition keys of an encryption context; none where it is empty. */
export function contextConditions(context: EncryptionContext | undefined): Record<string, string | readonly string[]> {
  const pairs = Object.entries(context ?? {})
  if (pairs.length === 0) return {}
  return {
    ...Object.fromEntries(pairs.map(([key, value]) => [`kms:EncryptionContext:${key}`, value])),
    'kms:EncryptionContextKeys': pairs.map(([key]) => key),
  }
}

/** Acts on one key: the handler gets it, the event names it. */
export function actingOn(target: KeyTarget, access: readonly Access[]): Resolved<Key> {
  return { ...absentOrKey(target), access, resources: keyResources(target) }
}

/** What an event names of a target: nothing, where there is no key. */
export function keyResources(...targets: readonly KeyTarget[]): EventResource[] {
  const arns = new Set(targets.flatMap(({ key }) => (key ? [key.arn] : [])))
  return [...arns].map((arn) => ({ type: 'AWS::KMS::Key', arn }))
}

/** The `resolve` of an operation on the key that `KeyId` names by key ID or ARN. */
export function onKey(action: string) {
  return async (context: RequestContext, { KeyId }: { KeyId: string }): Promise<Resolved<Key>> => {
    const target = await findTarget(context, KeyId, { aliases: false })
    return actingOn(target, [accessOn(target, action)])
  }
}

/**
 * The key as an operation's subject. Where there is none, `invoke` throws `absent` before it would hand over the subject, so
 * no handler ever sees the value in its place.
 */
export function absentOrKey({ key, absent }: KeyTarget): Pick<Resolved<Key>, 'subject' | 'absent'> {
  if (key) return { subject: key }
  if (!absent) throw new Error('a target without a key says why')
  return { subject: undefined as never, absent }
}

function keyConditions({ key, predefined, requestAlias }: KeyTarget): Record<string, string | readonly string[]> {
  const request: Record<string, string> = requestAlias === undefined ? {} : { 'kms:RequestAlias': requestAlias }
  if (!key && !predefined) return request
  const keySpec = key?.keySpec ?? 'SYMMETRIC_DEFAULT'
  const keyUsage = key?.keyUsage ?? 'ENCRYPT_DECRYPT'
  const aliases = key?.aliases ?? (predefined ? [predefined.aliasName] : [])
  return {
    ...request,
    'kms:KeySpec': keySpec,
    'kms:CustomerMasterKeySpec': keySpec,
    'kms:KeyUsage': keyUsage,
    'kms:CustomerMasterKeyUsage': keyUsage,
    'kms:KeyOrigin': key?.origin ?? 'AWS_KMS',
    'kms:MultiRegion': 'false',
    ...(aliases.length > 0 && { 'kms:ResourceAliases': aliases }),
    ...Object.fromEntries((key?.tags ?? []).map(({ TagKey, TagValue }) => [`aws:ResourceTag/${TagKey}`, TagValue])),
  }
}
