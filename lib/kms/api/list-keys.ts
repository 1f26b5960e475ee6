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

/**
 * SQL, because the client's `contains` takes `_` and `%` for wildcards and cannot look behind the `alias/` that every name
 * begins with.
 */
async function searchKeyIds({ accountId, region }: Place, text: string, most: number, after: KeyPlace): Promise<string[]> {
  const { creationDate, id } = after
  const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  const rows =
    text === ''
      ? await db().$queryRaw<{ id: string }[]>`
          SELECT "id" FROM "KmsKey"
          WHERE "accountId" = ${accountId} AND "region" = ${region} AND ("creationDate", "id") < (${creationDate}, ${id})
          ORDER BY "creationDate" DESC, "id" DESC LIMIT ${most}`
      : await db().$queryRaw<{ id: string }[]>`
          SELECT "id" FROM "KmsKey"
          WHERE "accountId" = ${accountId} AND "region" = ${region} AND ("creationDate", "id") < (${creationDate}, ${id})
            AND ("id" LIKE ${pattern} ESCAPE '\\' OR "id" IN (
              SELECT "targetKeyId" FROM "KmsAlias"
              WHERE "accountId" = ${accountId} AND "region" = ${region} AND LOWER(SUBSTR("name", 7)) LIKE ${pattern} ESCAPE '\\'))
          ORDER BY "creationDate" DESC, "id" DESC LIMIT ${most}`
  return rows.map((row) => row.id)
}
