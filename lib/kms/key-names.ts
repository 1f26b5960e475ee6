import { Prisma } from '#prisma/sqlite/generated/client.ts'
import { db } from '#lib/db'
import type { Place } from '#lib/kms/keys'
import { remember } from '#lib/remember'

/** Where to look for a part of a name: in memory, and for `changed` in the database. */
export type FoundByName = Readonly<{ ids: readonly string[]; changed: readonly string[] }>

/**
 * The keys of a Region that have a text in their ID or in an alias without its `alias/`, in any order; null where they are so many
 * that the database is to look for them. A database reads every row for that: here it is one text in memory, 9 MB for 100,000 keys.
 *
 * Of the embedded database alone, which is this process's own. Keys that have changed since it was read are in `changed` alone, whatever
 * they are called now and whatever Region they are of.
 * @param pattern lower case
 */
export async function findByName(place: Place, pattern: string): Promise<FoundByName | null> {
  // No name has one, and here it ends a line.
  if (pattern.includes('\n')) return { ids: [], changed: [] }
  const names = await namesOf(place)
  const found = new Set<string>()
  // A line: the key's ID, and for an alias the alias after it. Looked for from the end of the ID on, in the lines of aliases.
  for (const [text, from] of [[names.ids, 0], [names.aliases, idLength + 1]] as const) {
    for (let at = text.indexOf(pattern); at >= 0; at = text.indexOf(pattern, at + 1)) {
      const line = text.lastIndexOf('\n', at) + 1
      if (at - line < from) continue
      found.add(text.slice(line, line + idLength))
      if (found.size > most) return null
    }
  }
  for (const id of names.changed) found.delete(id)
  return { ids: [...found], changed: [...names.changed] }
}

/** To be called after every committed change of a key or its aliases, before the answer leaves. */
export function nameChanged(keyId: string): void {
  const all = remembered()
  for (const [region, { changed }] of all) {
    changed.add(keyId)
    if (changed.size > changesKept) all.delete(region)
  }
}

type Names = { ids: string; aliases: string; readonly changed: Set<string>; ready: Promise<void> }

const idLength = 36
/** As many as one statement can well name. */
const most = 2000
const changesKept = 300

function remembered(): Map<string, Names> {
  return remember('kms.keyNames', () => new Map<string, Names>())
}

async function namesOf({ accountId, region }: Place): Promise<Names> {
  const all = remembered()
  const key = `${accountId} ${region}`
  const known = all.get(key)
  if (known) {
    await known.ready
    return known
  }
  // Known before it is read: what changes meanwhile is in `changed`, whether the text has it or not.
  const names: Names = { ids: '', aliases: '', changed: new Set(), ready: Promise.resolve() }
  names.ready = readNames(accountId, region).then(([ids, aliases]) => {
    names.ids = ids
    names.aliases = aliases.toLowerCase()
  })
  all.set(key, names)
  try {
    await names.ready
  } catch (error) {
    all.delete(key)
    throw error
  }
  return names
}

/** One text from the database rather than rows: a hundred thousand of those would take seconds. */
async function readNames(accountId: string, region: string): Promise<[ids: string, aliases: string]> {
  const read = async (line: Prisma.Sql, table: Prisma.Sql) => {
    const [row] = await db().$queryRaw<{ text: string | null }[]>`SELECT group_concat(${line}, char(10)) AS "text" FROM ${table} WHERE "accountId" = ${accountId} AND "region" = ${region}`
    return row?.text ?? ''
  }
  return [await read(Prisma.sql`"id"`, Prisma.sql`"KmsKey"`), await read(Prisma.sql`"targetKeyId" || ' ' || substr("name", 7)`, Prisma.sql`"KmsAlias"`)]
}
