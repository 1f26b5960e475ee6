import { join } from 'node:path'
import { startSpawner } from '#lib/git/spawner'

/**
 * Has git started by a small process from now on (lib/git/spawner.ts), through a socket in this process's scratch folder. Where
 * the folder's path is too long for a socket, this process goes on starting git itself, more slowly.
 * @returns stops it
 */
export async function openGitSpawner(scratch: string): Promise<() => Promise<void>> {
  try {
    return await startSpawner(join(scratch, 'git.sock'))
  } catch (error) {
    console.error('git is started by the server itself, which is slower: set CODEKEEP_SCRATCH_DIR to a shorter path', error)
    return () => Promise.resolve()
  }
}
