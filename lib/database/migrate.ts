import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import BetterSqlite3 from 'better-sqlite3'
import type { Client } from 'pg'
import { ConfigError } from '#lib/config'
import { configureConnection } from '#lib/database/sqlite-adapter'

/**
 * Brings a SQLite file to the newest migration of `folder`: each in one transaction, recorded in `_prisma_migrations` as
 * `prisma migrate deploy` records it, so that Prisma's own tool agrees where it can be had.
 *
 * @returns the names of the migrations that were applied
 * @throws Error for a history that does not fit: a migration that failed half-way, was edited after it was applied, or is
 *   not known to this version; or for one that fails now, which then leaves nothing behind.
 */
export function migrateSqlite(file: string, folder = migrationsFolder('sqlite')): string[] {
  const database = new BetterSqlite3(file)
  try {
    configureConnection(database)
    database.exec(historyTable.sqlite)
    // Rebuilding a table drops the old one, and with foreign keys on that deletes every child row. Inside a transaction
    // (where Prisma's scripts say it) this pragma does nothing, so it is said before.
    database.pragma('foreign_keys = OFF')
    const applied: string[] = []
    for (const migration of readMigrations(folder)) {
      // The history is read under the write lock: another process may have migrated since.
      database.exec('BEGIN IMMEDIATE')
      try {
        const history = database.prepare(selectHistory).all() as HistoryRow[]
        refuseMisfit(history, readMigrations(folder))
        if (!isApplied(history, migration)) {
          const startedAt = Date.now()
          database.exec(migration.sql)
          const broken = database.pragma('foreign_key_check') as { table: string }[]
          if (broken[0]) throw new Error(`it leaves rows of ${broken[0].table} without the row they refer to`)
          database
            .prepare(
              'INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count) VALUES (?, ?, ?, ?, ?, 1)',
            )
            .run(randomUUID(), migration.checksum, Date.now(), migration.name, startedAt)
          applied.push(migration.name)
        }
        database.exec('COMMIT')
      } catch (error) {
        if (database.inTransaction) database.exec('ROLLBACK')
        throw failed(migration, error)
      }
    }
    return applied
  } finally {
    database.close()
  }
}

/**
 * The same for PostgreSQL, one process at a time under Prisma's own advisory lock.
 *
 * @throws ConfigError where the server cannot be reached, or refuses; and as for SQLite
 */
export async function migratePostgresql(url: string, folder = migrationsFolder('postgresql')): Promise<string[]> {
  const client = await connect(url)
  try {
    await client.query('SELECT pg_advisory_lock($1)', [advisoryLock])
    await client.query(historyTable.postgresql)
    const migrations = readMigrations(folder)
    const { rows: history } = await client.query<HistoryRow>(selectHistory)
    refuseMisfit(history, migrations)
    const applied: string[] = []
    for (const migration of migrations.filter((each) => !isApplied(history, each))) {
      await client.query('BEGIN')
      try {
        const startedAt = new Date()
        await client.query(migration.sql)
        await client.query(
          'INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count) VALUES ($1, $2, $3, $4, $5, 1)',
          [randomUUID(), migration.checksum, new Date(), migration.name, startedAt],
        )
        await client.query('COMMIT')
      } catch (error) {
        await client.query('ROLLBACK')
        throw failed(migration, error)
      }
      applied.push(migration.name)
    }
    return applied
  } finally {
    // Ending the session gives the lock back.
    await client.end()
  }
}

/** `prisma/<provider>/migrations` above this module: above lib/ in the source, above dist/ in a bundle. */
export function migrationsFolder(provider: 'sqlite' | 'postgresql', from = fileURLToPath(import.meta.url)): string {
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    const candidate = join(folder, 'prisma', provider, 'migrations')
    if (existsSync(candidate)) return candidate
    if (folder === dirname(folder)) throw new Error(`no prisma/${provider}/migrations above ${from}`)
  }
}

async function connect(url: string): Promise<Client> {
  try {
    const { default: pg } = await import('pg')
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
    await client.connect()
    return client
  } catch (error) {
    // The server's own words; never the URL, which may hold a password.
    throw new ConfigError(`CODEKEEP_DATABASE_URL: the database cannot be opened (${reason(error)})`)
  }
}

/** What went wrong; a name with several addresses fails once for each. */
function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join('; ')
  return error instanceof Error ? error.message : String(error)
}

type Migration = Readonly<{ name: string; sql: string; checksum: string }>
type HistoryRow = Readonly<{ migration_name: string; checksum: string; finished_at: unknown; rolled_back_at: unknown }>

function readMigrations(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const bytes = readFileSync(join(folder, name, 'migration.sql'))
      return { name, sql: bytes.toString('utf8'), checksum: createHash('sha256').update(bytes).digest('hex') }
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}

function refuseMisfit(history: readonly HistoryRow[], migrations: readonly Migration[]): void {
  for (const row of history) {
    if (row.rolled_back_at !== null) continue
    if (row.finished_at === null) {
      throw new Error(`migration ${row.migration_name} failed half-way in this database: restore a backup, or mend it and tell with \`prisma migrate resolve\``)
    }
    const migration = migrations.find((each) => each.name === row.migration_name)
    if (!migration) throw new Error(`the database has migration ${row.migration_name}, which this version does not know: run the version that wrote it, or a later one`)
    if (migration.checksum !== row.checksum) throw new Error(`migration ${row.migration_name} was edited after it was applied to this database`)
  }
}

function isApplied(history: readonly HistoryRow[], migration: Migration): boolean {
  return history.some((row) => row.migration_name === migration.name && row.rolled_back_at === null)
}

function failed(migration: Migration, cause: unknown): Error {
  return new Error(`migration ${migration.name} cannot be applied: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
}

const advisoryLock = 72_707_369

const selectHistory = 'SELECT migration_name, checksum, finished_at, rolled_back_at FROM _prisma_migrations'

// As Prisma's schema engine creates them.
const historyTable = {
  sqlite: `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)`,
  postgresql: `CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)`,
}
