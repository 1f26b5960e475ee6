import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { indexPack, isPackError, objectCountOf, objectsHeld, type IndexedPack } from '#lib/git/index-pack'
import { verifyPack } from '#lib/git/pack-maintenance'
import { encodeTree } from '#lib/git/tree'
import { TestRepository } from '#lib/git/test-repository'

const signal = AbortSignal.timeout(120_000)

test('a whole pack goes into the quarantine and nowhere else', async () => {
  using source = new TestRepository()
  const first = source.commit('one', { 'a.txt': 'a'.repeat(1000), 'd/b.bin': randomBytes(2000) })
  using target = new TestRepository()
  const bytes = source.pack([first])
  const pack = await push(target, bytes)
  expect(pack).toMatchObject({ objectCount: 5, bytes: bytes.length })
  expect(readdirSync(join(target.sibling('quarantine'), 'pack')).sort()).toEqual([
    `pack-${pack?.packName}.idx`,
    `pack-${pack?.packName}.pack`,
  ])
  expect(await verifyPack(pack?.idxPath ?? '', { signal })).toBe(true)
  expect(target.git('count-objects', '-v')).toContain('in-pack: 0')
})

test('a thin pack is completed from the objects that are there', async () => {
  using source = new TestRepository()
  const first = source.commit('one', { 'a.txt': lines(2000) })
  const target = source.bare('target.git')
  const second = source.commit('two', { 'a.txt': lines(2000) + 'and one more\n' })
  const thin = source.pack([second], [first], '--thin')
  const pack = await indexPack({
    gitDir: target,
    objectDirectory: source.sibling('quarantine'),
    alternates: [join(target, 'objects')],
    pack: Readable.from([thin]),
    signal,
  })
  expect(pack?.objectCount).toBe(4)
  expect(pack?.bytes).toBeGreaterThan(thin.length)
})

test('a pack without objects is none', async () => {
  using target = new TestRepository()
  expect(await push(target, encodePack([]))).toBeNull()
  expect(readdirSync(join(target.sibling('quarantine'), 'pack'))).toEqual([])
})

test('a pack that lies is refused with git’s reason, whichever lie it tells', async () => {
  using source = new TestRepository()
  const first = source.commit('one', { 'a.txt': lines(500) })
  const second = source.commit('two', { 'a.txt': lines(500) + 'x\n' })
  const deep = source.commit('three', { 'a/b/c/deep.txt': 'deep', 'top.txt': 'top' })
  source.git('tag', '-a', '-m', 'x', 'v1')
  const tag = source.git('rev-parse', 'v1')
  const whole = source.pack([second])
  const flipped = Buffer.from(whole)
  flipped.writeUInt8((flipped[40] ?? 0) ^ 0xff, 40)
  const wrongSum = Buffer.from(whole)
  wrongSum.writeUInt8((wrongSum.at(-1) ?? 0) ^ 1, wrongSum.length - 1)
  const moreThanThere = Buffer.from(whole)
  moreThanThere.writeUInt32BE(moreThanThere.readUInt32BE(8) + 1, 8)
  const version = Buffer.from(whole)
  version.writeUInt32BE(9, 4)
  const blob = Buffer.from('not a tree at all')

  const lies: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['nothing at all', Buffer.alloc(0), /early EOF/],
    ['not a pack', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), /signature/],
    ['an unknown version', version, /version 9/],
    ['cut off', whole.subarray(0, whole.length - 30), /early EOF|inflate/],
    ['cut off in the checksum', whole.subarray(0, whole.length - 5), /early EOF/],
    ['a wrong checksum', wrongSum, /SHA1 mismatch/],
    ['a damaged object', flipped, /inflate|corrupt|serious|bad object|delta|data/],
    ['more objects promised than sent', moreThanThere, /early EOF|SHA1|bad object|inflate|unknown object/],
    ['a base that nobody has', source.pack([second], [first], '--thin'), /unresolved delta/],
    ['a tree that is none', encodePack([['tree', blob]]), /tree|parse/i],
    ['a commit that is none', encodePack([['commit', Buffer.from('tree nonsense\n')]]), /commit|parse|tree/i],
    ['a file named .git', encodePack([['blob', blob], ['tree', treeWith('.git', blob)]]), /hasDotgit/],
    ['a file named ..', encodePack([['blob', blob], ['tree', treeWith('..', blob)]]), /hasDotdot/],
    ['a commit whose parent nobody sent', source.pack([second], [first]), /did not receive expected object/],
    ['all but one file deep in a tree', packWithout(source, deep, `${deep}:a/b/c/deep.txt`), /did not receive expected object/],
    ['a tag of what nobody sent', packWithout(source, tag, deep), /did not receive expected object/],
    ['a tree whose file is missing', encodePack([['tree', treeWith('a.txt', blob)]]), /did not receive expected object/],
  ]
  for (const [lie, bytes, reason] of lies) {
    using target = new TestRepository()
    const error = await push(target, bytes).then(() => null, (thrown: unknown) => thrown)
    expect(isPackError(error), `${lie}: ${String(error)}`).toBe(true)
    expect(isPackError(error) && error.detail, lie).toMatch(reason)
    expect(readdirSync(join(target.sibling('quarantine'), 'pack')).filter((name) => name.endsWith('.idx')), lie).toEqual([])
  }
})

test('git’s own checks can be softened one by one, for histories older than the checks', async () => {
  const commit = (tree: string): Buffer =>
    Buffer.from(`tree ${tree}\nauthor Ada<ada@example.com> 1 +0000\ncommitter Ada <a@b> 1 +0000\n\nold\n`)
  const tree = createHash('sha1').update('tree 0\0').digest('hex')
  const bytes = encodePack([['tree', Buffer.alloc(0)], ['commit', commit(tree)]])
  using target = new TestRepository()
  await expect(push(target, bytes)).rejects.toSatisfy((error) => isPackError(error) && /missingSpaceBeforeEmail/.test(error.detail))
  expect(await push(target, bytes, { fsckSeverities: { missingSpaceBeforeEmail: 'ignore' } })).toMatchObject({ objectCount: 2 })
})

test('more bytes than allowed are refused', async () => {
  using source = new TestRepository()
  const bytes = source.pack([source.commit('one', { 'a.bin': randomBytes(200_000) })])
  using target = new TestRepository()
  await expect(push(target, bytes, { maxInputSize: 100_000 })).rejects.toSatisfy(
    (error) => isPackError(error) && /maximum allowed size/.test(error.detail),
  )
})

test('a client that vanishes leaves no pack behind', async () => {
  using source = new TestRepository()
  const bytes = source.pack([source.commit('one', { 'a.bin': randomBytes(200_000) })])
  using target = new TestRepository()
  const connection = new PassThrough()
  const pushed = push(target, connection)
  connection.write(bytes.subarray(0, 150_000))
  setTimeout(() => connection.destroy(new Error('aborted')), 50)
  await expect(pushed).rejects.toThrow('aborted')
  expect(readdirSync(join(target.sibling('quarantine'), 'pack')).filter((name) => name.endsWith('.pack'))).toEqual([])
})

test('an abort ends it', async () => {
  using target = new TestRepository()
  const stop = new AbortController()
  const pushed = push(target, new PassThrough(), { signal: stop.signal })
  setTimeout(() => stop.abort(new Error('the server stops')), 50)
  await expect(pushed).rejects.toThrow('the server stops')
})

test('progress reaches whoever waits', async () => {
  using source = new TestRepository()
  source.commit('one', { 'a.txt': lines(500) })
  const bytes = source.pack([source.commit('two', { 'a.txt': lines(500) + 'x\n' })])
  using target = new TestRepository()
  let heard = ''
  await push(target, bytes, { onProgress: (text) => (heard += text.toString()) })
  expect(heard).toMatch(/Resolving deltas: 100% \(\d+\/\d+\), done\./)
})

test('blobs above a size are found by what they are unpacked, not by what they take in the pack', async () => {
  using source = new TestRepository()
  const bytes = source.pack([source.commit('one', { 'zeros.bin': Buffer.alloc(3_000_000), 'small.txt': 'x' })])
  using target = new TestRepository()
  const pack = await push(target, bytes)
  expect(pack?.bytes).toBeLessThan(10_000)
  const oids = ['HEAD', 'HEAD^{tree}', 'HEAD:zeros.bin'].map((name) => source.git('rev-parse', name))
  const { largeBlobs, types } = await objectsHeld({
    gitDir: target.gitDir,
    objectDirectory: target.sibling('quarantine'),
    limit: 2_999_999,
    oids: [...oids, 'f'.repeat(40)],
    signal,
  })
  expect(largeBlobs).toEqual([{ oid: oids[2], size: 3_000_000 }])
  expect(types).toEqual(new Map([[oids[0], 'commit'], [oids[1], 'tree'], [oids[2], 'blob']]))
})

test('a pack of a few hundred bytes can hold a blob of megabytes: deltas have no bound as zlib has', async () => {
  const base = Buffer.alloc(100_000)
  const copyAll = Buffer.from([0xf0, ...littleEndian(base.length, 3)])
  const delta = Buffer.concat([varint(base.length), varint(300 * base.length), ...Array.from({ length: 300 }, () => copyAll)])
  const baseOid = createHash('sha1').update(`blob ${base.length}\0`).update(base).digest()
  const bytes = encodePack([['blob', base], ['ref-delta', delta, baseOid]])
  using target = new TestRepository()
  const pack = await push(target, bytes)
  expect(pack?.bytes).toBeLessThan(500)
  const source = { gitDir: target.gitDir, objectDirectory: target.sibling('quarantine'), signal }
  expect((await objectsHeld({ ...source, limit: 29_999_999 })).largeBlobs).toMatchObject([{ size: 30_000_000 }])
  expect((await objectsHeld({ ...source, limit: 30_000_000 })).largeBlobs).toEqual([])
  // The same without a git, as for every small pack.
  if (!pack) throw new Error('the pack has no objects')
  expect((await objectsHeld({ ...source, pack, limit: 29_999_999 })).largeBlobs).toMatchObject([{ size: 30_000_000 }])
  expect((await objectsHeld({ ...source, pack, limit: 30_000_000 })).largeBlobs).toEqual([])
})

test('a path with a colon can be an alternate', async () => {
  using source = new TestRepository()
  const first = source.commit('one', { 'a.txt': lines(2000) })
  const target = source.bare('with:colon "and" quote.git')
  const thin = source.pack([source.commit('two', { 'a.txt': lines(2000) + 'x\n' })], [first], '--thin')
  const alternates = [join(target, 'objects')]
  const objectDirectory = source.sibling('quarantine')
  expect(existsSync(objectDirectory)).toBe(false)
  const pack = await indexPack({ gitDir: target, objectDirectory, alternates, pack: Readable.from([thin]), signal })
  expect(pack).not.toBeNull()
  expect(await objectCountOf(pack?.packPath ?? '')).toBe(4)
})

async function push(
  target: TestRepository,
  bytes: Uint8Array | Readable,
  options: Partial<Parameters<typeof indexPack>[0]> = {},
): Promise<IndexedPack | null> {
  return indexPack({
    gitDir: target.gitDir,
    objectDirectory: target.sibling('quarantine'),
    alternates: [join(target.gitDir, 'objects')],
    pack: bytes instanceof Readable ? bytes : Readable.from([bytes]),
    signal,
    ...options,
  })
}

type PackedObject = readonly [type: 'commit' | 'tree' | 'blob', content: Buffer] | readonly [type: 'ref-delta', delta: Buffer, base: Buffer]

/** A pack made by hand (gitformat-pack(5)), for the objects that git itself would not write. */
function encodePack(objects: readonly PackedObject[]): Buffer {
  const header = Buffer.from('PACK\0\0\0\u0002\0\0\0\0', 'latin1')
  header.writeUInt32BE(objects.length, 8)
  const body = objects.flatMap(([type, content, base]) => {
    const number = { commit: 1, tree: 2, blob: 3, 'ref-delta': 7 }[type]
    const bytes = [(number << 4) | (content.length & 15)]
    for (let rest = content.length >> 4; rest > 0; rest >>= 7) {
      bytes.push((bytes.pop() ?? 0) | 0x80, rest & 0x7f)
    }
    return [Buffer.from(bytes), base ?? Buffer.alloc(0), deflateSync(content)]
  })
  const whole = Buffer.concat([header, ...body])
  return Buffer.concat([whole, createHash('sha1').update(whole).digest()])
}

/** A size at the head of a delta: seven bits a byte, the lowest first. */
function varint(value: number): Buffer {
  const bytes = [value & 0x7f]
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.push((bytes.pop() ?? 0) | 0x80, rest & 0x7f)
  return Buffer.from(bytes)
}

function littleEndian(value: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => (value >>> (8 * index)) & 0xff)
}

/** All that a tip leads to, but for one object. */
function packWithout(source: TestRepository, tip: string, missing: string): Buffer {
  const left = source.git('rev-parse', missing)
  const objects = source.git('rev-list', '--objects', '--no-object-names', tip).split('\n')
  return source.gitBytes('pack-objects', '--stdout', '-q', { input: objects.filter((oid) => oid !== left).join('\n') + '\n' })
}

function treeWith(name: string, blob: Buffer): Buffer {
  const oid = createHash('sha1').update(`blob ${blob.length}\0`).update(blob).digest('hex')
  return encodeTree([{ mode: '100644', name, oid }])
}

function lines(count: number): string {
  return Array.from({ length: count }, (_, index) => `line ${index} ${(index * 7919) % 1000}\n`).join('')
}
