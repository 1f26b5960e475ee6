import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3, { type Database } from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrateSqlite, migrationsFolder } from '#lib/database/migrate'

const root = join(import.meta.dirname, '../..')
let folder: string
let file: string
let migrations: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codekeep-migrate-'))
  file = join(folder, 'codekeep.db')
  migrations = join(folder, 'migrations')
  mkdirSync(migrations)
  writeFileSync(join(migrations, 'migration_lock.toml'), 'provider = "sqlite"\n')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const families = `
CREATE TABLE "Parent" ("id" INTEGER NOT NULL PRIMARY KEY, "name" TEXT NOT NULL);
CREATE TABLE "Child" ("id" INTEGER NOT NULL PRIMARY KEY, "parentId" INTEGER NOT NULL REFERENCES "Parent" ("id") ON DELETE CASCADE);
`

// As Prisma writes it: its own pragmas do nothing, because a transaction is open.
const rebuild = `
-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_Parent" ("id" INTEGER NOT NULL PRIMARY KEY, "name" TEXT NOT NULL, "age" INTEGER NOT NULL DEFAULT 0);
INSERT INTO "new_Parent" ("id", "name") SELECT "id", "name" FROM "Parent";
DROP TABLE "Parent";
ALTER TABLE "new_Parent" RENAME TO "Parent";
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
`

test('migrations are applied in order, once, and recorded as prisma migrate deploy records them', () => {
  write('20260102000000_second', 'ALTER TABLE "Parent" ADD COLUMN "age" INTEGER;')
  write('20260101000000_first', families)
  expect(migrateSqlite(file, migrations)).toEqual(['20260101000000_first', '20260102000000_second'])
  expect(migrateSqlite(file, migrations)).toEqual([])

  const [first] = read((database) => database.prepare('SELECT * FROM _prisma_migrations ORDER BY migration_name').all())
  expect(first).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/) as unknown,
    checksum: createHash('sha256').update(families).digest('hex'),
    finished_at: expect.any(Number) as unknown,
    migration_name: '20260101000000_first',
    logs: null,
    rolled_back_at: null,
    started_at: expect.any(Number) as unknown,
    applied_steps_count: 1,
  })
})

test('a table is rebuilt under foreign keys, and its children stay', () => {
  write('1_families', families)
  migrateSqlite(file, migrations)
  read((database) => {
    database.pragma('foreign_keys = ON')
    database.exec(`INSERT INTO "Parent" VALUES (1, 'Ada'); INSERT INTO "Child" VALUES (10, 1), (11, 1)`)
  })

  // The danger is real: with foreign keys on, as they stay inside a transaction, the same script deletes every child.
  const doomed = new BetterSqlite3(file)
  doomed.pragma('foreign_keys = ON')
  doomed.exec(`BEGIN; ${rebuild}`)
  expect(doomed.prepare('SELECT COUNT(*) FROM "Child"').pluck().get()).toBe(0)
  doomed.exec('ROLLBACK')
  doomed.close()

  write('2_rebuild', rebuild)
  expect(migrateSqlite(file, migrations)).toEqual(['2_rebuild'])
  expect(read((database) => database.prepare('SELECT "id" FROM "Child"').pluck().all())).toEqual([10, 11])
  expect(read((database) => database.prepare('SELECT * FROM "Parent"').all())).toEqual([{ id: 1, name: 'Ada', age: 0 }])
})

test('a migration that would leave a child without its parent is refused, and leaves nothing behind', () => {
  write('1_families', families)
  migrateSqlite(file, migrations)
  read((database) => database.exec(`INSERT INTO "Parent" VALUES (1, 'Ada'); INSERT INTO "Child" VALUES (10, 1)`))
  write('2_orphan', `CREATE TABLE "Other" ("id" INTEGER); DELETE FROM "Parent";`)
  expect(() => migrateSqlite(file, migrations)).toThrow('migration 2_orphan cannot be applied: it leaves rows of Child without the row they refer to')
  expect(tables()).toEqual(['Child', 'Parent', '_prisma_migrations'])
  expect(read((database) => database.prepare('SELECT COUNT(*) FROM "Parent"').pluck().get())).toBe(1)
})

test('a migration that fails in its second statement takes back its first, and can be mended', () => {
  write('1_half', 'CREATE TABLE "One" ("id" INTEGER); CREATE TABLE nonsense nonsense;')
  expect(() => migrateSqlite(file, migrations)).toThrow(/^migration 1_half cannot be applied: near "nonsense": syntax error/)
  expect(tables()).toEqual(['_prisma_migrations'])
  write('1_half', 'CREATE TABLE "One" ("id" INTEGER);')
  expect(migrateSqlite(file, migrations)).toEqual(['1_half'])
})

test('a migration that Prisma’s tool left half-way is refused, until it is told to be rolled back', () => {
  write('1_families', families)
  write('2_more', 'CREATE TABLE "More" ("id" INTEGER);')
  migrateSqlite(file, migrations)
  read((database) => database.exec(`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '2_more'; DROP TABLE "More"`))
  expect(() => migrateSqlite(file, migrations)).toThrow('migration 2_more failed half-way')
  read((database) => database.exec(`UPDATE _prisma_migrations SET rolled_back_at = 1 WHERE migration_name = '2_more'`))
  expect(migrateSqlite(file, migrations)).toEqual(['2_more'])
})

test('a migration that was edited after it was applied is refused', () => {
  write('1_families', families)
  migrateSqlite(file, migrations)
  write('1_families', `${families}\n-- innocent`)
  expect(() => migrateSqlite(file, migrations)).toThrow('migration 1_families was edited after it was applied')
})

test('a database of a later version is refused', () => {
  write('1_families', families)
  write('2_later', 'CREATE TABLE "Later" ("id" INTEGER);')
  migrateSqlite(file, migrations)
  rmSync(join(migrations, '2_later'), { recursive: true })
  expect(() => migrateSqlite(file, migrations)).toThrow('the database has migration 2_later, which this version does not know')
})

test('the migrations are found from the source, and from a bundle', () => {
  expect(migrationsFolder('sqlite')).toBe(join(root, 'prisma/sqlite/migrations'))
  cpSync(join(root, 'prisma/postgresql/migrations'), join(folder, 'prisma/postgresql/migrations'), { recursive: true })
  expect(migrationsFolder('postgresql', join(folder, 'dist/server.js'))).toBe(join(folder, 'prisma/postgresql/migrations'))
  expect(() => migrationsFolder('sqlite', '/nowhere/dist/server.js')).toThrow('no prisma/sqlite/migrations above /nowhere/dist/server.js')
})

test('the models have not changed since the migrations were written from them', () => {
  // The same hash as scripts/migration.mjs writes: what the models say, without what they explain.
  const models = join(root, 'prisma/models')
  const lines = readdirSync(models)
    .filter((name) => name.endsWith('.prisma'))
    .sort()
    .flatMap((name) => readFileSync(join(models, name), 'utf8').split('\n'))
    .map((line) => line.replace(/\/\/.*$/, '').trim().replace(/\s+/g, ' '))
    .filter((line) => line !== '')
  const written = readFileSync(join(root, 'prisma/migrated-models.sha256'), 'utf8').trim()
  expect(createHash('sha256').update(lines.join('\n')).digest('hex'), 'run: node scripts/migration.mjs <name>').toBe(written)
})

const engine = existsSync(join(root, 'node_modules/.cache/schema-engine'))

test.skipIf(!engine)('Prisma’s own engine finds no drift between the migrations and the models (skipped where it is not at hand)', () => {
  expect(execFileSync(process.execPath, [join(root, 'scripts/migration.mjs'), '--check'], { encoding: 'utf8' })).toBe('the migrations make what the models say\n')
})

function write(name: string, sql: string): void {
  mkdirSync(join(migrations, name), { recursive: true })
  writeFileSync(join(migrations, name, 'migration.sql'), sql)
}

function read<Result>(work: (database: Database) => Result): Result {
  const database = new BetterSqlite3(file)
  try {
    return work(database)
  } finally {
    database.close()
  }
}

function tables(): unknown {
  return read((database) => database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`).pluck().all())
}
