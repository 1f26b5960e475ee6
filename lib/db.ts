import { AsyncLocalStorage } from 'node:async_hooks'
import type { Database } from 'better-sqlite3'
import type { Prisma, PrismaClient } from '#prisma/sqlite/generated/client.ts'
import { forget, remember, replaceRemembered } from '#lib/remember'

/** The database, or a transaction on it: what every function that reads or writes rows takes or asks for. */
export type Db = Prisma.TransactionClient

/**
 * The database of this process.
 * @throws Error where the process has not opened one, or from within a transaction's work: what is asked of the database
 *   beside a transaction waits for it to end, and the transaction would wait for that.
 */
export function db(): PrismaClient {
  if (insideTransaction().getStore()) throw new Error('inside a transaction, ask the transaction: the database waits for it to end')
  const client = remember<PrismaClient | null>('db', () => null)
  if (!client) throw new Error('the database is not open')
  return client
}

/** The embedded database by its own statements (lib/database/sqlite-adapter.ts): for the few rows that requests write. */
export type Sqlite = Readonly<{
  /** One transaction; unless it says `synced: false`, on disk when this resolves. */
  transact: <Result>(tables: readonly string[], work: (connection: Database) => Result, options?: Readonly<{ synced?: boolean }>) => Promise<Result>
  /** Puts on disk what transactions that did not sync have written. */
  sync: () => Promise<void>
}>

/**
 * The embedded database; null where the database is PostgreSQL.
 * @throws Error as {@link db}
 */
export function sqlite(): Sqlite | null {
  db()
  return remember<Sqlite | null>('db.sqlite', () => null)
}

/** Statements of one's own, prepared at first use and once for each connection. */
export function preparedOnce<Statements extends object>(prepare: (connection: Database) => Statements): (connection: Database) => Statements {
  const prepared = new WeakMap<Database, Statements>()
  return (connection) => {
    const statements = prepared.get(connection) ?? prepare(connection)
    prepared.set(connection, statements)
    return statements
  }
}

/** A date as Prisma's client writes and reads it in the embedded database: for statements of one's own. */
export function storedDate(date: Date): string {
  return date.toISOString().replace('Z', '+00:00')
}

/** Makes an opened client the process's own (lib/database/open.ts), or with null takes it away. */
export function useDatabase(client: PrismaClient | null, embedded: Sqlite | null = null): void {
  replaceRemembered('db', client)
  replaceRemembered('db.sqlite', embedded)
}

/** Has `work` done before the database of this process is closed; once for each name. */
export function beforeClosing(name: string, work: () => Promise<void>): void {
  closings().set(name, work)
}

/** Does what was to be done before closing (lib/database/open.ts), and forgets what the names stand for. */
export async function runClosings(): Promise<void> {
  for (const [name, work] of closings()) {
    await work()
    forget(name)
  }
  closings().clear()
}

/**
 * Runs `work` in one transaction: all of it or nothing. Keep it short and free of anything but rows: the embedded
 * database takes one writer at a time.
 * @throws what `work` throws, nothing being stored; {@link CommitError} where it is not known whether all is
 */
export async function transaction<Result>(work: (tx: Db) => Promise<Result>): Promise<Result> {
  let worked = false
  const run = (tx: Db): Promise<Result> =>
    insideTransaction().run(true, async () => {
      const result = await work(tx)
      worked = true
      return result
    })
  return db()
    .$transaction(run, { timeout: 30_000, maxWait: 30_000 })
    .catch((error: unknown) => {
      throw worked ? new CommitError(error) : error
    })
}

/**
 * A COMMIT failed. What it was to store may be stored all the same: a write-ahead log that could not be synced is replayed
 * after a crash, and a connection that breaks off says nothing of what the server did.
 */
export class CommitError extends Error {
  override readonly name = 'CommitError'

  constructor(cause: unknown) {
    super(`the commit failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** True for a {@link CommitError} of any copy of this module. */
export function isCommitError(error: unknown): error is CommitError {
  return error instanceof Error && error.name === 'CommitError'
}

/** True for a unique constraint that refused a row, of either database and any copy of the client. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'P2002'
}

function insideTransaction(): AsyncLocalStorage<boolean> {
  return remember('db.inside-transaction', () => new AsyncLocalStorage<boolean>())
}

function closings(): Map<string, () => Promise<void>> {
  return remember('db.closings', () => new Map<string, () => Promise<void>>())
}
