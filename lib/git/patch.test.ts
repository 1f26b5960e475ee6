import { expect, test } from 'vitest'
import { diffFile, diffFiles } from '#lib/git/file-diffs'
import { parsePatch, wholeFile } from '#lib/git/patch'
import { TestRepository } from '#lib/git/test-repository'

test('hunks with the numbers of both sides; content that looks like a header is content', async () => {
  using repository = new TestRepository()
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`)
  const a = repository.commit('a', { 'a.txt': lines.join('\n') + '\n' })
  lines[1] = 'diff --git a/x b/x'
  lines.splice(20, 1, '@@ -1 +1 @@', '--- a/a.txt')
  const b = repository.commit('b', { 'a.txt': lines.join('\n') })
  const { files } = await diffFiles(repository.gitDir, a, b)
  expect(files).toHaveLength(1)
  const [first, second] = files[0]?.hunks ?? []
  expect(files[0]?.lines).toEqual({ added: 4, deleted: 3 })
  expect(first?.lines.filter(({ kind }) => kind !== 'context')).toEqual([
    { kind: 'deleted', text: 'line 2', before: 2, after: null },
    { kind: 'added', text: 'diff --git a/x b/x', before: null, after: 2 },
  ])
  expect(second?.lines.filter(({ kind }) => kind === 'added').map(({ text }) => text)).toEqual(['@@ -1 +1 @@', '--- a/a.txt'])
  expect(files[0]?.hunks?.at(-1)?.lines.at(-1)).toEqual({ kind: 'added', text: 'line 30', before: null, after: 31, unended: true })
})

test('each part of a patch is its own file’s, whatever the others have or lack', async () => {
  using repository = new TestRepository()
  const text = Array.from({ length: 20 }, (_, index) => `row ${index}`).join('\n')
  const a = repository.commit('a', { 'blank.txt': 'a b\n', 'gone.txt': 'gone\n', 'link': 'a file\n', 'mode.sh': 'x\n', 'name "quoted"\t.txt': 'one\n', 'old.txt': text, 'z.bin': new Uint8Array([0, 1, 2]) })
  repository.write('blank.txt', 'a    b\n')
  repository.write('name "quoted"\t.txt', 'two\n')
  repository.write('z.bin', new Uint8Array([0, 3, 4]))
  repository.git('rm', '-q', 'gone.txt')
  repository.git('rm', '-q', 'link')
  repository.git('mv', 'old.txt', 'new.txt')
  repository.git('add', '-A')
  repository.git('update-index', '--chmod=+x', 'mode.sh')
  const target = repository.git('hash-object', '-w', '--stdin', { input: 'elsewhere' })
  repository.git('update-index', '--add', '--cacheinfo', `120000,${target},link`)
  repository.git('commit', '-q', '-m', 'b')
  const b = repository.git('rev-parse', 'HEAD')
  for (const ignoreWhitespace of [false, true]) {
    const { files } = await diffFiles(repository.gitDir, a, b, { ignoreWhitespace })
    const byPath = new Map(files.map((file) => [(file.after ?? file.before)?.path, file]))
    expect(byPath.get('blank.txt')?.hunks).toHaveLength(ignoreWhitespace ? 0 : 1)
    expect(byPath.get('gone.txt')).toMatchObject({ change: 'deleted', lines: { added: 0, deleted: 1 }, hunks: [{ lines: [{ text: 'gone' }] }] })
    expect(byPath.get('link')?.hunks?.flatMap(({ lines }) => lines.map((line) => line.text))).toEqual(['a file', 'elsewhere'])
    expect(byPath.get('mode.sh')?.hunks).toEqual([])
    expect(byPath.get('name "quoted"\t.txt')?.hunks?.[0]?.lines.map((line) => line.text)).toEqual(['one', 'two'])
    expect(byPath.get('new.txt')).toMatchObject({ change: 'renamed', hunks: [] })
    expect(byPath.get('z.bin')).toMatchObject({ lines: null, hunks: [] })
    for (const file of files) {
      const path = (file.after ?? file.before)?.path ?? ''
      if (file.change === 'type-changed') continue
      expect((await diffFile(repository.gitDir, a, b, path, { ignoreWhitespace }))?.hunks, path).toEqual(file.hunks)
    }
  }
  expect(await diffFile(repository.gitDir, a, b, 'not there')).toBeNull()
})

test('what a cut patch does not reach is said to be missing, and nothing is shown in part', async () => {
  using repository = new TestRepository()
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`f${String(index).padStart(2, '0')}`, `${'x'.repeat(200)}\n`.repeat(5)]))
  const a = repository.commit('a', files)
  const diff = await diffFiles(repository.gitDir, null, a, { maxBytes: 10_000 })
  expect(diff.files).toHaveLength(40)
  const shown = diff.files.filter(({ hunks }) => hunks !== null)
  expect(shown.length).toBeGreaterThan(2)
  expect(shown.length).toBeLessThan(10)
  for (const { hunks, lines } of shown) expect(hunks?.[0]?.lines).toHaveLength(lines?.added ?? -1)
  expect((await diffFile(repository.gitDir, null, a, 'f39'))?.hunks?.[0]?.lines).toHaveLength(5)
})

test('a file that comes or goes is one hunk, and an empty one is none', () => {
  expect(wholeFile('added', '')).toEqual([])
  expect(wholeFile('deleted', 'a\nb')).toEqual([
    { before: 1, after: 0, heading: '', lines: [{ kind: 'deleted', text: 'a', before: 1, after: null }, { kind: 'deleted', text: 'b', before: 2, after: null, unended: true }] },
  ])
  expect(parsePatch('')).toEqual([])
})
