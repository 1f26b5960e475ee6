import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { PrismaClient as SqliteClient } from '#prisma/sqlite/generated/client.ts'
import { ensureAccount } from '#lib/account'
import type { Config } from '#lib/config'
import { runClosings, type Sqlite, useDatabase } from '#lib/db'
import { lockDataDir, unlockDataDir } from '#lib/database/data-lock'
import { migratePostgresql, migrateSqlite } from '#lib/database/migrate'
import { DurableSqlite } from '#lib/database/sqlite-adapter'
import { forget, remember, replaceRemembered } from '#lib/remember'

/**
 * Opens the database of this process: takes the data folder for itself, applies what migrations are missing, and finds or
 * makes the account and the root key.
 *
 * @throws ConfigError where the folder is another process's, or the account or root key is not this database's
 * @throws Error where a migration cannot be applied
 */
export async function openDatabase(config: Config): Promise<void> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  lockDataDir(config.dataDir)
  replaceRemembered('database.open', config.dataDir)
  try {
    const { client, embedded } = await connect(config)
    useDatabase(client, embedded)
    await ensureAccount(config)
  } catch (error) {
    await closeDatabase()
    throw error
  }
}

/** Closes the database of this process and gives the data folder back. Harmless where none is open. */
export async function closeDatabase(): Promise<void> {
  const client = remember<SqliteClient | null>('db', () => null)
  if (client) await runClosings()
  useDatabase(null)
  forget('account')
  forget('root-key')
  await client?.$disconnect()
  const dataDir = remember<string | null>('database.open', () => null)
  if (dataDir !== null) unlockDataDir(dataDir)
  forget('database.open')
}

/** The database file of a data folder. */
export function databaseFile(dataDir: string): string {
  return join(dataDir, 'codekeep.db')
}

async function connect(config: Config): Promise<{ client: SqliteClient; embedded: Sqlite | null }> {
  if (config.databaseUrl !== undefined) {
    await migratePostgresql(config.databaseUrl)
    // Loaded where they are used: most installations never need them, and every start would pay.
    const { PrismaPg } = await import('@prisma/adapter-pg')
    const { PrismaClient: PostgresqlClient } = await import('#prisma/postgresql/generated/client.ts')
    // One set of models makes both clients; code is written against SQLite's types, which offer no more than PostgreSQL's.
    const client = new PostgresqlClient({ adapter: new PrismaPg({ connectionString: config.databaseUrl }) }) as unknown as SqliteClient
    return { client, embedded: null }
  }
  const file = databaseFile(config.dataDir)
  migrateSqlite(file)
  const adapter = new DurableSqlite(file)
  const client = new SqliteClient({ adapter })
  await client.$connect()
  return { client, embedded: adapter }
}
