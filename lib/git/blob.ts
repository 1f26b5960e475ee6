import type { Readable } from 'node:stream'
import { spawnGit, type GitProcess } from '#lib/git/command'
import { checkOids } from '#lib/git/commit'
import { readSignal, withObjects, type ReadOptions } from '#lib/git/object-reader'
import { isOid } from '#lib/git/refs'

export type Blob = Readonly<{
  oid: string
  /** Of the whole blob. */
  size: number
  /** The first `maxBytes` of it. */
  content: Buffer
  truncated: boolean
}>

/**
 * A blob's first `maxBytes` (32 MiB unless told), or null if there is no such blob. A large blob is never held whole.
 */
export async function readBlob(
  gitDir: string,
  oid: string,
  { maxBytes = 32 * 1024 * 1024, ...options }: ReadOptions & { maxBytes?: number } = {},
): Promise<Blob | null> {
  if (!isOid(oid)) return null
  return withObjects(gitDir, options, async (objects) => {
    const info = await objects.info(oid)
    if (info?.type !== 'blob') return null
    if (info.size <= maxBytes) {
      const blob = await objects.read(oid, { maxBytes })
      return blob === null ? null : { oid, size: blob.size, content: blob.content, truncated: false }
    }
    const content = await firstBytes(streamBlob(gitDir, oid, { signal: readSignal(options) }), maxBytes)
    return { oid, size: info.size, content, truncated: true }
  })
}

/** A blob as a stream, for a download. Await `done`: it rejects if there is no such blob. */
export function streamBlob(
  gitDir: string,
  oid: string,
  { signal }: { signal: AbortSignal },
): Pick<GitProcess, 'stdout' | 'done' | 'stop' | 'kill'> {
  checkOids(oid)
  return spawnGit(['cat-file', 'blob', oid], { gitDir, signal })
}

/** git's own guess: a NUL among the first 8000 bytes. */
export function isBinary(content: Uint8Array): boolean {
  return content.subarray(0, 8000).includes(0)
}

async function firstBytes(child: { stdout: Readable; stop: () => Promise<void> }, count: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= count) break
  }
  await child.stop()
  return Buffer.concat(chunks).subarray(0, count)
}
