// Makes a Git repository of the shape of a real project: thousands of commits by several people, branches and merges, tags of
// both kinds, binary files, deep paths, names outside ASCII, executables and symbolic links. The same seed makes the same
// repository, to the last object ID.
//
//   node scripts/make-history.mjs <folder> [--commits 3000] [--seed 1]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

/**
 * Makes a bare repository at `folder`, which must not exist yet.
 * @param {string} folder
 * @param {{ commits?: number, seed?: number }} [options]
 * @returns {Promise<{ commits: number, merges: number, tags: number, branches: number, files: number }>}
 */
export async function makeHistory(folder, { commits = 3000, seed = 1 } = {}) {
  mkdirSync(folder, { recursive: true })
  await run('git', ['init', '--quiet', '--bare', '--initial-branch=main', folder])
  const importer = spawn('git', ['fast-import', '--quiet', '--done', '--active-branches=32'], { cwd: folder, stdio: ['pipe', 'ignore', 'inherit'] })
  const ended = once(importer, 'close')
  // What went wrong is in its exit code.
  importer.stdin.on('error', () => undefined)
  let made
  for (const chunk of stream(commits, seed, (counts) => (made = counts))) {
    if (!importer.stdin.write(chunk)) await Promise.race([once(importer.stdin, 'drain'), ended])
    if (importer.exitCode !== null) break
  }
  importer.stdin.end()
  const [code] = await ended
  if (code !== 0) throw new Error(`git fast-import ends with ${code}`)
  return made
}

const people = ['Alice Example <alice@example.com>', 'Bob Beispiel <bob@example.com>', 'Zoë Ørsted <zoe@example.com>', '王小明 <xiaoming@example.com>']
const roots = ['src', 'src/core/engine/parts/inner/deep/deeper/deepest', 'docs', 'dokumente/größe', 'テスト/資料', 'tools/bin', 'третий']
const words = 'branch commit tree blob index merge remote fetch push object pack delta window depth reference key policy event trail region'.split(' ')

function* stream(total, seed, done) {
  const random = generator(seed)
  const pick = (list) => list[Math.floor(random() * list.length)]
  // Each open line of work: the mark of its last commit, and the files it has.
  const main = { ref: 'refs/heads/main', tip: 0, files: new Map() }
  const lines = [main]
  const counts = { commits: 0, merges: 0, tags: 0, branches: 1, files: 0 }
  let mark = 0
  let time = 1_500_000_000

  function* commit(line, { message, parents, changes }) {
    mark += 1
    time += Math.floor(random() * 7200)
    const author = pick(people)
    const zone = pick(['+0000', '+0200', '-0730', '+0545'])
    yield `commit ${line.ref}\nmark :${mark}\nauthor ${author} ${time - 60} ${zone}\ncommitter ${pick(people)} ${time} ${zone}\n${data(message)}`
    // A branch goes on from its own tip; only a new one must be told where it begins.
    if (parents[0] && line.begun !== true) yield `from :${parents[0]}\n`
    line.begun = true
    for (const parent of parents.slice(1)) yield `merge :${parent}\n`
    yield* changes
    yield '\n'
    line.tip = mark
    counts.commits += 1
  }

  function* change(line) {
    const edits = 1 + Math.floor(random() * 3)
    for (let edit = 0; edit < edits; edit += 1) {
      const existing = [...line.files.keys()]
      const roll = random()
      if (roll < 0.05 && existing.length > 20) {
        const path = pick(existing)
        line.files.delete(path)
        yield `D ${path}\n`
        continue
      }
      const path = roll < 0.6 && existing.length > 0 ? pick(existing) : newPath(pick, random)
      const mode = path.endsWith('.sh') ? '100755' : path.endsWith('.link') ? '120000' : '100644'
      const content = mode === '120000' ? Buffer.from('../README.md') : path.endsWith('.bin') ? binary(random) : text(line.files.get(path), pick, random)
      line.files.set(path, content)
      counts.files += 1
      yield `M ${mode} inline ${path}\n`
      yield data(content)
    }
  }

  yield* commit(main, { message: 'Begin\n', parents: [], changes: [`M 100644 inline README.md\n`, data('# A project of comparable shape\n')] })
  while (counts.commits < total) {
    const roll = random()
    if (roll < 0.03 && lines.length < 9) {
      counts.branches += 1
      lines.push({ ref: `refs/heads/feature/${pick(words)}-${counts.branches}${random() < 0.2 ? '-ünïcode' : ''}`, tip: main.tip, files: new Map(main.files), from: main.tip })
    } else if (roll < 0.05 && lines.length > 1) {
      const side = lines.splice(1 + Math.floor(random() * (lines.length - 1)), 1)[0]
      if (side.tip === side.from) continue
      // A merge as a person would resolve it: main's own, with what the side has beside.
      const brought = [...side.files].filter(([path]) => !main.files.has(path) && path !== 'README.md')
      for (const [path, content] of brought) main.files.set(path, content)
      const changes = brought.flatMap(([path, content]) => [`M ${path.endsWith('.sh') ? '100755' : path.endsWith('.link') ? '120000' : '100644'} inline ${path}\n`, data(content)])
      yield* commit(main, { message: `Merge ${side.ref.slice('refs/heads/'.length)}\n`, parents: [main.tip, side.tip], changes })
      counts.merges += 1
    } else {
      const line = random() < 0.5 ? main : pick(lines)
      yield* commit(line, { message: `${pick(words)} ${pick(words)}: ${pick(words)}\n\n${sentence(pick, random)}\n`, parents: [line.tip], changes: [...change(line)] })
    }
    if (counts.commits % 97 === 0) {
      counts.tags += 1
      const name = `v0.${counts.tags}${counts.tags % 5 === 0 ? '-größe' : ''}`
      if (counts.tags % 2 === 0) yield `reset refs/tags/${name}\nfrom :${main.tip}\n\n`
      else yield `tag ${name}\nfrom :${main.tip}\ntagger ${pick(people)} ${time} +0000\n${data(`Release ${name}\n`)}`
    }
  }
  yield 'done\n'
  done(counts)
}

function data(content) {
  const bytes = Buffer.from(content)
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')])
}

function newPath(pick, random) {
  const kind = random()
  const name = `${pick(words)}-${Math.floor(random() * 1000)}`
  const ending = kind < 0.06 ? '.bin' : kind < 0.1 ? '.sh' : kind < 0.11 ? '.link' : kind < 0.2 ? ' mit Leerzeichen.txt' : kind < 0.3 ? '-日本語.md' : '.ts'
  return `${pick(roots)}/${name}${ending}`
}

function text(before, pick, random) {
  const lines = before ? before.toString().split('\n') : Array.from({ length: 10 + Math.floor(random() * 60) }, () => sentence(pick, random))
  lines[Math.floor(random() * lines.length)] = sentence(pick, random)
  lines.splice(Math.floor(random() * lines.length), 0, sentence(pick, random))
  return Buffer.from(lines.join('\n'))
}

function sentence(pick, random) {
  return Array.from({ length: 4 + Math.floor(random() * 8) }, () => pick(words)).join(' ')
}

function binary(random) {
  return Buffer.from(Array.from({ length: 200 + Math.floor(random() * 4000) }, () => Math.floor(random() * 256)))
}

/** mulberry32: small, fast, the same everywhere. */
function generator(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

async function run(command, args) {
  const [code] = await once(spawn(command, args, { stdio: 'inherit' }), 'close')
  if (code !== 0) throw new Error(`${command} ${args[0]} ends with ${code}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { commits: { type: 'string', default: '3000' }, seed: { type: 'string', default: '1' } } })
  const [folder] = positionals
  if (folder === undefined) {
    console.error('usage: node scripts/make-history.mjs <folder> [--commits 3000] [--seed 1]')
    process.exit(2)
  }
  console.log(await makeHistory(folder, { commits: Number(values.commits), seed: Number(values.seed) }))
}
