import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { indexPack, type IndexedPack } from '#lib/git/index-pack'
import { isSmallPack, objectsOfSmallPack } from '#lib/git/small-pack'
import { TestRepository } from '#lib/git/test-repository'

const signal = AbortSignal.timeout(120_000)

test('what is read of a small pack is what git says of it: whole objects of every kind, deltas on a place and on an ID, completed thin packs', async () => {
  using source = new TestRepository()
  const text = Array.from({ length: 3000 }, (_, line) => `line ${line} ${line * 7919}\n`)
  const one = source.commit('one', { 'a.txt': text.join(''), 'b.bin': randomBytes(40_000), empty: '', 'd/c.txt': 'c' })
  source.git('tag', '-a', '-m', 'a tag', 'v1', one)
  const tag = source.git('rev-parse', 'v1').trim()
  const tips = [one]
  for (let change = 0; change < 6; change++) tips.push(source.commit(`change ${change}`, { 'a.txt': text.toSpliced(change * 400, 1, `changed ${change}\n`).join('') }))
  const last = tips.at(-1) ?? ''
  const packs = [
    source.pack([last, tag]),
    source.pack([last, tag], [], '--delta-base-offset'),
    source.pack([last], [one], '--thin'),
    source.pack([last], [one], '--thin', '--delta-base-offset'),
    source.pack([tag], [last]),
  ]
  for (const [index, bytes] of packs.entries()) {
    const objectDirectory = source.sibling(`quarantine-${index}`)
    const pack = await indexPack({ gitDir: source.gitDir, objectDirectory, alternates: [`${source.gitDir}/objects`], pack: Readable.from([bytes]), signal })
    if (!pack) throw new Error('the pack has no objects')
    expect(isSmallPack(pack)).toBe(true)
    const read = [...(await objectsOfSmallPack(pack))].map(([oid, { type, size }]) => `${type} ${oid} ${size}`)
    expect(read.sort()).toEqual(whatGitSays(source, pack))
  }
})

test('a blob that a delta of a few bytes makes large is as large as git says', async () => {
  using source = new TestRepository()
  const zeroes = source.commit('zeroes', { zeroes: Buffer.alloc(30_000_000) })
  const more = source.commit('more', { zeroes: Buffer.alloc(30_000_001) })
  const pack = await indexPack({ gitDir: source.gitDir, objectDirectory: source.sibling('quarantine'), alternates: [], pack: Readable.from([source.pack([more])]), signal })
  if (!pack) throw new Error('the pack has no objects')
  expect(isSmallPack(pack)).toBe(true)
  const objects = await objectsOfSmallPack(pack)
  expect([...objects.values()].filter(({ size }) => size > 1_000_000).map(({ size }) => size).sort()).toEqual([30_000_000, 30_000_001])
  expect(objects.get(zeroes)?.type).toBe('commit')
})

test('what is no pack is an error, and a large one is not small', async () => {
  using source = new TestRepository()
  const path = source.sibling('no-pack')
  source.git('cat-file', '-t', source.commit('one', { a: 'a' }))
  await expect(objectsOfSmallPack({ packPath: `${source.gitDir}/HEAD`, idxPath: `${source.gitDir}/HEAD` })).rejects.toThrow('not a pack index')
  await expect(objectsOfSmallPack({ packPath: path, idxPath: path })).rejects.toThrow('ENOENT')
  expect(isSmallPack({ bytes: 256 * 1024 + 1, objectCount: 1 })).toBe(false)
  expect(isSmallPack({ bytes: 1000, objectCount: 101 })).toBe(false)
})

/** One line an object, as `git verify-pack` prints them, with the size of what a delta makes by `cat-file`. */
function whatGitSays(source: TestRepository, pack: IndexedPack): string[] {
  const oids = source
    .git('verify-pack', '-v', pack.idxPath)
    .split('\n')
    .flatMap((line) => /^([0-9a-f]{40}) /.exec(line)?.[1] ?? [])
  return oids.map((oid) => `${source.git('cat-file', '-t', oid).trim()} ${oid} ${source.git('cat-file', '-s', oid).trim()}`).sort()
}
