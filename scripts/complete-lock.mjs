// Completes package-lock.json after `npm install` on a machine whose registry lacks other platforms' optional packages: npm
// leaves them out, and `npm ci` then refuses the file ("Missing: @next/swc-darwin-arm64@ from lock file"). Adds an entry for
// each: exact version, platform, optional. On the platform that needs one, npm fetches it as it would any other.
//
//   node scripts/complete-lock.mjs            completes the file
//   node scripts/complete-lock.mjs --check    only says whether it is complete, and free of registries' addresses
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const operatingSystems = ['darwin', 'win32', 'linux', 'android', 'freebsd', 'openharmony']
const architectures = ['arm64', 'x64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32', 'arm']

/** Adds what is missing to a parsed lock file. Returns the names that were added. */
export function completeLock(lock) {
  const added = []
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isFound(lock, path, name)) continue
      if (!/^\d+\.\d+\.\d+/.test(version)) throw new Error(`${name}: ${version} is not an exact version, so no entry can stand for it`)
      lock.packages[`node_modules/${name}`] = { version, ...platform(name), optional: true, ...(entry.dev && { dev: true }) }
      added.push(name)
    }
  }
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'))
  lock.packages = Object.fromEntries(sorted)
  return added
}

/** Addresses of registries that a lock file holds; there should be none, so that it works with any. */
export function registryHosts(lock) {
  return Object.values(lock.packages).flatMap(({ resolved }) => (resolved === undefined ? [] : [resolved]))
}

/** Node's own look-up: beside the package, then in each folder above. */
function isFound(lock, from, name) {
  const folders = from === '' ? [''] : from.split('/node_modules/').map((_, index, all) => `${all.slice(0, index + 1).join('/node_modules/')}/`)
  return ['', ...folders].some((folder) => lock.packages[`${folder}node_modules/${name}`] !== undefined)
}

/** What a package is for, by the platform in its name: `@next/swc-darwin-arm64`. */
function platform(name) {
  const parts = name.split('/').at(-1).split('-')
  const cpu = architectures.find((each) => parts.includes(each) || (each === 'arm' && parts.some((part) => part.startsWith('arm') && part !== 'arm64')))
  const os = operatingSystems.find((each) => parts.includes(each))
  const libc = parts.some((part) => part.startsWith('musl')) ? 'musl' : os === 'linux' && parts.some((part) => part.startsWith('gnu')) ? 'glibc' : undefined
  if (cpu === undefined) throw new Error(`${name}: no platform can be read from this name`)
  return { cpu: [cpu], ...(libc && { libc: [libc] }), ...(os && { os: [os] }) }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = new URL('../package-lock.json', import.meta.url)
  const lock = JSON.parse(readFileSync(file, 'utf8'))
  const added = completeLock(lock)
  const check = process.argv.includes('--check')
  if (added.length > 0 && !check) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
  if (added.length > 0) console.log(`${check ? 'missing' : 'added'}: ${added.join(', ')}`)
  const hosts = registryHosts(lock)
  if (hosts.length > 0) console.log(`addresses of registries: ${hosts.slice(0, 3).join(', ')}… (npm install with omit-lockfile-registry-resolved=true)`)
  if (hosts.length > 0 || (check && added.length > 0)) process.exitCode = 1
}
