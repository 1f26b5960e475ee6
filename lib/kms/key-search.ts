import { Prisma } from '#prisma/sqlite/generated/client.ts'
import { db, sqlite } from '#lib/db'
import { decodeToken } from '#lib/operation/pagination'
import { invalidMarker } from '#lib/kms/exceptions'
import { findByName, type FoundByName } from '#lib/kms/key-names'
import type { KeyState } from '#lib/kms/key-state'
import type { Place } from '#lib/kms/keys'

/** In which order a list of keys is: newest first, by ID, or by the first alias (those without one last). */
export type KeySort = 'CreationDate' | 'KeyId' | 'Alias'

/** Which keys, and in which order. A text is part of a key ID or an alias; what it finds comes newest first. */
export type KeySearch = Readonly<{ text: string; sort: KeySort; keyManager: 'AWS' | 'CUSTOMER' | undefined; keyState: KeyState | undefined }>

/** After which key a page begins. */
type KeyPlace = Readonly<{ sort: 'CreationDate'; creationDate: Date; id: string } | { sort: 'KeyId'; id: string } | { sort: 'Alias'; alias: string; id: string }>

/** The place of a marker; without one, before the first key. */
export function placeOf(sort: KeySort, marker: string | undefined): KeyPlace {
  const first = { CreationDate: { sort, creationDate: new Date('9999-12-31T23:59:59.999Z'), id: '' }, KeyId: { sort, id: '' }, Alias: { sort, alias: '', id: '' } }[sort] as KeyPlace
  if (marker === undefined) return first
  const [one, id] = decodeToken(`key-search ${sort}`, marker) ?? []
  if (sort === 'CreationDate' && typeof one === 'number' && typeof id === 'string' && !Number.isNaN(new Date(one).getTime())) return { sort, creationDate: new Date(one), id }
  if (sort === 'KeyId' && typeof one === 'string') return { sort, id: one }
  if (sort === 'Alias' && typeof one === 'string' && typeof id === 'string') return { sort, alias: one, id }
  throw invalidMarker(marker)
}

/** What a marker after this key holds. */
export function placeAfter(sort: KeySort, { id, creationDate, aliases }: { id: string; creationDate: Date; aliases: readonly { name: string }[] }): (string | number)[] {
  if (sort === 'CreationDate') return [creationDate.getTime(), id]
  return sort === 'KeyId' ? [id] : [aliases[0]?.name ?? '', id]
}

/** The IDs of the keys of a Region that a search finds after a place, in its order: at most so many. */
export async function keyIdsInOrder(region: Place, search: KeySearch, most: number, after: KeyPlace): Promise<string[]> {
  const { text, keyManager, keyState } = search
  if (keyManager === 'AWS') return awsManagedKeyIds(region, search, most, after)
  const narrowed = { ...region, state: keyState ?? '', own: keyManager ?? '' }
  if (after.sort === 'KeyId') return keyIdsById(narrowed, most, after.id)
  if (after.sort === 'Alias') return keyIdsByAlias(narrowed, most, after)
  if (text === '') return keyState === undefined ? newestKeyIds(narrowed, most, after) : newestKeyIdsInState(narrowed, most, after)
  const pattern = text.toLowerCase().replace(/[\\%_]/g, '\\$&')
  // Of PostgreSQL, which others may write to, no names are kept.
  const found = sqlite() && (await findByName(region, text.toLowerCase()))
  if (found) return matchingAmong(found, narrowed, pattern, most, after)
  // What many keys hold is found among the newest few; only what few hold is worth looking for among all.
  const near = await matchingAmongNewest(narrowed, pattern, most, after)
  return near.length === most ? near : matchingAmongAll(narrowed, pattern, most, after)
}

type Narrowed = Place & Readonly<{ /** empty: any */ state: string; /** empty: AWS's too */ own: string }>
type Newest = Readonly<{ creationDate: Date; id: string }>

/** AWS's keys are one a service: few enough to be sorted here. */
async function awsManagedKeyIds({ accountId, region }: Place, { text, sort, keyState }: KeySearch, most: number, after: KeyPlace): Promise<string[]> {
  const rows = await db().kmsKey.findMany({
    where: { accountId, region, managedAlias: { not: null }, ...(keyState !== undefined && { keyState }) },
    select: { id: true, creationDate: true, managedAlias: true },
    orderBy: sort === 'CreationDate' ? [{ creationDate: 'desc' }, { id: 'desc' }] : sort === 'KeyId' ? { id: 'asc' } : { managedAlias: 'asc' },
  })
  const found = rows.filter(({ id, managedAlias }) => [id, managedAlias ?? ''].some((name) => name.replace('alias/', '').includes(text.toLowerCase()))).map(({ id }) => id)
  return found.slice(after.id === '' ? 0 : found.indexOf(after.id) + 1).slice(0, most)
}

async function keyIdsById({ accountId, region, state, own }: Narrowed, most: number, after: string): Promise<string[]> {
  const rows = await db().kmsKey.findMany({
    where: { accountId, region, id: { gt: after }, ...(state !== '' && { keyState: state }), ...(own !== '' && { managedAlias: null }) },
    orderBy: { id: 'asc' },
    take: most,
    select: { id: true },
  })
  return rows.map(({ id }) => id)
}

// SQL, because the client's `contains` takes `_` and `%` for wildcards and cannot look behind the `alias/` that every name
// begins with; and because it cannot compare a pair of columns with a pair of values.

async function keyIdsByAlias({ accountId, region, state, own }: Narrowed, most: number, { alias, id }: { alias: string; id: string }): Promise<string[]> {
  // Past the last alias the place has none, and an ID.
  const named = alias === '' && id !== '' ? [] : ids(await db().$queryRaw`
    SELECT "targetKeyId" AS "id" FROM "KmsAlias" AS "first"
    WHERE "accountId" = ${accountId} AND "region" = ${region} AND "name" > ${alias} AND (${own} = '' OR "name" NOT LIKE 'alias/aws/%')
      AND NOT EXISTS (SELECT 1 FROM "KmsAlias" AS "other" WHERE "other"."targetKeyId" = "first"."targetKeyId" AND "other"."name" < "first"."name")
      AND (${state} = '' OR EXISTS (SELECT 1 FROM "KmsKey" WHERE "KmsKey"."id" = "first"."targetKeyId" AND "keyState" = ${state}))
    ORDER BY "name" LIMIT ${most}`)
  if (named.length === most) return named
  const after = alias === '' ? id : ''
  const nameless = ids(await db().$queryRaw`
    SELECT "id" FROM "KmsKey"
    WHERE "accountId" = ${accountId} AND "region" = ${region} AND "id" > ${after} AND (${state} = '' OR "keyState" = ${state})
      AND NOT EXISTS (SELECT 1 FROM "KmsAlias" WHERE "targetKeyId" = "KmsKey"."id")
    ORDER BY "id" LIMIT ${most - named.length}`)
  return [...named, ...nameless]
}

async function newestKeyIds({ accountId, region, own }: Narrowed, most: number, { creationDate, id }: Newest): Promise<string[]> {
  return ids(await db().$queryRaw`
    SELECT "id" FROM "KmsKey"
    WHERE "accountId" = ${accountId} AND "region" = ${region} AND ("creationDate", "id") < (${creationDate}, ${id})
      AND (${own} = '' OR "managedAlias" IS NULL)
    ORDER BY "creationDate" DESC, "id" DESC LIMIT ${most}`)
}

async function newestKeyIdsInState({ accountId, region, state, own }: Narrowed, most: number, { creationDate, id }: Newest): Promise<string[]> {
  return ids(await db().$queryRaw`
    SELECT "id" FROM "KmsKey"
    WHERE "accountId" = ${accountId} AND "region" = ${region} AND "keyState" = ${state} AND ("creationDate", "id") < (${creationDate}, ${id})
      AND (${own} = '' OR "managedAlias" IS NULL)
    ORDER BY "creationDate" DESC, "id" DESC LIMIT ${most}`)
}

async function matchingAmongNewest({ accountId, region, state, own }: Narrowed, pattern: string, most: number, { creationDate, id }: Newest): Promise<string[]> {
  return ids(await db().$queryRaw`
    SELECT "id" FROM (
      SELECT "id", "creationDate", "keyState", "managedAlias" FROM "KmsKey"
      WHERE "accountId" = ${accountId} AND "region" = ${region} AND ("creationDate", "id") < (${creationDate}, ${id})
      ORDER BY "creationDate" DESC, "id" DESC LIMIT 2000) AS "newest"
    WHERE ("id" LIKE ${`%${pattern}%`} ESCAPE '\\' OR EXISTS (
      SELECT 1 FROM "KmsAlias" WHERE "targetKeyId" = "newest"."id" AND ${aliasHolds(pattern)}))
      AND (${state} = '' OR "keyState" = ${state}) AND (${own} = '' OR "managedAlias" IS NULL)
    ORDER BY "creationDate" DESC, "id" DESC LIMIT ${most}`)
}

async function matchingAmong(found: FoundByName, { accountId, region, state, own }: Narrowed, pattern: string, most: number, { creationDate, id }: Newest): Promise<string[]> {
  // What has changed may be of any Region.
  const changed = Prisma.sql`"accountId" = ${accountId} AND "region" = ${region} AND "id" IN (${listed(found.changed)}) AND ("id" LIKE ${`%${pattern}%`} ESCAPE '\\' OR EXISTS (SELECT 1 FROM "KmsAlias" WHERE "targetKeyId" = "KmsKey"."id" AND ${aliasHolds(pattern)}))`
  return ids(await db().$queryRaw`
    SELECT "id" FROM "KmsKey"
    WHERE ("id" IN (${listed(found.ids)}) OR (${changed}))
      AND ("creationDate", "id") < (${creationDate}, ${id})
      AND (${state} = '' OR "keyState" = ${state}) AND (${own} = '' OR "managedAlias" IS NULL)
    ORDER BY "creationDate" DESC, "id" DESC LIMIT ${most}`)
}

/** The items of `IN (…)`: an empty one would be no SQL. */
function listed(values: readonly string[]): Prisma.Sql {
  return values.length === 0 ? Prisma.sql`NULL` : Prisma.join([...values])
}

async function matchingAmongAll({ accountId, region, state, own }: Narrowed, pattern: string, most: number, { creationDate, id }: Newest): Promise<string[]> {
  const place = Prisma.sql`"accountId" = ${accountId} AND "region" = ${region}`
  const byAlias = Prisma.sql`SELECT "targetKeyId" FROM "KmsAlias" WHERE ${place} AND ${aliasHolds(pattern)}`
  const byId = Prisma.sql`SELECT "id" FROM "KmsKey" WHERE ${place} AND "id" LIKE ${`%${pattern}%`}`
  return ids(await db().$queryRaw`
    SELECT "id" FROM "KmsKey"
    WHERE "id" IN (${mayBeOfAnId(pattern) ? Prisma.sql`${byAlias} UNION ALL ${byId}` : byAlias})
      AND ("creationDate", "id") < (${creationDate}, ${id})
      AND (${state} = '' OR "keyState" = ${state}) AND (${own} = '' OR "managedAlias" IS NULL)
    ORDER BY "creationDate" DESC, "id" DESC LIMIT ${most}`)
}

/** Most texts cannot be part of an ID, and then the aliases alone are looked through. */
function mayBeOfAnId(pattern: string): boolean {
  return /^[0-9a-f-]{1,36}$/.test(pattern)
}

/** Aliases are ASCII, of which SQLite's LIKE makes no difference between upper and lower case: LOWER would cost a third of the search. */
function aliasHolds(pattern: string): Prisma.Sql {
  const held = `alias/%${pattern}%`
  return sqlite() ? Prisma.sql`"name" LIKE ${held} ESCAPE '\\'` : Prisma.sql`LOWER("name") LIKE ${held} ESCAPE '\\'`
}

function ids(rows: unknown): string[] {
  return (rows as { id: string }[]).map(({ id }) => id)
}
