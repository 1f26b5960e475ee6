import { execFileSync } from 'node:child_process'

/** Seconds of the first commit of a seed; each later one is a day younger. */
const firstDay = Date.UTC(2025, 0, 1) / 1000

/**
 * A history with everything that a fetch may ask for: merges, light, annotated and nested tags, a tag of a blob and of a tree,
 * names outside ASCII, a symbolic link, an executable, a submodule's entry, files large and small, refs outside heads and tags.
 * @returns its folder, a bare repository
 */
export function seedHistory(folder: string): string {
  const stream: string[] = []
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`
  const commit = (ref: string, mark: number, lines: readonly string[], parents: readonly number[] = []): void => {
    const when = `Alice Example <alice@example.com> ${firstDay + mark * 86_400} +0100`
    const [from, ...merged] = parents
    stream.push(`commit ${ref}\nmark :${mark}\nauthor ${when}\ncommitter ${when}\n${data(`Commit ${mark}: Straße, 日本\n`)}`)
    if (from !== undefined) stream.push(`from :${from}\n`)
    for (const parent of merged) stream.push(`merge :${parent}\n`)
    stream.push(...lines.map((line) => `${line}\n`))
  }
  const file = (path: string, text: string, mode = '100644'): string => `M ${mode} inline ${path}\n${data(text)}`.slice(0, -1)
  const tag = (name: string, from: number, mark: number): void => {
    stream.push(`tag ${name}\nmark :${mark}\nfrom :${from}\ntagger Alice Example <alice@example.com> ${firstDay + mark * 60} +0000\n${data(`Tag ${name}`)}`)
  }
  for (let mark = 1; mark <= 30; mark += 1) {
    commit('refs/heads/main', mark, [file('counter.txt', `line\n`.repeat(40 + mark)), file(`src/part-${mark % 7}/größe-${mark}.txt`, `${mark}\n`), ...(mark === 3 ? [file('large.bin', pseudoRandom(60_000))] : [])], mark === 1 ? [] : [mark - 1])
  }
  for (let mark = 31; mark <= 40; mark += 1) commit('refs/heads/topic', mark, [file(`topic/${mark}.txt`, `topic ${mark}\n`)], [mark === 31 ? 20 : mark - 1])
  commit('refs/heads/main', 41, [file('link', 'counter.txt', '120000'), file('run.sh', '#!/bin/sh\n', '100755'), `M 160000 ${'5'.repeat(40)} vendor/library`, file('日本/ファイル.txt', 'x\n')], [30, 40])
  commit('refs/heads/feature/ünïcode', 42, [file('feature.txt', 'f\n')], [41])
  commit('refs/heads/orphan', 43, ['deleteall', file('alone.txt', 'alone\n')])
  commit('refs/notes/commits', 44, [file('note', 'noted\n')])
  commit('refs/pull/1/head', 45, [file('pulled.txt', 'pulled\n')], [25])
  tag('v1.0', 10, 101)
  tag('v2.0', 41, 102)
  tag('nested', 102, 103)
  tag('版本-3', 42, 104)
  stream.push(`reset refs/tags/light\nfrom :15\n\n`, 'done\n')
  init(folder, stream.join(''))
  const rev = (name: string): string => run(folder, ['rev-parse', name]).trim()
  run(folder, ['update-ref', 'refs/tags/a-blob', rev('main:counter.txt')])
  run(folder, ['update-ref', 'refs/tags/a-tree', rev('main:src')])
  run(folder, ['repack', '-adq'])
  return folder
}

/** Three commits on main, two on topic, a tag. */
export function seedSmall(folder: string): string {
  const text = (value: string): string => `data ${Buffer.byteLength(value)}\n${value}\n`
  const when = (mark: number): string => `Alice Example <alice@example.com> ${firstDay + mark * 86_400} +0000`
  const stream = [1, 2, 3, 4, 5].map((mark) => {
    const ref = mark > 3 ? 'refs/heads/topic' : 'refs/heads/main'
    const from = mark === 1 ? '' : `from :${mark === 4 ? 2 : mark - 1}\n`
    return `commit ${ref}\nmark :${mark}\ncommitter ${when(mark)}\n${text(`Commit ${mark}`)}${from}M 100644 inline file-${mark}.txt\n${text(pseudoRandom(3000 * mark))}`
  })
  init(folder, `${stream.join('')}tag v1\nfrom :2\ntagger ${when(6)}\n${text('One')}done\n`)
  return folder
}

function init(folder: string, stream: string): void {
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', folder])
  execFileSync('git', ['fast-import', '--quiet', '--done'], { cwd: folder, input: stream })
}

function run(cwd: string, args: readonly string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8' })
}

/** Text that hardly compresses, the same each time (a linear congruential generator; Knuth's constants of MMIX). */
function pseudoRandom(length: number): string {
  let state = 0x2545f491n
  let text = ''
  while (text.length < length) {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffff_ffff_ffff_ffffn
    text += (state >> 11n).toString(36)
  }
  return text.slice(0, length)
}
