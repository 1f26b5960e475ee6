import { remember, replaceRemembered } from '#lib/remember'

/**
 * The memory-backed folder of this process where plaintext may be for a moment: working copies, quarantines. Mode 0700,
 * emptied at start and at stop by the process (lib/server/scratch.ts).
 * @throws Error before the process has made it
 */
export function scratchRoot(): string {
  const root = remember<string | null>('scratch.root', () => null)
  if (root === null) throw new Error('the scratch folder is not there yet')
  return root
}

/** Makes a folder the scratch folder of this process. */
export function useScratchRoot(path: string): void {
  replaceRemembered('scratch.root', path)
}
