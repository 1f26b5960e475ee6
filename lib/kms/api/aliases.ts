import { z } from 'zod'
import { db, isUniqueViolation } from '#lib/db'
import type { RequestContext } from '#lib/operation/context'
import { defineOperation, type Access, type EventResource, type Resolved } from '#lib/operation/define'
import { ServiceException, validationException } from '#lib/operation/exception'
import { predefinedAliases } from '#lib/kms/aws-managed-key'
import { changedKey } from '#lib/kms/change-key'
import { aliasNotFound } from '#lib/kms/exceptions'
import { absentOrKey, accessOn, findAliasTarget, findTarget, keyResources, type KeyTarget } from '#lib/kms/key-access'
import { aliasArn, checkAliasName, isReservedAlias } from '#lib/kms/key-id'
import { requireState } from '#lib/kms/key-state'
import { changingKey, type Key, type Place } from '#lib/kms/keys'
import { afterMarker, AliasName, kmsPage, KeyId, limit, Marker } from '#lib/kms/members'
import { requireAliasQuota } from '#lib/kms/quotas'

// Each of these needs its action twice: on the alias, which only an IAM policy can allow, and on the key that the alias
// points to (or will), where the key policy has its say (BC, CreateAlias: "Required permissions").

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html */
export const CreateAlias = defineOperation({
  service: 'kms',
  name: 'CreateAlias',
  readOnly: false,
  input: z.object({ AliasName, TargetKeyId: KeyId }),
  resolve: async (context, { AliasName, TargetKeyId }) => {
    checkAliasName(AliasName)
    if (isReservedAlias(AliasName)) throw new ServiceException('NotAuthorizedException')
    const target = await findAliasedKey(context, TargetKeyId)
    return {
      ...absentOrKey(target),
      access: [onAlias(context, 'kms:CreateAlias', AliasName), accessOn(target, 'kms:CreateAlias')],
      resources: [...keyResources(target), aliasResource(context, AliasName)],
    }
  },
  handler: async (context, { AliasName }, key) => {
    requireState('createAlias', key)
    await requireAliasQuota(key.id)
    const { accountId, region } = context
    const now = new Date()
    const data = { accountId, region, name: AliasName, targetKeyId: key.id, creationDate: now, lastUpdatedDate: now }
    try {
      await changingKey(key.id, () => db().kmsAlias.create({ data }))
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      throw new ServiceException('AlreadyExistsException', `An alias with the name ${aliasArn(context, AliasName)} already exists`)
    }
  },
  requestParameters: ({ AliasName, TargetKeyId }) => ({ aliasName: AliasName, targetKeyId: TargetKeyId }),
  recorded: changedKey,
})

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateAlias.html */
export const UpdateAlias = defineOperation({
  service: 'kms',
  name: 'UpdateAlias',
  readOnly: false,
  input: z.object({ AliasName, TargetKeyId: KeyId }),
  resolve: async (context, { AliasName, TargetKeyId }): Promise<Resolved<{ from: Key; arn: string; to: Key }>> => {
    checkAliasName(AliasName)
    const from = await findAliasTarget(context, AliasName)
    const to = await findAliasedKey(context, TargetKeyId)
    const found = { from: absentOrKey(from), to: absentOrKey(to) }
    const absent = found.from.absent ?? found.to.absent
    return {
      subject: { from: found.from.subject, to: found.to.subject, arn: to.arn },
      ...(absent && { absent }),
      access: [
        onAlias(context, 'kms:UpdateAlias', AliasName),
        ...onAliasedKey('kms:UpdateAlias', from),
        accessOn(to, 'kms:UpdateAlias'),
      ],
      resources: [...keyResources(from, to), aliasResource(context, AliasName)],
    }
  },
  handler: async (context, { AliasName }, { from, to }) => {
    requireState('updateAlias', to)
    if (to.id !== from.id) await requireAliasQuota(to.id)
    const where = { accountId: context.accountId, region: context.region, name: AliasName, targetKeyId: from.id }
    const data = { targetKeyId: to.id, lastUpdatedDate: new Date() }
    const { count } = await changingKey(from.id, () => changingKey(to.id, () => db().kmsAlias.updateMany({ where, data })))
    if (count === 0) throw aliasNotFound(aliasArn(context, AliasName))
  },
  requestParameters: ({ AliasName, TargetKeyId }) => ({ aliasName: AliasName, targetKeyId: TargetKeyId }),
  recorded: changedKey,
})

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteAlias.html */
export const DeleteAlias = defineOperation({
  service: 'kms',
  name: 'DeleteAlias',
  readOnly: false,
  input: z.object({ AliasName }),
  resolve: async (context, { AliasName }) => {
    checkAliasName(AliasName)
    const target = await findAliasTarget(context, AliasName)
    return {
      ...absentOrKey(target),
      access: [onAlias(context, 'kms:DeleteAlias', AliasName), ...onAliasedKey('kms:DeleteAlias', target)],
      resources: [...keyResources(target), aliasResource(context, AliasName)],
    }
  },
  handler: async (context, { AliasName }, key) => {
    const where = { accountId: context.accountId, region: context.region, name: AliasName, targetKeyId: key.id }
    const { count } = await changingKey(key.id, () => db().kmsAlias.deleteMany({ where }))
    if (count === 0) throw aliasNotFound(aliasArn(context, AliasName))
  },
  requestParameters: ({ AliasName }) => ({ aliasName: AliasName }),
  recorded: changedKey,
})

/**
 * Aliases by name, with the predefined ones that have no key yet, as the real service lists them without TargetKeyId:
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html
 */
export const ListAliases = defineOperation({
  service: 'kms',
  name: 'ListAliases',
  readOnly: true,
  input: z.object({ KeyId: KeyId.optional(), Limit: limit(100).default(50), Marker: Marker.optional() }),
  resolve: async (context, { KeyId }) => {
    const target = KeyId === undefined ? undefined : await findTarget(context, KeyId, { aliases: false })
    return {
      subject: target?.key?.id,
      access: [{ action: 'kms:ListAliases', resource: '*' }],
      ...(target?.absent && { absent: target.absent }),
    }
  },
  handler: async (context, { Limit, Marker }, targetKeyId) => {
    const { accountId, region } = context
    const after = afterMarker('aliases', Marker) ?? ''
    // A key has few aliases: found by the key, they are sorted afterwards. Asked for in the order of all names, the database
    // would go through every alias of the Region.
    const where = targetKeyId === undefined ? { accountId, region, name: { gt: after } } : { targetKeyId, name: { gt: after } }
    const rows: AliasRow[] = await db().kmsAlias.findMany({ where, orderBy: { name: 'asc' }, take: Limit + 1 })
    const merged = targetKeyId === undefined ? withPredefined(rows, after, Limit) : rows
    return kmsPage('aliases', 'Aliases', merged, Limit, ({ name }) => name, (row) => aliasEntry(context, row))
  },
  requestParameters: ({ KeyId, Limit, Marker }) => ({ keyId: KeyId, limit: Limit, marker: Marker }),
})

type AliasRow = Readonly<{ name: string; targetKeyId?: string; creationDate?: Date; lastUpdatedDate?: Date }>

/** Adds the predefined aliases that lie on this page and have no row. */
function withPredefined(rows: readonly AliasRow[], after: string, most: number): AliasRow[] {
  const last = rows.length > most ? rows.at(-1)?.name : undefined
  const present = new Set(rows.map(({ name }) => name))
  const missing = predefinedAliases
    .map(({ aliasName }) => ({ name: aliasName }))
    .filter(({ name }) => name > after && !present.has(name) && (last === undefined || name < last))
  return [...rows, ...missing].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function aliasEntry(place: Place, { name, targetKeyId, creationDate, lastUpdatedDate }: AliasRow) {
  return {
    AliasName: name,
    AliasArn: aliasArn(place, name),
    ...(targetKeyId !== undefined && { TargetKeyId: targetKeyId }),
    ...(creationDate && { CreationDate: creationDate }),
    ...(lastUpdatedDate && { LastUpdatedDate: lastUpdatedDate }),
  }
}

async function findAliasedKey(context: RequestContext, keyId: string): Promise<KeyTarget> {
  if (/^(alias\/|arn:[^:]*:kms:[^:]*:[^:]*:alias\/)/.test(keyId)) throw validationException('Aliases must refer to keys. Not aliases')
  return findTarget(context, keyId, { aliases: false })
}

function onAlias(place: Place, action: string, name: string): Access {
  return { action, resource: aliasArn(place, name) }
}

/** The access on the key that an alias points to; of an alias that points nowhere there is none. */
function onAliasedKey(action: string, target: KeyTarget): Access[] {
  return target.policy === undefined ? [] : [accessOn(target, action)]
}

function aliasResource(place: Place, name: string): EventResource {
  return { type: 'AWS::KMS::Alias', arn: aliasArn(place, name) }
}
