// Makes a Git repository as large as a grown project's (Git's own: 400,000 objects, 300 MB) for benches: the history that
// make-history.mjs makes, filled up to a size with binary files that do not compress. The same options make the same
// object IDs. Takes minutes in its full size.
//
//   node scripts/make-large-history.mjs <folder> [--objects 400000] [--size 300m] [--seed 1] [--repack]
import { execFileSync, spawn } from 'node:child_process'
import { createCipheriv, createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { makeHistory } from './make-history.mjs'

/**
 * Makes a bare repository at `folder`, which must not exist yet, with about `objects` objects and at least `size` bytes of
 * packs. `repack` delta-compresses it first, as a server does in time.
 * @param {string} folder
 * @param {{ objects?: number, size?: number, seed?: number, repack?: boolean }} [options]
 * @returns {Promise<{ commits: number, objects: number, packBytes: number }>}
 */
export async function makeLargeHistory(folder, { objects = 400_000, size = 300 * 1024 ** 2, seed = 1, repack = false } = {}) {
  if (existsSync(folder)) throw new Error(`${folder} exists already`)
  const commits = Math.ceil(objects / objectsPerCommit)
  const parts = Math.ceil(commits / commitsPerPart)
  await makeHistory(folder, { commits: Math.ceil(commits / parts), seed })
  for (let part = 1; part < parts; part++) await addPart(folder, { part, commits: Math.ceil(commits / parts), seed: seed + part })
  if (repack) git(folder, 'repack', '-q', '-a', '-d', '--threads=2')
  const missing = size - packBytes(folder)
  if (missing > 0) await fill(folder, missing, seed)
  git(folder, 'pack-refs', '--all')
  const counted = new Map(git(folder, 'count-objects', '-v').split('\n').map((line) => line.split(': ')))
  return {
    commits: Number(git(folder, 'rev-list', '--count', '--all')),
    objects: Number(counted.get('in-pack')) + Number(counted.get('count')),
    packBytes: packBytes(folder),
  }
}

/** What make-history.mjs makes of one commit, trees and blobs included. */
const objectsPerCommit = 8

/** Its time grows with the square of the commits, so a large history is several, joined as projects join: by a merge. */
const commitsPerPart = 5000

/** Makes another history and takes it in: its objects, its refs under a name of their own, its files as a folder of main. */
async function addPart(folder, { part, commits, seed }) {
  const other = `${folder}.part`
  try {
    await makeHistory(other, { commits, seed })
    for (const name of readdirSync(join(other, 'objects', 'pack'))) {
      renameSync(join(other, 'objects', 'pack', name), join(folder, 'objects', 'pack', name))
    }
    const refs = git(other, 'for-each-ref', '--format=%(objectname) %(refname)').split('\n').map((line) => line.split(' '))
    const creations = refs.map(([oid, name]) => `create ${name.replace(/^(refs\/[^/]+)\//, `$1/part-${part}/`)} ${oid}\n`)
    git(folder, 'pack-refs', '--all')
    execFileSync('git', ['update-ref', '--stdin'], { cwd: folder, env: environment(), input: creations.join('') })
    const tree = execFileSync('git', ['mktree'], {
      cwd: folder,
      env: environment(),
      encoding: 'utf8',
      input: `${git(folder, 'ls-tree', 'main')}\n040000 tree ${git(folder, 'rev-parse', `refs/heads/part-${part}/main^{tree}`)}\tteil-${part}\n`,
    }).trim()
    const parents = ['-p', 'refs/heads/main', '-p', `refs/heads/part-${part}/main`]
    const commit = git(folder, 'commit-tree', ...parents, '-m', `Merge part ${part}`, tree)
    git(folder, 'update-ref', 'refs/heads/main', commit)
  } finally {
    rmSync(other, { recursive: true, force: true })
  }
}

async function fill(folder, bytes, seed) {
  const importer = spawn('git', ['-c', 'fastimport.unpackLimit=0', 'fast-import', '--quiet', '--done'], { cwd: folder, env: environment(), stdio: ['pipe', 'ignore', 'inherit'] })
  const ended = once(importer, 'close')
  // What went wrong is in its exit code.
  importer.stdin.on('error', () => undefined)
  for (const chunk of commits(bytes, seed)) {
    if (!importer.stdin.write(chunk)) await Promise.race([once(importer.stdin, 'drain'), ended])
    if (importer.exitCode !== null) break
  }
  importer.stdin.end()
  const [code] = await ended
  if (code !== 0) throw new Error(`git fast-import ends with ${code}`)
}

function* commits(bytes, seed) {
  let left = bytes
  for (let number = 0; left > 0; number++) {
    const noise = noiseOf(`${seed}/${number}`)
    const message = `Add picture ${number}\n`
    const when = `Zoë Ørsted <zoe@example.com> ${1_900_000_000 + number * 60} +0100`
    yield `commit refs/heads/main\nauthor ${when}\ncommitter ${when}\ndata ${message.length}\n${message}`
    if (number === 0) yield 'from refs/heads/main^0\n'
    yield `M 100644 inline assets/größe/${number % 16}/bild-${number}.png\ndata ${noise.length}\n`
    yield noise
    yield '\n'
    left -= noise.length
  }
  yield 'done\n'
}

/** 64 to 512 KB that look random and are the same each time: AES-CTR over zeros. */
function noiseOf(name) {
  const key = createHash('sha256').update(name).digest()
  const length = 65_536 + (key.readUInt32LE(0) % 458_752)
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length))
}

function packBytes(folder) {
  const packs = join(folder, 'objects', 'pack')
  const sizes = readdirSync(packs).filter((name) => name.endsWith('.pack')).map((name) => statSync(join(packs, name)).size)
  return sizes.reduce((sum, bytes) => sum + bytes, 0)
}

function git(folder, ...args) {
  return execFileSync('git', args, { cwd: folder, env: environment(), encoding: 'utf8', maxBuffer: 1 << 26 }).trim()
}

function environment() {
  const who = { NAME: 'Ada Lovelace', EMAIL: 'ada@example.com', DATE: '1890000000 +0000' }
  const identity = Object.entries(who).flatMap(([key, value]) => [[`GIT_AUTHOR_${key}`, value], [`GIT_COMMITTER_${key}`, value]])
  return { ...process.env, LC_ALL: 'C', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', ...Object.fromEntries(identity) }
}

function bytesOf(text) {
  const [, number, unit] = /^([0-9]+)([kmg]?)$/i.exec(text) ?? []
  if (number === undefined) throw new Error(`no size: ${text}`)
  return Number(number) * 1024 ** ['', 'k', 'm', 'g'].indexOf(unit.toLowerCase())
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      objects: { type: 'string', default: '400000' },
      size: { type: 'string', default: '300m' },
      seed: { type: 'string', default: '1' },
      repack: { type: 'boolean', default: false },
    },
  })
  const [folder] = positionals
  if (folder === undefined) {
    console.error('usage: node scripts/make-large-history.mjs <folder> [--objects 400000] [--size 300m] [--seed 1] [--repack]')
    process.exit(2)
  }
  const { objects, size, seed, repack } = values
  console.log(await makeLargeHistory(folder, { objects: Number(objects), size: bytesOf(size), seed: Number(seed), repack }))
}
