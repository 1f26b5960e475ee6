import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Pouring } from '#lib/crypto/written'

/**
 * Passes on all of a stream, at its reader's pace, and leaves the destination open.
 * @throws the source's error, the destination's, that it closed before all was written, the signal's reason
 */
export async function pour(source: Readable | (Readable & Pouring), destination: Writable, signal?: AbortSignal): Promise<void> {
  if ('pourInto' in source) await source.pourInto(destination, signal)
  else await pipeline(source, destination, { end: false, ...(signal && { signal }) })
}
