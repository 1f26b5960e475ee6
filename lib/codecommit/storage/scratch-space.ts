import { statfsSync } from 'node:fs'
import { config } from '#lib/config'
import { ServiceException } from '#lib/operation/exception'
import { remember } from '#lib/remember'
import { scratchRoot } from '#lib/scratch'

/**
 * Reserves room for plaintext in scratch, making it by `evict` (working copies, least recently used first).
 * @throws ServiceException ServiceUnavailableException where what is in use leaves no room
 */
export async function reserveScratch(bytes: number, evict: () => Promise<boolean>): Promise<void> {
  const space = spaceTaken()
  while (space.taken + bytes > scratchLimit()) {
    // One that is larger than all the room there is may still try alone: the file system has the last word.
    if (await evict()) continue
    if (space.taken === 0) break
    throw new ServiceException('ServiceUnavailableException', 'There is no room in memory to open this repository now. Try again in a moment.', {
      fault: 'server',
      httpStatus: 503,
    })
  }
  space.taken += bytes
}

/** Gives reserved room back. */
export function releaseScratch(bytes: number): void {
  const space = spaceTaken()
  space.taken = Math.max(0, space.taken - bytes)
}

/** Bytes that are reserved now. */
export function scratchTaken(): number {
  return spaceTaken().taken
}

/** CODEKEEP_SCRATCH_BYTES, or half of what the folder had free when it was first asked. */
export function scratchLimit(): number {
  const configured = config().scratchBytes
  if (configured !== undefined) return configured
  return remember('scratch.limit', () => {
    const { bavail, bsize } = statfsSync(scratchRoot())
    return Math.floor((bavail * bsize) / 2)
  })
}

function spaceTaken(): { taken: number } {
  return remember('scratch.space', () => ({ taken: 0 }))
}
