import { remember } from '#lib/remember'

/**
 * Rows that nearly every request reads, kept until anything is written to their tables: the next request after a change reads
 * anew. For the embedded database, whose writes all pass through this process; of any other nothing is kept.
 *
 * @param tables  every table that the rows are of, those that they go with when they are deleted (cascades) included
 * @param name  of the rows: among all that are kept, these
 * @returns what `read` found. Never change it: others get the same. What is not found is not kept: names that nobody has would
 *   fill the memory
 */
export async function kept<Rows>(tables: readonly string[], name: string, read: () => Promise<Rows>): Promise<Rows> {
  const { changedElsewhere, versions, rows } = state()
  if (!changedElsewhere) return read()
  if (changedElsewhere()) noteTables(null)
  const version = versionOf(versions, tables)
  const known = rows.get(name)
  if (known?.version === version) return known.value as Rows
  const value = await read()
  if (value === null || value === undefined) return value
  // What was read before a change must not outlive the change.
  if (version !== versionOf(versions, tables)) return value
  const [oldest] = rows.keys()
  if (rows.size >= capacity && oldest !== undefined) rows.delete(oldest)
  rows.set(name, { tables, version, value })
  return value
}

/**
 * Says that all writes are said from now on (`noteWrite`), or with null that they are not: a database was closed.
 * @param changedElsewhere  whether somebody else has written to the database since it was last asked
 */
export function followWrites(changedElsewhere: (() => boolean) | null): void {
  const held = state()
  held.changedElsewhere = changedElsewhere
  held.rows.clear()
}

/** To be said before a statement runs that may write: which table it is, or that it may be any. Reads of others wait for its transaction. */
export function noteWrite(sql: string): void {
  if (reading.test(sql)) return
  noteTables(writing.exec(sql)?.slice(1) ?? null)
}

/** The same where the tables are known; null: any. */
export function noteTables(tables: readonly string[] | null): void {
  const { versions, rows } = state()
  for (const table of tables ?? [any]) versions.set(table, (versions.get(table) ?? 0) + 1)
  // Gone at once, not when somebody asks: a repository that is deleted takes its wrapped data key with it.
  for (const [name, each] of rows) if (!tables || each.tables.some((table) => tables.includes(table))) rows.delete(name)
}

const reading = /^\s*(?:SELECT|PRAGMA|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b/i
const writing = /^\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM)\s+(?:[`"]main[`"]\.)?[`"](\w+)[`"]/i
const any = '*'
/** Of lists of rows: a repository's refs may be some hundred kilobytes. */
const capacity = 500

type Kept = { changedElsewhere: (() => boolean) | null; versions: Map<string, number>; rows: Map<string, { tables: readonly string[]; version: string; value: unknown }> }

function state(): Kept {
  return remember<Kept>('kept-rows', () => ({ changedElsewhere: null, versions: new Map(), rows: new Map() }))
}

function versionOf(versions: ReadonlyMap<string, number>, tables: readonly string[]): string {
  return [any, ...tables].map((table) => versions.get(table) ?? 0).join(' ')
}
