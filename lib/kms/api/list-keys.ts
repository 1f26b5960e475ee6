import { z } from 'zod'
import { db } from '#lib/db'
import { decodeToken, pageOf } from '#lib/operation/pagination'
import { defineOperation } from '#lib/operation/define'
import { invalidMarker } from '#lib/kms/exceptions'
import type { KeyState } from '#lib/kms/key-state'
import type { Place } from '#lib/kms/keys'
import { afterMarker, kmsPage, limit, Marker } from '#lib/kms/members'

/** Keys by ID: https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeys.html */
export const ListKeys = defineOperation({
  service: 'kms',
  name: 'ListKeys',
  readOnly: true,
  input: z.object({ Limit: limit(1000).default(100), Marker: Marker.optional() }),
  resolve: () => ({ subject: undefined, access: [{ action: 'kms:ListKeys', resource: '*' }] }),
  handler: async ({ accountId, region }, { Limit, Marker }) => {
    const rows = await db().kmsKey.findMany({
      where: { accountId, region, id: { gt: afterMarker('keys', Marker) ?? '' } },
      orderBy: { id: 'asc' },
      take: Limit + 1,
      select: { id: true, arn: true },
    })
    return kmsPage('keys', 'Keys', rows, Limit, ({ id }) => id, ({ id, arn }) => ({ KeyId: id, KeyArn: arn }))
  },
  requestParameters: ({ Limit, Marker }) => ({ limit: Limit, marker: Marker }),
})

/**
 * The table of the console's Encryption keys page: one page of keys with what its columns show, newest first, narrowed to
 * those with a text in their key ID or an alias. Not in the API, where it would be ListKeys, ListAliases and a DescribeKey for
 * each row; it needs the first two's permissions and is recorded as ListKeys.
 */
export const SearchKeys = defineOperation({
  service: 'kms',
  name: 'ListKeys',
  readOnly: true,
  input: z.object({
    /** Part of a key ID or of an alias without its `alias/`, in any case. */
    Text: z.string().max(256).default(''),
    Limit: limit(1000).default(50),
    Marker: Marker.optional(),
  }),
  resolve: () => ({
    subject: undefined,
    access: [
      { action: 'kms:ListKeys', resource: '*' },
      { action: 'kms:ListAliases', resource: '*' },
    ],
  }),
  handler: async (context, { Text, Limit, Marker }) => {
    const ids = await searchKeyIds(context, Text.trim(), Limit + 1, placeOf(Marker))
    const rows = await db().kmsKey.findMany({
      where: { id: { in: ids } },
      include: { aliases: { select: { name: true }, orderBy: { name: 'asc' } } },
      orderBy: [{ creationDate: 'desc' }, { id: 'desc' }],
    })
    const { items, next } = pageOf('key-search', rows, Limit, (row) => [row.creationDate.getTime(), row.id])
    return {
      Keys: items.map((row) => ({
        KeyId: row.id,
        KeyArn: row.arn,
        Aliases: row.aliases.map(({ name }) => name),
        KeyState: row.keyState as KeyState,
        KeyManager: row.keyManager === 'AWS' ? ('AWS' as const) : ('CUSTOMER' as const),
        Description: row.description,
        CreationDate: row.creationDate,
      })),
      Truncated: next !== undefined,
      ...(next !== undefined && { NextMarker: next }),
    }
  },
  requestParameters: ({ Limit, Marker }) => ({ limit: Limit, marker: Marker }),
})

type KeyPlace = Readonly<{ creationDate: Date; id: string }>

/** The row after which a page begins; without a marker, one that no key comes before. */
function placeOf(marker: string | undefined): KeyPlace {
  if (marker === undefined) return { creationDate: new Date('9999-12-31T23:59:59.999Z'), id: '' }
  const [time, id] = decodeToken('key-search', marker) ?? []
  if (typeof time !== 'number' || typeof id !== 'string' || Number.isNaN(new Date(time).getTime())) throw invalidMarker(marker)
  return { creationDate: new Date(time), id }
}

/** The IDs of the newest keys after a place that hold a text, newest first. */
async function searchKeyIds(place: Place, text: string, most: number, after: KeyPlace): Promise<string[]> {
  if (text === '') return newestKeyIds(place, most, after)
  const pattern = text.toLowerCase().replace(/[\\%_]/g, '\\$&')
  // What many keys hold is found among the newest few; only what few hold is worth looking for among all.
  const near = await matchingAmongNewest(place, pattern, most, after)
  return near.length === most ? near : matchingAmongAll(place, pattern, most, after)
}

// SQL, because the client's `contains` takes `_` and `%` for wildcards and cannot look behind the `alias/` that every name
// begins with.

async function newestKeyIds({ accountId, region }: Place, most: number, { creationDate, id }: KeyPlace): Promise<string[]> {
  return ids(await db().$queryRaw`
    SELECT "id" FROM "KmsKey"
    WHERE "accountId" = ${accountId} AND "region" = ${region} AND ("creationDate", "id") < (${creationDate}, ${id})
    ORDER BY "creationDate" DESC, "id" DESC LIMIT ${most}`)
}

async function matchingAmongNewest({ accountId, region }: Place, pattern: string, most: number, { creationDate, id }: KeyPlace): Promise<string[]> {
  return ids(await db().$queryRaw`
    SELECT "id" FROM (
      SELECT "id", "creationDate" FROM "KmsKey"
      WHERE "accountId" = ${accountId} AND "region" = ${region} AND ("creationDate", "id") < (${creationDate}, ${id})
      ORDER BY "creationDate" DESC, "id" DESC LIMIT 2000) AS "newest"
    WHERE "id" LIKE ${`%${pattern}%`} ESCAPE '\\' OR EXISTS (
      SELECT 1 FROM "KmsAlias" WHERE "targetKeyId" = "newest"."id" AND LOWER("name") LIKE ${`alias/%${pattern}%`} ESCAPE '\\')
    ORDER BY "creationDate" DESC, "id" DESC LIMIT ${most}`)
}

async function matchingAmongAll({ accountId, region }: Place, pattern: string, most: number, { creationDate, id }: KeyPlace): Promise<string[]> {
  // Most texts cannot be part of an ID, and then the aliases alone are looked through.
  const idPattern = /^[0-9a-f-]+$/.test(pattern) ? `%${pattern}%` : ''
  return ids(await db().$queryRaw`
    SELECT "id" FROM "KmsKey"
    WHERE "id" IN (
        SELECT "targetKeyId" FROM "KmsAlias"
        WHERE "accountId" = ${accountId} AND "region" = ${region} AND LOWER("name") LIKE ${`alias/%${pattern}%`} ESCAPE '\\'
        UNION
        SELECT "id" FROM "KmsKey"
        WHERE ${idPattern} <> '' AND "accountId" = ${accountId} AND "region" = ${region} AND "id" LIKE ${idPattern})
      AND ("creationDate", "id") < (${creationDate}, ${id})
    ORDER BY "creationDate" DESC, "id" DESC LIMIT ${most}`)
}

function ids(rows: unknown): string[] {
  return (rows as { id: string }[]).map(({ id }) => id)
}
