import { expect, test } from 'vitest'
import { decodeName } from '#lib/git/name'
import { encodeTree, listFiles, listTree, parseTree, pathArguments, readTreeEntry } from '#lib/git/tree'
import { TestRepository } from '#lib/git/test-repository'

test('a folder lists what git lists, with sizes', async () => {
  using repository = sample()
  const entries = await listTree(repository.gitDir, 'refs/heads/main', '')
  const expected = repository
    .gitBytes('ls-tree', '-z', '-l', 'HEAD')
    .toString()
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const [, mode, type, oid, size, name = ''] = /^(\d+) (\w+) (\w+) +(\d+|-)\t(.*)$/s.exec(line) ?? []
      return { mode, type, oid, name, path: name, size: size === '-' ? null : Number(size) }
    })
  expect(entries).toEqual(expected)
  expect(entries?.map(({ name }) => name)).toContain('line\nfeed')
  expect((await listTree(repository.gitDir, 'HEAD', '/d/größe/'))?.map(({ path }) => path)).toEqual(['d/größe/日本.txt'])
})

test('modes: executable, symbolic link, submodule', async () => {
  using repository = sample()
  const mode = async (path: string): Promise<string | undefined> => (await readTreeEntry(repository.gitDir, 'HEAD', path))?.mode
  expect(await mode('run.sh')).toBe('100755')
  expect(await mode('link')).toBe('120000')
  expect(await mode('d')).toBe('040000')
  expect(await readTreeEntry(repository.gitDir, 'HEAD', 'sub')).toMatchObject({ mode: '160000', type: 'commit', oid: '1'.repeat(40) })
  expect(await readTreeEntry(repository.gitDir, 'HEAD', '')).toMatchObject({ type: 'tree', path: '' })
})

test('what is not there is null: also below a file, in an unknown commit, or through dots', async () => {
  using repository = sample()
  for (const path of ['nothing', 'run.sh/x', 'd/nothing', '..', './d', 'd/..', '--help', 'D']) {
    expect(await readTreeEntry(repository.gitDir, 'HEAD', path)).toBeNull()
    expect(await listTree(repository.gitDir, 'HEAD', path)).toBeNull()
  }
  expect(await listTree(repository.gitDir, 'HEAD', 'run.sh')).toBeNull()
  expect(await listTree(repository.gitDir, 'f'.repeat(40), '')).toBeNull()
})

test('a name of any bytes is listed, found again by what was listed, and its blob too', async () => {
  using repository = new TestRepository()
  const blob = repository.git('hash-object', '-w', '--stdin', { input: 'content' })
  const bytes = Buffer.from([0x62, 0xff, 0xfe, 0x2e, 0x63])
  const inner = Buffer.concat([Buffer.from(`100644 blob ${blob}\t`), bytes, Buffer.from('\0')])
  const tree = repository.git('mktree', '-z', { input: inner })
  const outer = repository.git('mktree', '-z', {
    input: Buffer.concat([Buffer.from(`040000 tree ${tree}\t`), bytes, Buffer.from('\0')]),
  })
  const name = decodeName(bytes)
  const entries = await listTree(repository.gitDir, outer, name)
  expect(entries).toMatchObject([{ path: `${name}/${name}`, size: 7 }])
  expect((await readTreeEntry(repository.gitDir, outer, entries?.[0]?.path ?? ''))?.oid).toBe(blob)
  expect((await listFiles(repository.gitDir, outer))?.paths).toEqual([`${name}/${name}`])
  expect(pathArguments([name])).toBeNull()
})

test('all files below a folder, up to a limit', async () => {
  using repository = sample()
  const all = repository.gitBytes('ls-tree', '-r', '-z', '--name-only', 'HEAD').toString().split('\0').slice(0, -1)
  expect(await listFiles(repository.gitDir, 'HEAD')).toEqual({ paths: all, truncated: false })
  expect(await listFiles(repository.gitDir, 'HEAD', { path: 'd' })).toEqual({
    paths: all.filter((path) => path.startsWith('d/')),
    truncated: false,
  })
  expect(await listFiles(repository.gitDir, 'HEAD', { limit: 2 })).toEqual({ paths: all.slice(0, 2), truncated: true })
  expect(await listFiles(repository.gitDir, 'HEAD', { path: 'run.sh' })).toBeNull()
})

test('a tree object comes back to its bytes; one that is cut off is refused', () => {
  using repository = sample()
  const raw = repository.gitBytes('cat-file', 'tree', 'HEAD^{tree}')
  expect(encodeTree(parseTree(raw, '')).equals(raw)).toBe(true)
  for (let length = 1; length < 30; length++) {
    expect(() => parseTree(raw.subarray(0, raw.length - length), '')).toThrow('cut off')
  }
  expect(parseTree(Buffer.alloc(0), '')).toEqual([])
})

function sample(): TestRepository {
  const repository = new TestRepository()
  repository.commit('one', {
    'run.sh': '#!/bin/sh\n',
    'd/größe/日本.txt': 'ja',
    'd/a.txt': 'a',
    'd.txt': 'sorts between d and d/',
    'line\nfeed': 'x',
    '--help': 'an option?',
    link: 'target',
  })
  repository.git('update-index', '--chmod=+x', 'run.sh')
  repository.git('rm', '-q', '--cached', '--', '--help')
  repository.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},sub`)
  repository.git('update-index', '--add', '--cacheinfo', `120000,${repository.git('hash-object', '-w', 'link')},link`)
  repository.git('commit', '-q', '-m', 'modes')
  return repository
}
