import { db } from '#lib/db'
import type { RequestContext } from '#lib/operation/context'
import { remember } from '#lib/remember'
import { nameChanged } from '#lib/kms/key-names'
import type { KeyState } from '#lib/kms/key-state'

/** A KMS key's metadata, its aliases and its tags. Never its material. Plain data: it is cached across module copies. */
export type Key = Readonly<{
  id: string
  accountId: string
  region: string
  arn: string
  keyManager: 'AWS' | 'CUSTOMER'
  description: string
  keyState: KeyState
  keyUsage: string
  keySpec: string
  origin: string
  policy: string
  creationDate: Date
  deletionDate: Date | null
  rotationEnabled: boolean
  rotationPeriodInDays: number
  nextRotationDate: Date | null
  onDemandRotations: number
  currentKeyMaterialId: string
  /** `alias/…`, sorted */
  aliases: readonly string[]
  /** Sorted by key, in the order of JavaScript's `<`. */
  tags: readonly Readonly<{ TagKey: string; TagValue: string }>[]
}>

export type Place = Pick<RequestContext, 'region' | 'accountId'>

/** The key of this ID in this account and Region; undefined where there is none. */
export async function findKey(place: Place, keyId: string): Promise<Key | undefined> {
  const key = cache().byId.get(keyId) ?? (await loadKey(keyId))
  return key && key.accountId === place.accountId && key.region === place.region ? key : undefined
}

/** The key that an alias (`alias/…`) points to; undefined where there is none. */
export async function findKeyByAlias(place: Place, aliasName: string): Promise<Key | undefined> {
  const { idByAlias } = cache()
  const name = `${place.accountId} ${place.region} ${aliasName}`
  const knownId = idByAlias.get(name)
  if (knownId !== undefined) {
    const key = await findKey(place, knownId)
    // The key's own list is the truth: a change of the alias drops the key, and so makes this entry stale.
    if (key?.aliases.includes(aliasName)) return key
    idByAlias.delete(name)
  }
  const where = { accountId_region_name: { accountId: place.accountId, region: place.region, name: aliasName } }
  const alias = await db().kmsAlias.findUnique({ where, select: { targetKeyId: true } })
  if (!alias) return undefined
  const key = await findKey(place, alias.targetKeyId)
  if (!key?.aliases.includes(aliasName)) return undefined
  makeRoom(idByAlias)
  idByAlias.set(name, key.id)
  return key
}

/** Runs what makes, changes or removes a key's row, aliases or tags, and drops what is cached of it before the answer leaves. */
export async function changingKey<Result>(keyId: string, change: () => Promise<Result>): Promise<Result> {
  try {
    return await change()
  } finally {
    cache().generation += 1
    cache().byId.delete(keyId)
    nameChanged(keyId)
  }
}

const capacity = 5000

type Cache = {
  /** Counts changes, so that a row read before one is not kept after it. */
  generation: number
  byId: Map<string, Key>
  idByAlias: Map<string, string>
}

function cache(): Cache {
  return remember('kms.keys', () => ({ generation: 0, byId: new Map(), idByAlias: new Map() }))
}

async function loadKey(keyId: string): Promise<Key | undefined> {
  const before = cache().generation
  const row = await db().kmsKey.findUnique({
    where: { id: keyId },
    include: {
      aliases: { select: { name: true } },
      tags: { select: { tagKey: true, tagValue: true } },
    },
  })
  if (!row) return undefined
  const key: Key = {
    ...row,
    keyManager: row.keyManager === 'AWS' ? 'AWS' : 'CUSTOMER',
    keyState: row.keyState as KeyState,
    aliases: row.aliases.map(({ name }) => name).sort(),
    tags: row.tags
      .map(({ tagKey, tagValue }) => ({ TagKey: tagKey, TagValue: tagValue }))
      .sort((a, b) => (a.TagKey < b.TagKey ? -1 : 1)),
  }
  const { byId, generation } = cache()
  if (generation === before) {
    makeRoom(byId)
    byId.set(keyId, key)
  }
  return key
}

function makeRoom(map: Map<string, unknown>): void {
  const [oldest] = map.keys()
  if (map.size >= capacity && oldest !== undefined) map.delete(oldest)
}
