import { expect, test } from 'vitest'
import { diffBlobs, diffPatch, diffStat, diffTree, emptyTree, parseRawDiff } from '#lib/git/diff'
import { decodeName } from '#lib/git/name'
import { TestRepository } from '#lib/git/test-repository'

const long = Array.from({ length: 60 }, (_, index) => `line ${index}\n`).join('')

test('what was added, deleted, changed, renamed and made executable', async () => {
  using repository = new TestRepository()
  const a = repository.commit('one', { 'gone.txt': 'gone', 'changed.txt': 'x', 'old name.txt': long, 'größe.txt': 'x', 'run.sh': 'x\ny\n' })
  repository.git('rm', '-q', 'gone.txt')
  repository.git('mv', 'old name.txt', 'd.txt')
  repository.write('d.txt', long + 'one more\n')
  repository.git('update-index', '--chmod=+x', 'run.sh')
  repository.git('config', 'core.fileMode', 'false')
  const b = repository.commit('two', { 'new\n"file"': 'x', 'changed.txt': 'y' })
  const { entries, truncated } = await diffTree(repository.gitDir, a, b)
  expect(truncated).toBe(false)
  expect(entries.map(({ change, before, after, similarity }) => [change, before?.path, after?.path, similarity])).toEqual([
    ['modified', 'changed.txt', 'changed.txt', null],
    ['renamed', 'old name.txt', 'd.txt', 98],
    ['deleted', 'gone.txt', undefined, null],
    ['added', undefined, 'new\n"file"', null],
    ['modified', 'run.sh', 'run.sh', null],
  ])
  expect(entries.at(-1)).toMatchObject({ before: { mode: '100644' }, after: { mode: '100755' } })
  expect(await diffTree(repository.gitDir, a, b, { limit: 2 })).toMatchObject({ entries: entries.slice(0, 2), truncated: true })
  expect((await diffTree(repository.gitDir, a, b, { paths: ['run.sh'] })).entries).toHaveLength(1)
  expect((await diffTree(repository.gitDir, a, b, { renames: false })).entries).toHaveLength(6)
  expect(Object.fromEntries(await diffStat(repository.gitDir, a, b))).toMatchObject({
    'd.txt': { added: 1, deleted: 0 },
    'changed.txt': { added: 1, deleted: 1 },
    'new\n"file"': { added: 1, deleted: 0 },
    'run.sh': { added: 0, deleted: 0 },
  })
})

test('a first commit is compared with nothing, which need not be there', async () => {
  using repository = new TestRepository()
  const first = repository.commit('one', { 'a.txt': 'a\n', 'b.bin': Buffer.from([0, 1, 2]) })
  expect((await diffTree(repository.gitDir, null, first)).entries.map(({ change }) => change)).toEqual(['added', 'added'])
  expect((await diffStat(repository.gitDir, null, first)).get('b.bin')).toBeNull()
  const { patch } = await diffPatch(repository.gitDir, null, first)
  expect(patch).toContain('--- /dev/null\n+++ b/a.txt\n@@ -0,0 +1 @@\n+a\n')
  expect(patch).toContain('Binary files /dev/null and b/b.bin differ')
  expect(repository.try('cat-file', '-e', emptyTree).status).not.toBeNull()
})

test('a patch that git can apply, and one that is too long is cut at a line', async () => {
  using repository = new TestRepository()
  const a = repository.commit('one', { 'größe.txt': long })
  const b = repository.commit('two', { 'größe.txt': long.replace('line 30', 'Zeile 30') + 'end\n' })
  const { patch, truncated } = await diffPatch(repository.gitDir, a, b, { contextLines: 1 })
  expect(truncated).toBe(false)
  repository.git('checkout', '-q', a)
  repository.write('../p.patch', patch)
  repository.git('apply', '../p.patch')
  expect(repository.git('hash-object', 'größe.txt')).toBe(repository.git('rev-parse', `${b}:größe.txt`))
  const cut = await diffPatch(repository.gitDir, a, b, { maxBytes: 300 })
  expect(cut.truncated).toBe(true)
  expect(cut.patch.length).toBeLessThanOrEqual(300)
  expect(cut.patch.endsWith('\n')).toBe(true)
})

test('the content of a repository runs no program: no external diff, no text conversion', async () => {
  using repository = new TestRepository()
  repository.git('config', 'diff.evil.command', 'touch ../ran; cat')
  repository.git('config', 'diff.evil.textconv', 'touch ../ran; cat')
  repository.git('config', 'diff.external', 'touch ../ran; cat')
  const a = repository.commit('one', { 'a.txt': 'a\n', '.gitattributes': '*.txt diff=evil\n' })
  const b = repository.commit('two', { 'a.txt': 'b\n' })
  const [x, y] = [repository.git('rev-parse', `${a}:a.txt`), repository.git('rev-parse', `${b}:a.txt`)]
  expect((await diffPatch(repository.gitDir, a, b)).patch).toContain('-a\n+b\n')
  expect((await diffBlobs(repository.gitDir, x, y)).patch).toContain('-a\n+b\n')
  expect(repository.try('-C', '..', 'hash-object', 'ran').status).not.toBe(0)
})

test('a path that is no UTF-8 shows in the list, and its blobs can be compared', async () => {
  using repository = new TestRepository()
  const tree = (content: string): string => {
    const blob = repository.git('hash-object', '-w', '--stdin', { input: content })
    return repository.git('mktree', '-z', {
      input: Buffer.concat([Buffer.from(`100644 blob ${blob}\t`), Buffer.from([0x62, 0xff]), Buffer.from('\0')]),
    })
  }
  const { entries } = await diffTree(repository.gitDir, tree('a\n'), tree('b\n'))
  const name = decodeName(Buffer.from([0x62, 0xff]))
  expect(entries).toMatchObject([{ change: 'modified', before: { path: name }, after: { path: name } }])
  const [entry] = entries
  expect((await diffBlobs(repository.gitDir, entry?.before?.oid ?? '', entry?.after?.oid ?? '')).patch).toContain('-a\n+b\n')
  await expect(diffPatch(repository.gitDir, tree('a\n'), tree('b\n'), { paths: [name] })).rejects.toThrow('compare its blobs')
})

test('names on the command line are oids only, and an output that is cut off is refused', async () => {
  using repository = new TestRepository()
  await expect(diffTree(repository.gitDir, '--output=x', 'f'.repeat(40))).rejects.toThrow('expected a full object ID')
  await expect(diffTree(repository.gitDir, null, 'f'.repeat(40))).rejects.toThrow('git diff-tree exited with 128')
  const header = `:100644 100644 ${'a'.repeat(40)} ${'b'.repeat(40)}`
  expect(() => parseRawDiff(Buffer.from(`${header} M\0`))).toThrow('cut off')
  expect(() => parseRawDiff(Buffer.from(`${header} R100\0a\0`))).toThrow('cut off')
})
