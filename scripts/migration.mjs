// Writes a migration from the models: prisma/<provider>/migrations/<time>_<name>/migration.sql for both databases.
//
//   node scripts/migration.mjs <name>    what changed since the migrations were last written (in git)
//   node scripts/migration.mjs --check   says whether the SQLite migrations make what the models say; exit code 1 when not
//
// `prisma migrate` needs a binary that cannot be downloaded on every machine. The same engine as WebAssembly can, from the
// package registry, and compares two folders of models without any database. It is a developer's tool: the first use
// puts it under node_modules/.cache, and nothing else needs it.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const engineVersion = '7.10.0-4.0edf323efd1d98336f3f0a68684b56f689b900d3'
const engineFolder = join(root, 'node_modules/.cache/schema-engine')
const providers = { sqlite: 'sqlite', postgresql: 'postgres' }
const filters = { externalTables: [], externalEnums: [] }
const hashFile = join(root, 'prisma/migrated-models.sha256')

const require = createRequire(join(root, 'node_modules/@prisma/adapter-better-sqlite3/package.json'))
let engine

const [argument] = process.argv.slice(2)
if (argument === '--check') process.exitCode = await check()
else if (argument && /^[a-z0-9_]+$/.test(argument)) await write(argument)
else {
  console.error('usage: node scripts/migration.mjs <name, such as add_user_tags> | --check')
  process.exitCode = 1
}

async function write(name) {
  const since = git('log', '-1', '--format=%H', '--', 'prisma/sqlite/migrations').trim()
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  for (const provider of Object.keys(providers)) {
    const sql = await diff(provider, since ? await modelsOf(provider, since) : null)
    if (/^-- This is an empty migration/.test(sql)) {
      console.log(`${provider}: nothing has changed`)
      continue
    }
    const folder = join(root, 'prisma', provider, 'migrations', `${stamp}_${name}`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'migration.sql'), sql)
    writeFileSync(join(root, 'prisma', provider, 'migrations/migration_lock.toml'), `provider = "${provider}"\n`)
    console.log(folder)
  }
  writeFileSync(hashFile, `${modelsHash()}\n`)
}

async function check() {
  const folder = join(root, 'prisma/sqlite/migrations')
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort()
  const made = structureOf(names.map((name) => readFileSync(join(folder, name, 'migration.sql'), 'utf8')))
  const said = structureOf([await diff('sqlite', null)])
  const missing = said.filter((line) => !made.includes(line)).map((line) => `+ ${line}`)
  const surplus = made.filter((line) => !said.includes(line)).map((line) => `- ${line}`)
  const drift = [...missing, ...surplus]
  console.log(drift.length === 0 ? 'the migrations make what the models say' : `the migrations do not make what the models say:\n${drift.join('\n')}`)
  return drift.length === 0 ? 0 : 1
}

/** Columns, foreign keys and indexes that scripts make, a line each, whatever the order they were made in. */
function structureOf(scripts) {
  const database = new (require('better-sqlite3'))(':memory:')
  for (const script of scripts) database.exec(script)
  const lines = []
  for (const { name: table } of database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all()) {
    for (const { cid: _, ...column } of database.pragma(`table_xinfo("${table}")`)) lines.push(`${table} column ${JSON.stringify(column)}`)
    for (const { id: _, ...foreignKey } of database.pragma(`foreign_key_list("${table}")`)) lines.push(`${table} foreign key ${JSON.stringify(foreignKey)}`)
    for (const { name, unique, origin } of database.pragma(`index_list("${table}")`)) {
      const columns = database.pragma(`index_info("${name}")`).map((column) => column.name)
      lines.push(`${table} index ${JSON.stringify({ name, unique, origin, columns })}`)
    }
  }
  database.close()
  return lines.sort()
}

async function diff(provider, before) {
  const engine = await openEngine(provider)
  const { stdout } = await engine.diff({
    from: before ? { tag: 'schemaDatamodel', ...before } : { tag: 'empty' },
    to: { tag: 'schemaDatamodel', ...(await modelsOf(provider)) },
    script: true,
    shadowDatabaseUrl: null,
    exitCode: null,
    filters,
  })
  return stdout ?? ''
}

/** The models as the engine takes them: of the working tree, or of a commit. */
async function modelsOf(provider, commit) {
  const read = (path) => (commit ? git('show', `${commit}:${path}`) : readFileSync(join(root, path), 'utf8'))
  const models = commit
    ? git('ls-tree', '-r', '--name-only', commit, 'prisma/models').split('\n').filter((path) => path.endsWith('.prisma'))
    : readdirSync(join(root, 'prisma/models')).filter((file) => file.endsWith('.prisma')).map((file) => `prisma/models/${file}`)
  return { files: [`prisma/${provider}/schema.prisma`, ...models].map((path) => ({ path: basename(path), content: read(path) })) }
}

/** What the models say, without what they explain: the hash that tells a change of models without its migration. */
function modelsHash() {
  const folder = join(root, 'prisma/models')
  const lines = readdirSync(folder)
    .filter((file) => file.endsWith('.prisma'))
    .sort()
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
    .map((line) => line.replace(/\/\/.*$/, '').trim().replace(/\s+/g, ' '))
    .filter((line) => line !== '')
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}

async function openEngine(provider) {
  engine ??= await loadEngine()
  const { bindMigrationAwareSqlAdapterFactory } = require('@prisma/driver-adapter-utils')
  const connect = () => Promise.resolve(noDatabase(providers[provider]))
  const factory = { provider: providers[provider], adapterName: 'none', connect, connectToShadowDb: connect }
  return engine.SchemaEngine.new({ datamodels: undefined }, () => {}, bindMigrationAwareSqlAdapterFactory(factory))
}

/** What the engine asks of a connection before it compares models with models: nothing that needs a database. */
function noDatabase(provider) {
  const result = { columnNames: [], columnTypes: [], rows: [] }
  return {
    provider,
    adapterName: 'none',
    queryRaw: async () => result,
    executeRaw: async () => 0,
    executeScript: async () => {},
    startTransaction: () => Promise.reject(new Error('there is no database')),
    dispose: async () => {},
  }
}

async function loadEngine() {
  const folder = join(engineFolder, 'node_modules/@prisma/schema-engine-wasm')
  if (!existsSync(folder)) {
    mkdirSync(engineFolder, { recursive: true })
    execFileSync('npm', ['install', '--no-save', '--no-package-lock', '--prefix', engineFolder, `@prisma/schema-engine-wasm@${engineVersion}`], { stdio: 'inherit' })
  }
  globalThis.PRISMA_WASM_PANIC_REGISTRY ??= { set_message: (message) => console.error(message) }
  const glue = await import(pathToFileURL(join(folder, 'schema_engine_bg.js')).href)
  const wasm = await WebAssembly.instantiate(readFileSync(join(folder, 'schema_engine_bg.wasm')), { './schema_engine_bg.js': glue })
  glue.__wbg_set_wasm(wasm.instance.exports)
  wasm.instance.exports.__wbindgen_start()
  return glue
}

function git(...args) {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' })
}
