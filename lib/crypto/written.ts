import type { Writable } from 'node:stream'

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
