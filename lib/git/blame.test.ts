import { expect, test } from 'vitest'
import { blame, unquotePath } from '#lib/git/blame'
import { decodeName } from '#lib/git/name'
import { TestRepository } from '#lib/git/test-repository'

test('each line has the commit that made it, also across a rename', async () => {
  using repository = new TestRepository()
  const one = repository.commit('erstens', { 'alt "x"\n.txt': '1\n2\n3\n4\n5\n6\n7\n8\n' })
  repository.git('mv', 'alt "x"\n.txt', 'größe.txt')
  repository.commit('umbenannt')
  const two = repository.commit('zweitens', { 'größe.txt': '1\nzwei\n3\n4\n5\n6\n7\n8\n\tneun\n' })
  const found = await blame(repository.gitDir, two, 'größe.txt')
  expect(found?.ranges.flatMap(({ oid, lines }) => lines.map((line) => [oid, line]))).toEqual([
    [one, '1'],
    [two, 'zwei'],
    ...['3', '4', '5', '6', '7', '8'].map((line) => [one, line]),
    [two, '\tneun'],
  ])
  expect(found?.ranges.map(({ line }) => line)).toEqual([1, 2, 3, 9])
  expect(found?.commits.get(one)).toEqual({
    oid: one,
    author: { name: 'Ada Lovelace', email: 'ada@example.com', seconds: 1_700_000_060, timezone: '+0100' },
    subject: 'erstens',
    path: 'alt "x"\n.txt',
  })
})

test('no such file, a folder, a path outside UTF-8: null', async () => {
  using repository = new TestRepository()
  const commit = repository.commit('one', { 'd/a.txt': 'a\n' })
  for (const path of ['nothing', 'd', '', '--help', decodeName(Buffer.from([0xff]))]) {
    expect(await blame(repository.gitDir, commit, path)).toBeNull()
  }
  await expect(blame(repository.gitDir, 'HEAD', 'd/a.txt')).rejects.toThrow('expected a full object ID')
})

test('git’s quoting is undone', () => {
  expect(unquotePath('plain name')).toBe('plain name')
  expect(unquotePath('"a\\tb\\n\\"c\\\\"')).toBe('a\tb\n"c\\')
  expect(unquotePath('"gr\\303\\266\\303\\237e"')).toBe('größe')
  expect(unquotePath('"')).toBe('"')
})
