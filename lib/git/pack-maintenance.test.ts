import { appendFileSync, chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { git } from '#lib/git/command'
import { countObjects, foldPacks, fsck, repackAll, verifyPack, writeBundle } from '#lib/git/pack-maintenance'
import { TestRepository } from '#lib/git/test-repository'

const signal = AbortSignal.timeout(120_000)

test('many packs become one with a bitmap, and the repository itself is left alone', async () => {
  using repository = new TestRepository()
  packEach(repository, 5)
  const before = await countObjects(repository.gitDir, { signal })
  expect(before).toMatchObject({ packs: 5, looseObjects: 0 })
  const output = repository.sibling('folded')
  let heard = ''
  const pack = await repackAll({
    gitDir: repository.gitDir,
    outputDirectory: output,
    bitmap: true,
    signal,
    onProgress: (text) => (heard += text.toString()),
  })
  expect(pack?.objectCount).toBe(before.objects)
  expect(pack?.bitmapPath).not.toBeNull()
  expect(heard).toContain('Writing objects: 100%')
  expect(await verifyPack(pack?.idxPath ?? '', { signal })).toBe(true)
  expect(await countObjects(repository.gitDir, { signal })).toEqual(before)

  // The pack alone is the whole repository, and git uses its bitmap.
  const packs = join(repository.gitDir, 'objects', 'pack')
  for (const name of readdirSync(packs)) rmSync(join(packs, name))
  for (const name of readdirSync(output)) writeFileSync(join(packs, name), readFileSync(join(output, name)))
  expect(await fsck(repository.gitDir, { signal })).toEqual({ ok: true, problems: [] })
  expect(repository.git('rev-list', '--test-bitmap', 'HEAD')).toBe('')
})

test('what no ref reaches is kept, because a push may rely on it', async () => {
  using repository = new TestRepository()
  repository.commit('one', { 'a.txt': 'a' })
  const lost = repository.commit('lost', { 'b.txt': 'b' })
  repository.git('repack', '-q', '-a', '-d')
  repository.git('reset', '-q', '--hard', 'HEAD~1')
  repository.git('reflog', 'expire', '--expire=now', '--all')
  const pack = await repackAll({ gitDir: repository.gitDir, outputDirectory: repository.sibling('output'), bitmap: true, signal })
  expect(repository.git('verify-pack', '-v', pack?.idxPath ?? '')).toContain(lost)
})

test('a few small packs are folded beside the large one', async () => {
  using repository = new TestRepository()
  packEach(repository, 4)
  const packs = readdirSync(join(repository.gitDir, 'objects', 'pack')).filter((name) => name.endsWith('.pack'))
  const some = packs.slice(0, 2)
  const pack = await foldPacks({ gitDir: repository.gitDir, packs: some, outputDirectory: repository.sibling('folded'), signal })
  const counted = some.map((name) => repository.git('show-index', { input: readFileSync(join(repository.gitDir, 'objects/pack', name.replace('.pack', '.idx'))) }).split('\n').length)
  expect(pack?.objectCount).toBe(counted.reduce((sum, count) => sum + count, 0))
  expect(pack?.bitmapPath).toBeNull()
})

test('a repository without objects has nothing to fold', async () => {
  using repository = new TestRepository()
  expect(await repackAll({ gitDir: repository.gitDir, outputDirectory: repository.sibling('none'), bitmap: true, signal })).toBeNull()
  expect(await countObjects(repository.gitDir, { signal })).toEqual({ objects: 0, packs: 0, packBytes: 0, looseObjects: 0 })
})

test('a bundle is cloned like a repository; an empty one is refused', async () => {
  using repository = new TestRepository()
  repository.commit('one', { 'größe.txt': 'x' })
  repository.git('branch', 'größe/日本')
  repository.git('tag', '-a', '-m', 'x', 'v1')
  const bundle = async (refs?: readonly string[]): Promise<Buffer> => {
    const child = writeBundle({ gitDir: repository.gitDir, signal, ...(refs === undefined ? {} : { refs }) })
    const chunks: Buffer[] = []
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) chunks.push(chunk)
    await child.done
    return Buffer.concat(chunks)
  }
  writeFileSync(repository.sibling('all.bundle'), await bundle())
  repository.git('clone', '-q', '../all.bundle', '../from-bundle')
  const names = (where: string): string => repository.git('ls-remote', where)
  expect(names('../all.bundle').split('\n').sort()).toEqual(
    names('.').split('\n').filter((line) => !line.endsWith('^{}')).sort(),
  )
  expect((await bundle(['refs/heads/größe/日本'])).toString('latin1', 0, 200)).not.toContain('refs/heads/main')

  using empty = new TestRepository()
  const refused = writeBundle({ gitDir: empty.gitDir, signal })
  refused.stdout.resume()
  await expect(refused.done).rejects.toThrow('git bundle exited with 128')
})

test('damage is found: a missing object, a flipped byte', async () => {
  using repository = new TestRepository()
  packEach(repository, 1)
  const pack = readdirSync(join(repository.gitDir, 'objects', 'pack')).find((name) => name.endsWith('.pack')) ?? ''
  const path = join(repository.gitDir, 'objects', 'pack', pack)
  const idx = path.replace(/pack$/, 'idx')
  expect(await fsck(repository.gitDir, { signal, connectivityOnly: true })).toEqual({ ok: true, problems: [] })
  const bytes = readFileSync(path)
  chmodSync(path, 0o600)
  bytes.writeUInt8((bytes[30] ?? 0) ^ 0xff, 30)
  writeFileSync(path, bytes)
  expect(await verifyPack(idx, { signal })).toBe(false)
  const found = await fsck(repository.gitDir, { signal })
  expect(found.ok).toBe(false)
  expect(found.problems.join('\n')).toMatch(/error|fatal|corrupt|missing/)
  expect(await verifyPack('/nonexistent.idx', { signal })).toBe(false)

  using other = new TestRepository()
  other.commit('one', { 'a.txt': 'a' })
  const blob = other.git('rev-parse', 'HEAD:a.txt')
  rmSync(join(other.gitDir, 'objects', blob.slice(0, 2), blob.slice(2)))
  expect((await fsck(other.gitDir, { signal })).problems).toContain(`missing blob ${blob}`)
  appendFileSync(join(other.gitDir, 'HEAD'), 'x')
})

test('an abort ends a fold and leaves no pack behind under its name', async () => {
  using repository = new TestRepository()
  packEach(repository, 3)
  const outputDirectory = repository.sibling('folded')
  const aborted = AbortSignal.abort(new Error('the server stops'))
  await expect(repackAll({ gitDir: repository.gitDir, outputDirectory, bitmap: true, signal: aborted })).rejects.toThrow('the server stops')
  expect(readdirSync(outputDirectory)).toEqual([])
  await git(['version'], { signal })
})

function packEach(repository: TestRepository, count: number): void {
  for (let index = 0; index < count; index++) {
    repository.commit(`commit ${index}`, { [`d/${index}.txt`]: `${index}\n`.repeat(100), 'same.txt': `${index}\n` })
    repository.git('repack', '-q', '-d')
  }
}
