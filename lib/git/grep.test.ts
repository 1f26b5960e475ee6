import { expect, test } from 'vitest'
import { isGitError } from '#lib/git/command'
import { grep } from '#lib/git/grep'
import { TestRepository } from '#lib/git/test-repository'

test('text is found with its place, in text files of that commit only', async () => {
  using repository = new TestRepository()
  const commit = repository.commit('one', {
    'd/größe.txt': 'first\n  needle.one\nneedle-one\n',
    'b.bin': Buffer.from('needle.one\0'),
    'odd\n:1:name': 'needle.one',
  })
  repository.commit('two', { 'later.txt': 'needle.one' })
  const { matches, truncated } = await grep(repository.gitDir, commit, 'needle.one')
  expect(truncated).toBe(false)
  expect(matches).toEqual([
    { path: 'd/größe.txt', line: 2, text: '  needle.one', found: [[2, 12]] },
    { path: 'odd\n:1:name', line: 1, text: 'needle.one', found: [[0, 10]] },
  ])
  expect((await grep(repository.gitDir, commit, 'needle.one', { regexp: true })).matches).toHaveLength(3)
  expect((await grep(repository.gitDir, commit, 'n[e.]+d', { regexp: true, path: 'd' })).matches.map(({ found }) => found)).toEqual([[[2, 6]], [[0, 4]]])
  expect((await grep(repository.gitDir, commit, 'NEEDLE', { ignoreCase: true, path: 'd' })).matches).toHaveLength(2)
  expect(await grep(repository.gitDir, commit, 'nowhere')).toEqual({ matches: [], truncated: false })
  expect(await grep(repository.gitDir, commit, '')).toEqual({ matches: [], truncated: false })
})

test('a search that finds too much is cut short', async () => {
  using repository = new TestRepository()
  const commit = repository.commit('one', { 'a.txt': 'x\n'.repeat(50_000), 'min.js': 'x'.repeat(100_000) })
  const { matches, truncated } = await grep(repository.gitDir, commit, 'x', { limit: 10 })
  expect(truncated).toBe(true)
  expect(matches).toHaveLength(10)
  const long = await grep(repository.gitDir, commit, 'x', { path: 'min.js' })
  expect(long.matches[0]?.text).toHaveLength(1000)
})

test('a pattern is never an option, and a bad expression is told', async () => {
  using repository = new TestRepository()
  const commit = repository.commit('one', { 'a.txt': '--open-files-in-pager=true\n' })
  expect((await grep(repository.gitDir, commit, '--open-files-in-pager=true')).matches).toHaveLength(1)
  await expect(grep(repository.gitDir, commit, '(', { regexp: true })).rejects.toSatisfy(
    (error) => isGitError(error) && /Unmatched/.test(error.stderr),
  )
  await expect(grep(repository.gitDir, '--cached', 'x')).rejects.toThrow('expected a full object ID')
})
