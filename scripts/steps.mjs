// What npm start, npm test and their like have in common: the steps before anything of ours can run. Plain Node, no dependency: these
// run before node_modules exists.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The folder of package.json. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')

/** Ends the program with one clear line where Node or git is missing or too old. */
export function checkVersions() {
  if (!isAtLeast(process.versions.node, [20, 19])) fail(`Node.js 20.19 or later is needed; this is ${process.versions.node}`)
  const git = spawnSync('git', ['--version'], { encoding: 'utf8' })
  if (git.error || git.status !== 0) fail('git 2.34 or later is needed, and there is no git on the PATH')
  const version = /(\d+)\.(\d+)/.exec(git.stdout)?.[0] ?? '0.0'
  if (!isAtLeast(version, [2, 34])) fail(`git 2.34 or later is needed; this is ${git.stdout.trim()}`)
}

/** Installs what package-lock.json says where node_modules is not that already, and sees that native modules load in this Node. */
export function install() {
  if (!isInstalled()) {
    step('installing packages (npm ci)')
    run('npm', ['ci', '--no-audit', '--no-fund'])
  }
  if (!nativeModulesLoad()) {
    step('building better-sqlite3 for this version of Node')
    run('npm', ['rebuild', 'better-sqlite3'])
    if (!nativeModulesLoad()) fail('better-sqlite3 does not load: npm rebuild better-sqlite3 says why (a C++ compiler, make and Python are needed)')
  }
}

/** Generates the Prisma clients where the models have changed since. */
export function generate() {
  onceFor('prisma-clients', ['prisma/models', 'prisma/sqlite/schema.prisma', 'prisma/postgresql/schema.prisma', 'package-lock.json', 'scripts/generate.mjs'], {
    made: ['prisma/sqlite/generated/client.ts', 'prisma/postgresql/generated/client.ts'],
    make: () => {
      step('generating the database clients')
      run(process.execPath, [join(root, 'scripts/generate.mjs')])
    },
  })
}

/** Builds the pages (next build) and the server (one bundled file) where their sources have changed since. */
export function build() {
  onceFor('build', sources, {
    made: ['dist/server.js', '.next/BUILD_ID'],
    make: () => {
      step('building the console (next build)')
      run(process.execPath, [join(root, 'node_modules/next/dist/bin/next'), 'build'], { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' })
      step('building the server')
      bundle('server.ts', 'dist/server.js')
    },
  })
}

/** Bundles what `npx codekeep` runs as a client of a server, where its sources have changed since. @returns the URL of its module */
export function bundleClient() {
  onceFor('client', ['lib/client', 'lib/sigv4', 'lib/operation', 'package-lock.json', 'tsconfig.json', 'scripts/steps.mjs'], {
    made: ['dist/client.js'],
    make: () => {
      if (!existsSync(join(root, 'node_modules/esbuild'))) fail('run npm ci first: packages are missing')
      bundle('lib/client/main.ts', 'dist/client.js')
    },
  })
  return pathToFileURL(join(root, 'dist/client.js')).href
}

/** Reads .env where there is one; what the environment says already wins. */
export function loadEnvironment() {
  const file = join(root, '.env')
  if (existsSync(file)) process.loadEnvFile(file)
}

/** Runs a program to its end with our console; ends ours where it fails. */
export function run(command, args, environment = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } })
  if (result.error) fail(`${command} cannot be run: ${result.error.message}`)
  if (result.status !== 0) process.exit(result.status ?? 1)
}

/** Runs a program to its end with our console, passing on signals; resolves to its exit code. */
export function runWithSignals(command, args, environment = {}) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } })
  const pass = (signal) => child.kill(signal)
  process.on('SIGINT', pass)
  process.on('SIGTERM', pass)
  return new Promise((resolve) => {
    child.once('error', (error) => fail(`${command} cannot be run: ${error.message}`))
    child.once('exit', (code, signal) => {
      process.off('SIGINT', pass)
      process.off('SIGTERM', pass)
      resolve(code ?? (signal ? 1 : 0))
    })
  })
}

/** Says what is being done. */
export function step(text) {
  console.log(`codekeep: ${text}`)
}

/** Ends the program with one line. */
export function fail(text) {
  console.error(`codekeep: ${text}`)
  process.exit(1)
}

/** What the pages and the server are made of. */
const sources = [
  'app', 'components', 'lib', 'public', 'prisma/models', 'prisma/sqlite/schema.prisma', 'prisma/postgresql/schema.prisma', 'server.ts', 'proxy.ts',
  'next.config.js', 'postcss.config.mjs', 'package.json', 'package-lock.json', 'tsconfig.json', 'scripts/steps.mjs',
]

function bundle(entryPoint, outfile) {
  const { buildSync } = createRequire(join(root, 'package.json'))('esbuild')
  buildSync({
    absWorkingDir: root,
    entryPoints: [entryPoint],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    packages: 'external',
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'warning',
  })
}

/** Makes something once for each content of its sources: a stamp in node_modules/.cache says for which it was made. */
function onceFor(name, paths, { made, make }) {
  const stamp = join(root, 'node_modules/.cache/codekeep', name)
  const digest = digestOf(paths)
  if (made.every((path) => existsSync(join(root, path))) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return
  rmSync(stamp, { force: true })
  make()
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, digest)
}

function digestOf(paths) {
  const hash = createHash('sha256').update(process.versions.node.split('.')[0])
  for (const file of paths.flatMap((path) => filesOf(join(root, path))).sort()) {
    const content = readFileSync(file)
    hash.update(`${relative(root, file)}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

function filesOf(path) {
  if (!existsSync(path)) return []
  let entries
  try {
    entries = readdirSync(path, { withFileTypes: true })
  } catch {
    return [path]
  }
  // Tests and what they read are no part of what runs.
  return entries.filter(({ name }) => name !== 'testdata' && !/\.test\.tsx?$/.test(name)).flatMap(({ name }) => filesOf(join(path, name)))
}

/** Whether npm's own record of node_modules agrees with package-lock.json. */
function isInstalled() {
  const record = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(record)) return false
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const present = JSON.parse(readFileSync(record, 'utf8')).packages
  return Object.entries(wanted).every(([path, { version, optional, peer }]) => path === '' || present[path]?.version === version || ((optional || peer) && !present[path]))
}

function nativeModulesLoad() {
  try {
    const Database = createRequire(join(root, 'package.json'))('better-sqlite3')
    new Database(':memory:').close()
    return true
  } catch {
    // A module that failed to load stays failed in this process: the next look must be another process's.
    try {
      execFileSync(process.execPath, ['-e', 'new (require("better-sqlite3"))(":memory:").close()'], { cwd: root, stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  }
}

function isAtLeast(version, [major, minor]) {
  const [a = 0, b = 0] = version.split('.').map(Number)
  return a > major || (a === major && b >= minor)
}
