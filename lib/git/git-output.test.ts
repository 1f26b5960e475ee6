import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { spawnGit, type GitProcess } from '#lib/git/command'
import { GitOutput } from '#lib/git/git-output'
import { useSpawner } from '#lib/git/test-spawner'

const mebibyte = 1024 * 1024
useSpawner()

/** A git that writes numbered lines, and then its exit code. */
function writes(bytes: number): GitProcess {
  return spawnGit(['-c', `alias.lines=!yes '' | cat -n | head -c ${bytes}`, 'lines'], { signal: AbortSignal.timeout(60_000), pieces: true })
}

function expected(bytes: number): string {
  const hash = createHash('sha256')
  let text = ''
  let left = bytes
  for (let line = 1; left > 0; line++) {
    text += `${String(line).padStart(6)}\t\n`
    if (text.length < mebibyte && text.length < left) continue
    hash.update(text.slice(0, left))
    left -= Math.min(left, text.length)
    text = ''
  }
  return hash.digest('hex')
}

function outputOf({ stdout }: GitProcess): GitOutput {
  if (!(stdout instanceof GitOutput)) throw new Error('the output is not one that is read in pieces')
  return stdout
}

test.each([1, 100_000, 40 * mebibyte + 17])('%i bytes come whole and in order, piece by piece, in the same memory again and again', async (size) => {
  const child = writes(size)
  const output = outputOf(child)
  const hash = createHash('sha256')
  const memories = new Set<ArrayBufferLike>()
  let bytes = 0
  for (let piece = await output.next(); piece; piece = await output.next()) {
    hash.update(piece.bytes)
    bytes += piece.bytes.length
    memories.add(piece.bytes.buffer)
    // A slow reader now and then: git has to wait.
    if (bytes % 5 === 0) await pause(1)
    piece.release()
  }
  output.destroy()
  await expect(child.done).resolves.toMatchObject({ exitCode: 0 })
  expect(bytes).toBe(size)
  expect(hash.digest('hex')).toBe(expected(size))
  expect(memories.size).toBeLessThanOrEqual(4)
})

test('as a stream it gives copies, which stay as they are', async () => {
  const size = 5 * mebibyte + 3
  const child = writes(size)
  const chunks: Buffer[] = []
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) chunks.push(chunk)
  await child.done
  expect(createHash('sha256').update(Buffer.concat(chunks)).digest('hex')).toBe(expected(size))
})

test('a reader who reads nothing holds git up: no more is read than its few memories take', async () => {
  const child = writes(200 * mebibyte)
  const output = outputOf(child)
  const first = await output.next()
  const before = process.memoryUsage().arrayBuffers
  await pause(500)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * mebibyte)
  first?.release()
  output.destroy()
  // git finds that nobody reads.
  await child.done.catch(() => undefined)
  await expect(output.next()).rejects.toThrow('given up')
})
