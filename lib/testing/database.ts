import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfig, useConfig, type Config } from '#lib/config'
import { migrateSqlite, migrationsFolder } from '#lib/database/migrate'
import { closeDatabase, databaseFile, openDatabase } from '#lib/database/open'
import { useScratchRoot } from '#lib/scratch'

/** The account of tests. */
export const testAccountId = '111122223333'

export type TestDatabase = Readonly<{
  /** Temporary; removed on dispose. */
  dataDir: string
  /** This process's scratch folder, in memory; removed on dispose. */
  scratch: string
  config: Config
  [Symbol.asyncDispose]: () => Promise<void>
}>

/**
 * A fresh, migrated SQLite database with a root key and the account, in a temporary data folder, with the configuration
 * and a scratch folder in place: what a test file's `beforeAll` opens and its `afterAll` disposes of. Real in every way: only the migrations
 * are not run again for each file but copied.
 */
export async function testDatabase(overrides: Partial<Config> = {}): Promise<TestDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'codekeep-test-'))
  copyFileSync(migratedFile(), databaseFile(dataDir))
  const config: Config = { ...parseConfig({ CODEKEEP_DATA_DIR: dataDir, CODEKEEP_ACCOUNT_ID: testAccountId }), ...overrides }
  useConfig(config)
  await openDatabase(config)
  const scratch = mkdtempSync('/dev/shm/codekeep-test-')
  useScratchRoot(scratch)
  return {
    dataDir,
    scratch,
    config,
    async [Symbol.asyncDispose]() {
      await closeDatabase()
      for (const folder of [dataDir, scratch]) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** An empty database of today's migrations, made by the first test file that asks. */
function migratedFile(): string {
  const folder = migrationsFolder('sqlite')
  const hash = createHash('sha256')
  for (const name of readdirSync(folder).filter((each) => !each.endsWith('.toml')).sort()) {
    hash.update(name).update(readFileSync(join(folder, name, 'migration.sql')))
  }
  const cache = join(tmpdir(), 'codekeep-test-migrated')
  mkdirSync(cache, { recursive: true })
  const file = join(cache, `${hash.digest('hex').slice(0, 32)}.db`)
  if (existsSync(file)) return file
  const draft = mkdtempSync(join(cache, 'draft-'))
  migrateSqlite(join(draft, 'codekeep.db'), folder)
  // Closing a SQLite database folds its write-ahead log into the file; a rename then shows it whole or not at all.
  renameSync(join(draft, 'codekeep.db'), file)
  rmSync(draft, { recursive: true, force: true })
  return file
}
