import { expect, test } from 'vitest'
import { objectType, objectTypes, peeledTags } from '#lib/git/object-type'
import { TestRepository } from '#lib/git/test-repository'

const signal = AbortSignal.timeout(120_000)

test('an argument that is no oid never reaches git', async () => {
  await expect(objectTypes({ gitDir: '/nonexistent', oids: ['HEAD'], signal })).rejects.toThrow('expected an object ID')
})

test('objects are what they are: commit, tree, blob, tag, or not there', async () => {
  using source = new TestRepository()
  const commit = source.commit('one', { 'a.txt': 'a' })
  source.git('tag', '-a', '-m', 'x', 'v1')
  source.git('tag', '-a', '-m', 'y', 'v2', 'v1')
  const tag = source.git('rev-parse', 'v1')
  const nested = source.git('rev-parse', 'v2')
  const tree = source.git('rev-parse', 'HEAD^{tree}')
  const blob = source.git('rev-parse', 'HEAD:a.txt')
  const oids = [commit, tag, nested, tree, blob, 'e'.repeat(40)]
  const types = await objectTypes({ gitDir: source.gitDir, oids, signal })
  expect([...types.values()]).toEqual(['commit', 'tag', 'tag', 'tree', 'blob', null])
  expect(await objectType({ gitDir: source.gitDir, oid: tree, signal })).toBe('tree')
  expect(await peeledTags({ gitDir: source.gitDir, oids, signal })).toEqual(
    new Map([
      [tag, commit],
      [nested, commit],
    ]),
  )
  expect(await objectTypes({ gitDir: source.gitDir, oids: [], signal })).toEqual(new Map())
})
