import type { Writable } from 'node:stream'

/** Bytes in memory that is used again once they are released. */
export type Piece = Readonly<{ bytes: Uint8Array; release: () => void }>

/**
 * Writes what comes piece by piece, each when the one before is no longer needed; the destination stays open.
 * @param also  done with each piece meanwhile
 * @throws as `written`, and what `also` throws
 */
export async function pourPieces(
  next: () => Promise<Piece | undefined>,
  destination: Writable,
  { signal, also }: Readonly<{ signal?: AbortSignal | undefined; also?: (bytes: Uint8Array) => Promise<void> }> = {},
): Promise<void> {
  for (let piece = await next(); piece; piece = await next()) {
    await Promise.all([written(destination, piece.bytes, signal), also?.(piece.bytes)])
    // One that was not written to its end may be in use still: it is left to be collected.
    piece.release()
  }
}

/** Writes a chunk, and waits until nothing of it is needed any more. @throws as `pour` */
export function written(destination: Writable, chunk: Uint8Array, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error?: Error | null): void => {
      destination.off('close', closed)
      signal?.removeEventListener('abort', aborted)
      if (error) reject(error)
      else resolve()
    }
    // A server's response does not call back for what was written when its connection ended.
    const closed = (): void => end(destination.errored ?? Object.assign(new Error('the reader closed before all was written'), { code: 'ERR_STREAM_PREMATURE_CLOSE' }))
    const aborted = (): void => end(signal?.reason as Error)
    if (signal?.aborted) {
      aborted()
      return
    }
    if (destination.destroyed) {
      closed()
      return
    }
    destination.once('close', closed)
    signal?.addEventListener('abort', aborted, { once: true })
    destination.write(chunk, end)
  })
}

/** A stream that writes what it holds itself, from memory that it uses again once that is written. */
export type Pouring = Readonly<{ pourInto: (destination: Writable, signal?: AbortSignal) => Promise<void> }>
