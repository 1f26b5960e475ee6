import { z } from 'zod'
import { db } from '#lib/db'
import { defineOperation } from '#lib/operation/define'
import { pageOf } from '#lib/operation/pagination'
import { keyIdsInOrder, placeAfter, placeOf, type KeySort } from '#lib/kms/key-search'
import type { KeyState } from '#lib/kms/key-state'
import { limit, Marker } from '#lib/kms/members'

/**
 * The tables of the consoles: one page of keys with what their columns show, newest first or in another order, narrowed to
 * those with a text in their key ID or an alias, to AWS's or one's own, to those in a state. Not in the API, where it would be
 * ListKeys, ListAliases and a DescribeKey for each row; it needs the first two's permissions and is recorded as ListKeys.
 */
export const SearchKeys = defineOperation({
  service: 'kms',
  name: 'ListKeys',
  readOnly: true,
  input: z.object({
    /** Part of a key ID or of an alias without its `alias/`, in any case. */
    Text: z.string().max(256).default(''),
    KeyManager: z.enum(['AWS', 'CUSTOMER']).optional(),
    KeyState: z.enum(['Enabled', 'Disabled', 'PendingDeletion']).optional(),
    /** Only where there is no text: what is found by one comes newest first. */
    Sort: z.enum(['CreationDate', 'KeyId', 'Alias']).default('CreationDate'),
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
  handler: async (context, { Text, KeyManager, KeyState, Sort, Limit, Marker }) => {
    const text = Text.trim()
    const sort: KeySort = text === '' ? Sort : 'CreationDate'
    const search = { text, sort, keyManager: KeyManager, keyState: KeyState }
    const ids = await keyIdsInOrder(context, search, Limit + 1, placeOf(sort, Marker))
    const found = await db().kmsKey.findMany({
      where: { id: { in: ids } },
      include: { aliases: { select: { name: true }, orderBy: { name: 'asc' } } },
    })
    const byId = new Map(found.map((row) => [row.id, row]))
    const rows = ids.flatMap((id) => byId.get(id) ?? [])
    const { items, next } = pageOf(`key-search ${sort}`, rows, Limit, (row) => placeAfter(sort, row))
    return {
      Keys: items.map((row) => ({
        KeyId: row.id,
        KeyArn: row.arn,
        Aliases: row.aliases.map(({ name }) => name),
        KeyState: row.keyState as KeyState,
        KeyManager: row.keyManager === 'AWS' ? ('AWS' as const) : ('CUSTOMER' as const),
        KeySpec: row.keySpec,
        KeyUsage: row.keyUsage,
        Description: row.description,
        CreationDate: row.creationDate,
      })),
      Truncated: next !== undefined,
      ...(next !== undefined && { NextMarker: next }),
    }
  },
  requestParameters: ({ Limit, Marker }) => ({ limit: Limit, marker: Marker }),
})
