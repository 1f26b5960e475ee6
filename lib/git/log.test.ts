import { expect, test } from 'vitest'
import { countCommits, lastCommitOfEach, log } from '#lib/git/log'
import { decodeName } from '#lib/git/name'
import { TestRepository } from '#lib/git/test-repository'

test('history, newest first, page by page', async () => {
  using repository = new TestRepository()
  const commits = Array.from({ length: 7 }, (_, index) => repository.commit(`commit ${index}\n\nbody ${index}`)).reverse()
  const from = commits[0] ?? ''
  const all = await log(repository.gitDir, { from })
  expect(all.map(({ oid }) => oid)).toEqual(commits)
  expect(all[0]).toMatchObject({
    subject: 'commit 6',
    message: 'commit 6\n\nbody 6\n',
    parents: [commits[1]],
    author: { name: 'Ada Lovelace', email: 'ada@example.com', seconds: 1_700_000_420, timezone: '+0100' },
  })
  expect(all.at(-1)?.parents).toEqual([])
  const page = await log(repository.gitDir, { from, skip: 2, limit: 3 })
  expect(page.map(({ oid }) => oid)).toEqual(commits.slice(2, 5))
  const since = await log(repository.gitDir, { from, until: commits[2] ?? '' })
  expect(since.map(({ oid }) => oid)).toEqual(commits.slice(0, 2))
  expect(await countCommits(repository.gitDir, from)).toBe(7)
  expect(await countCommits(repository.gitDir, from, { limit: 3 })).toBe(3)
})

test('the history of one path, taken literally, whatever its name looks like', async () => {
  using repository = new TestRepository()
  const names = ['*.txt', ':(top)x', '--all', 'größe.txt', 'two\nlines', 'a b', 'd/e']
  const commits = names.map((name) => repository.commit(name, { [name]: name }))
  const bytes = Buffer.from([0x62, 0xe9])
  const blob = repository.git('hash-object', '-w', '--stdin', { input: 'x' })
  repository.git('update-index', '-z', '--index-info', {
    input: Buffer.concat([Buffer.from(`100644 ${blob} 0\t`), bytes, Buffer.from('\0')]),
  })
  repository.git('commit', '-q', '-m', 'odd bytes')
  const from = repository.git('rev-parse', 'HEAD')
  for (const [index, path] of names.entries()) {
    expect((await log(repository.gitDir, { from, path })).map(({ oid }) => oid), path).toEqual([commits[index]])
  }
  expect((await log(repository.gitDir, { from, path: 'd' })).map(({ oid }) => oid)).toEqual([commits.at(-1)])
  expect((await log(repository.gitDir, { from, path: decodeName(bytes) })).map(({ oid }) => oid)).toEqual([from])
  expect(await log(repository.gitDir, { from, path: 'nothing' })).toEqual([])
})

test('what is no oid never reaches git', async () => {
  using repository = new TestRepository()
  repository.commit('one')
  for (const from of ['HEAD', '--all', '--output=x', '']) {
    await expect(log(repository.gitDir, { from })).rejects.toThrow('expected a full object ID')
    await expect(lastCommitOfEach(repository.gitDir, from, '')).rejects.toThrow('expected a full object ID')
  }
  await expect(log(repository.gitDir, { from: 'f'.repeat(40) })).rejects.toThrow('git log exited with 128')
})

test('a commit in another encoding is shown in ours', async () => {
  using repository = new TestRepository()
  repository.write('message', Buffer.from('Gr\u00fc\u00dfe\n', 'latin1'))
  repository.git('-c', 'i18n.commitEncoding=ISO-8859-1', 'commit', '-q', '--allow-empty', '-F', 'message')
  const [entry] = await log(repository.gitDir, { from: repository.git('rev-parse', 'HEAD') })
  expect(entry?.subject).toBe('Grüße')
})

test('every entry of a folder has the commit that made it what it is', async () => {
  using repository = new TestRepository()
  const one = repository.commit('one', { 'a.txt': '1', 'b.txt': '1', 'd/x.txt': '1', 'd/größe.txt': '1', 'd/e/y.txt': '1' })
  const two = repository.commit('two', { 'a.txt': '2' })
  const three = repository.commit('three', { 'd/e/y.txt': '3' })
  const from = repository.git('rev-parse', 'HEAD')
  const of = async (path: string): Promise<unknown> =>
    [...((await lastCommitOfEach(repository.gitDir, from, path)) ?? [])].map(([name, entry]) => [name, entry?.oid])
  expect(await of('')).toEqual([['a.txt', two], ['b.txt', one], ['d', three]])
  expect(await of('d')).toEqual([['e', three], ['größe.txt', one], ['x.txt', one]])
  expect(await lastCommitOfEach(repository.gitDir, from, 'a.txt')).toBeNull()
  expect([...((await lastCommitOfEach(repository.gitDir, from, '', { budgetMs: -1 })) ?? [])].map(([, entry]) => entry)).toEqual([
    null,
    null,
    null,
  ])
  expect([...((await lastCommitOfEach(repository.gitDir, from, '', { maxCommits: 1 })) ?? [])].map(([, entry]) => entry?.subject)).toEqual([
    'two',
    'one',
    'three',
  ])
})

test('a change that a merge threw away does not count; one that only the merge made does', async () => {
  using repository = new TestRepository()
  const base = repository.commit('base', { 'kept.txt': 'base', 'merged.txt': 'base' })
  repository.git('switch', '-q', '-c', 'topic')
  repository.commit('topic', { 'kept.txt': 'thrown away', 'merged.txt': 'topic' })
  repository.git('switch', '-q', 'main')
  repository.commit('main', { 'merged.txt': 'main' })
  repository.try('merge', '-q', '--no-commit', 'topic')
  const merge = repository.commit('merge', { 'kept.txt': 'base', 'merged.txt': 'both' })
  const found = await lastCommitOfEach(repository.gitDir, merge, '')
  expect(found?.get('kept.txt')?.oid).toBe(base)
  expect(found?.get('merged.txt')?.oid).toBe(merge)
})
