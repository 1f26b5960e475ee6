import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Piece, pourPieces, type Pouring } from '#lib/crypto/written'

/**
 * Passes on all of a stream, at its reader's pace, and leaves the destination open.
 * @throws the source's error, the destination's, that it closed before all was written, the signal's reason
 */
export async function pour(source: Source, destination: Writable, signal?: AbortSignal): Promise<void> {
  if ('pourInto' in source) await source.pourInto(destination, signal)
  else if ('next' in source) await pourPieces(() => source.next(), destination, { signal }).finally(() => source.destroy())
  else await pipeline(source, destination, { end: false, ...(signal && { signal }) })
}

/** A stream, or one that has a way of its own to be passed on with less garbage. */
type Source = Readable | (Readable & Pouring) | (Readable & Readonly<{ next: () => Promise<Piece | undefined> }>)
