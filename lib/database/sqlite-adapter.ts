import { open } from 'node:fs/promises'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import type { Database } from 'better-sqlite3'
import { CommitError, type Sqlite } from '#lib/db'
import { followWrites, noteTables, noteWrite } from '#lib/kept-rows'

/**
 * Prisma's better-sqlite3 adapter, made durable: what is acknowledged is on disk, and what is rolled back is gone.
 *
 * The stock adapter runs every statement on one connection, at once. So a write outside a transaction lands inside
 * whichever is open, and vanishes with it; a read outside sees rows that are not committed; a COMMIT that fails leaves
 * the transaction open under everything that follows; and a deferred BEGIN makes processes fail one another. Here a
 * transaction holds the connection until it ends, and everything else waits its turn. Never ask `db()` for anything from
 * within a transaction's work: it would wait for itself.
 */
export class DurableSqlite extends PrismaBetterSqlite3 implements Sqlite {
  readonly #file: string
  #open: Readonly<{ client: Database; acquire: Acquire }> | null = null

  constructor(file: string) {
    super({ url: `file:${file}`, timeout: busyTimeout })
    this.#file = file
  }

  /**
   * One transaction of statements of one's own, beside Prisma's client, which costs more than storing a row does: it waits its
   * turn, and is on disk when this resolves. `work` runs at once and to its end, so nothing comes in between.
   *
   * @param tables  that `work` writes to
   * @param options  `synced: false`: for rows that are durable elsewhere until {@link sync} has returned. A power failure may take
   *   them, and what it leaves is whole; any later transaction that is synced takes these with it
   * @throws Error before the client is connected (`$connect`), and what `work` throws: nothing of it is stored; {@link CommitError}
   *   where it is not known whether all is
   */
  async transact<Result>(tables: readonly string[], work: (connection: Database) => Result, { synced = true }: Readonly<{ synced?: boolean }> = {}): Promise<Result> {
    if (!this.#open) throw new Error('the database is not open')
    const { client, acquire } = this.#open
    const release = await acquire()
    try {
      // A sync holds up everything that this thread does.
      if (!synced) client.exec('PRAGMA synchronous = NORMAL')
      client.exec('BEGIN IMMEDIATE')
      noteTables(tables)
      const result = work(client)
      commit(client)
      return result
    } finally {
      try {
        if (client.inTransaction) client.exec('ROLLBACK')
        if (!synced) client.exec('PRAGMA synchronous = FULL')
      } finally {
        release()
      }
    }
  }

  /**
   * Puts on disk, on another thread, what transactions without a sync have written: all of it is in the write-ahead log, or was
   * synced when the log was emptied (sqlite.org/wal.html).
   * @throws Error of the file system
   */
  async sync(): Promise<void> {
    // It is there while a connection is: the process has its own.
    const log = await open(`${this.#file}-wal`, 'r')
    await log.sync().finally(() => log.close())
  }

  override async connect(): Promise<Adapter> {
    const adapter = await super.connect()
    // Not in the adapter's types, and the only way to know whether SQLite itself has ended a transaction.
    const { client } = adapter as unknown as { client: Database }
    configureConnection(client)
    const acquire = queue()
    this.#open = { client, acquire }
    followWrites(changedElsewhere(client))
    return durable(adapter, client, acquire)
  }
}

/** The settings every connection to the database file needs: a write is on disk before it is acknowledged. */
export function configureConnection(connection: Database): void {
  connection.pragma(`busy_timeout = ${busyTimeout}`)
  connection.pragma('journal_mode = WAL')
  // In WAL the driver's default is NORMAL, which does not sync at commit.
  connection.pragma('synchronous = FULL')
  // macOS: fsync alone leaves the bytes in the drive's cache. Elsewhere this changes nothing.
  connection.pragma('fullfsync = ON')
  connection.pragma('foreign_keys = ON')
  // A deleted row's bytes are overwritten: a destroyed data key must not wait in a free page.
  connection.pragma('secure_delete = ON')
}

type Adapter = Awaited<ReturnType<PrismaBetterSqlite3['connect']>>
type Transaction = Awaited<ReturnType<Adapter['startTransaction']>>

/** Milliseconds to wait for another process's write. */
const busyTimeout = 30_000

/** Resolves to one's turn, which lasts until it is given back. */
type Acquire = () => Promise<() => void>

function durable(adapter: Adapter, client: Database, acquire: Acquire): Adapter {
  const alone = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const release = await acquire()
    try {
      return await work()
    } finally {
      release()
    }
  }
  return {
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    queryRaw: (query) => alone(() => noted(query, () => adapter.queryRaw(query))),
    executeRaw: (query) => alone(() => noted(query, () => adapter.executeRaw(query))),
    executeScript: (script) =>
      alone(() => {
        noteTables(null)
        return adapter.executeScript(script)
      }),
    dispose: () => {
      followWrites(null)
      return alone(() => adapter.dispose())
    },
    async startTransaction(isolationLevel) {
      if (isolationLevel !== undefined && isolationLevel !== 'SERIALIZABLE') {
        throw new Error(`SQLite is serializable and nothing else: ${isolationLevel}`)
      }
      const release = await acquire()
      try {
        // A deferred BEGIN that reads first cannot become a writer once another process has written.
        await adapter.executeRaw(statement('BEGIN IMMEDIATE'))
      } catch (error) {
        release()
        throw error
      }
      return transactionOn(adapter, client, release)
    },
  }
}

function transactionOn(adapter: Adapter, client: Database, release: () => void): Transaction {
  let open = true
  const within = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    // A full disk or an I/O error makes SQLite end the transaction by itself: a statement after that would stand alone.
    if (!open || !client.inTransaction) throw new Error('the transaction has ended')
    return work()
  }
  const end = async (sql: 'COMMIT' | 'ROLLBACK'): Promise<void> => {
    if (!open) throw new Error('the transaction has ended')
    try {
      if (sql === 'COMMIT' || client.inTransaction) await adapter.executeRaw(statement(sql))
    } finally {
      open = false
      // A COMMIT that fails leaves the transaction open.
      try {
        if (client.inTransaction) client.exec('ROLLBACK')
      } finally {
        release()
      }
    }
  }
  return {
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    // Prisma then leaves COMMIT and ROLLBACK to us.
    options: { usePhantomQuery: true },
    queryRaw: (query) => within(() => noted(query, () => adapter.queryRaw(query))),
    executeRaw: (query) => within(() => noted(query, () => adapter.executeRaw(query))),
    commit: () => end('COMMIT'),
    rollback: () => end('ROLLBACK'),
    createSavepoint: (name) => within(() => adapter.executeScript(`SAVEPOINT ${name}`)),
    rollbackToSavepoint: (name) => within(() => adapter.executeScript(`ROLLBACK TO ${name}`)),
    releaseSavepoint: (name) => within(() => adapter.executeScript(`RELEASE SAVEPOINT ${name}`)),
  }
}

function commit(client: Database): void {
  try {
    client.exec('COMMIT')
  } catch (error) {
    throw new CommitError(error)
  }
}

/** Whether another connection has committed anything since it was last asked (sqlite.org/pragma.html#pragma_data_version). */
function changedElsewhere(client: Database): () => boolean {
  const version = client.prepare('PRAGMA data_version').pluck()
  let known = version.get()
  return () => {
    const before = known
    known = version.get()
    return known !== before
  }
}

/** Says that a statement may write before it does (lib/kept-rows.ts). */
function noted<Result>({ sql }: Readonly<{ sql: string }>, run: () => Result): Result {
  noteWrite(sql)
  return run()
}

/** One holder at a time, in the order of asking. */
function queue(): Acquire {
  let last = Promise.resolve()
  return async () => {
    const before = last
    let release: () => void = () => undefined
    last = new Promise((resolve) => (release = resolve))
    await before
    return release
  }
}

function statement(sql: string) {
  return { sql, args: [], argTypes: [] }
}
