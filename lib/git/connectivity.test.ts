import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { createBareRepository } from '#lib/git/bare-repository'
import { checkConnected, objectType, objectTypes, packHas, peeledTags, type Connectivity } from '#lib/git/connectivity'
import { indexPack, type IndexedPack } from '#lib/git/index-pack'
import { TestRepository } from '#lib/git/test-repository'

const signal = AbortSignal.timeout(120_000)

test('a push of everything is connected, and its own pack proves it', async () => {
  using source = new TestRepository()
  const tip = source.commit('one', { 'a.txt': 'a', 'd/b.txt': 'b' })
  const { pack, check } = await receive(source, source.pack([tip]))
  expect(pack?.selfContained).toBe(true)
  expect(await check([tip])).toEqual({ connected: true })
  expect(await check([tip], pack)).toEqual({ connected: true })
})

test('a commit whose parent nobody sent is refused, and the missing object named', async () => {
  using source = new TestRepository()
  const first = source.commit('one', { 'a.txt': 'a' })
  const second = source.commit('two', { 'a.txt': 'b' })
  const { pack, check } = await receive(source, source.pack([second], [first]), { strict: false })
  for (const proof of [undefined, pack]) {
    const found = await check([second], proof)
    expect(found).toMatchObject({ connected: false, missing: first })
  }
})

test('a missing blob deep in a tree is found, though every commit is there', async () => {
  using source = new TestRepository()
  const tip = source.commit('one', { 'a/b/c/deep.txt': 'deep', 'top.txt': 'top' })
  const blob = source.git('rev-parse', 'HEAD:a/b/c/deep.txt')
  const objects = source
    .git('rev-list', '--objects', '--no-object-names', tip)
    .split('\n')
    .filter((oid) => oid !== blob)
  const bytes = source.gitBytes('pack-objects', '--stdout', '-q', { input: objects.join('\n') + '\n' })
  const { check } = await receive(source, bytes, { strict: false })
  expect(await check([tip])).toMatchObject({ connected: false, missing: blob })
})

test('a ref to an object that nobody has is refused, also beside a pack that proves itself', async () => {
  using source = new TestRepository()
  const tip = source.commit('one', { 'a.txt': 'a' })
  const { pack, check } = await receive(source, source.pack([tip]))
  const nowhere = 'f'.repeat(40)
  expect(await check([tip, nowhere], pack)).toMatchObject({ connected: false, missing: nowhere })
})

test('what the repository has already counts, by the tips it is told', async () => {
  using source = new TestRepository()
  const first = source.commit('one', { 'a.txt': 'a' })
  const target = source.bare('target.git')
  const second = source.commit('two', { 'b.txt': 'b' })
  const objectDirectory = source.sibling('quarantine')
  const alternates = [join(target, 'objects')]
  const bytes = source.pack([second], [first], '--thin')
  const pack = await indexPack({ gitDir: target, objectDirectory, alternates, pack: Readable.from([bytes]), signal })
  expect(pack?.selfContained).toBe(false)
  const check = checkConnected({ gitDir: target, objectDirectory, alternates, newOids: [second], refTips: [first], pack, signal })
  expect(await check).toEqual({ connected: true })
})

test('nothing new is connected without asking git', async () => {
  const nowhere = { gitDir: '/nonexistent', newOids: [], refTips: [], signal }
  expect(await checkConnected(nowhere)).toEqual({ connected: true })
})

test('an argument that is no oid never reaches git', async () => {
  const check = checkConnected({ gitDir: '/nonexistent', newOids: ['--all'], refTips: [], signal })
  await expect(check).rejects.toThrow('expected an object ID')
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

test('an index says what its pack holds: every object of it, and none besides', async () => {
  using source = new TestRepository()
  for (let index = 0; index < 40; index++) source.commit(`commit ${index}`, { [`f${index}.txt`]: String(index) })
  const { pack } = await receive(source, source.pack(['main']))
  const all = source.git('rev-list', '--objects', '--no-object-names', 'main').split('\n')
  const others = ['0'.repeat(40), 'f'.repeat(40), ...all.map((oid) => oid.slice(0, 38) + (oid.endsWith('00') ? '01' : '00'))]
  expect(await packHas(pack?.idxPath ?? '', [...others, ...all])).toEqual(new Set(all))
})

async function receive(
  source: TestRepository,
  bytes: Buffer,
  options: { strict?: boolean } = {},
): Promise<{ pack: IndexedPack | null; check: (oids: string[], pack?: IndexedPack | null) => Promise<Connectivity> }> {
  const gitDir = source.sibling('target.git')
  await createBareRepository(gitDir)
  const objectDirectory = source.sibling('quarantine')
  const alternates = [join(gitDir, 'objects')]
  const pack = await indexPack({ gitDir, objectDirectory, alternates, pack: Readable.from([bytes]), signal, ...options })
  return {
    pack,
    check: (newOids, proof) => checkConnected({ gitDir, objectDirectory, alternates, newOids, refTips: [], pack: proof, signal }),
  }
}
