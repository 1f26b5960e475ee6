import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { isBinary, readBlob, streamBlob } from '#lib/git/blob'
import { TestRepository } from '#lib/git/test-repository'

test('a blob comes back byte for byte, whatever it holds', async () => {
  using repository = new TestRepository()
  const contents = [Buffer.alloc(0), Buffer.from('a\n'), Buffer.from('no line feed'), randomBytes(300_000), Buffer.from(`${'f'.repeat(40)} missing\n`)]
  for (const content of contents) {
    const oid = repository.git('hash-object', '-w', '--stdin', { input: content })
    expect(await readBlob(repository.gitDir, oid)).toEqual({ oid, size: content.length, content, truncated: false })
  }
})

test('of a blob above the limit the beginning is read, and the rest never held', async () => {
  using repository = new TestRepository()
  const content = randomBytes(5_000_000)
  const oid = repository.git('hash-object', '-w', '--stdin', { input: content })
  const blob = await readBlob(repository.gitDir, oid, { maxBytes: 1000 })
  expect(blob).toMatchObject({ size: 5_000_000, truncated: true })
  expect(blob?.content.equals(content.subarray(0, 1000))).toBe(true)
})

test('what is no blob is null', async () => {
  using repository = new TestRepository()
  const commit = repository.commit('one', { 'a.txt': 'a' })
  for (const oid of [commit, 'f'.repeat(40), 'HEAD:a.txt', '--batch']) expect(await readBlob(repository.gitDir, oid)).toBeNull()
})

test('a blob as a stream; one that is not there is an error, not an empty file', async () => {
  using repository = new TestRepository()
  const oid = repository.git('hash-object', '-w', '--stdin', { input: 'content' })
  const signal = AbortSignal.timeout(20_000)
  const child = streamBlob(repository.gitDir, oid, { signal })
  const chunks: Buffer[] = []
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) chunks.push(chunk)
  await child.done
  expect(Buffer.concat(chunks).toString()).toBe('content')
  const missing = streamBlob(repository.gitDir, 'f'.repeat(40), { signal })
  missing.stdout.resume()
  await expect(missing.done).rejects.toThrow('git cat-file exited with 128')
  expect(() => streamBlob(repository.gitDir, '--textconv', { signal })).toThrow('expected a full object ID')
})

test('binary is what has a NUL near its beginning', () => {
  expect(isBinary(Buffer.from('text'))).toBe(false)
  expect(isBinary(Buffer.from('a\0b'))).toBe(true)
  expect(isBinary(Buffer.concat([Buffer.alloc(8000, 'a'), Buffer.from([0])]))).toBe(false)
})
