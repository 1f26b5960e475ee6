import { lstatSync, rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { startSpawner } from '#lib/git/spawner'

/**
 * Has git started by a small process from now on (lib/git/spawner.ts). Its socket is in a folder of the system's temporary files that is
 * this user's alone, not in the scratch folder: whoever looks for what is left in that would find a socket, which no tool can read.
 * What a server that was killed has left there goes at its next start.
 *
 * Where that cannot be had, this process goes on starting git itself, more slowly.
 * @param scratch  the scratch folder, whose name is this installation's own
 * @returns stops it
 */
export async function openGitSpawner(scratch: string): Promise<() => Promise<void>> {
  const folder = join(tmpdir(), `${basename(scratch)}-git`)
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    if (isOwn(folder)) remove()
    await mkdir(folder, { mode: 0o700 })
    const stop = await startSpawner(join(folder, 'socket'))
    process.once('exit', remove)
    return async () => {
      await stop()
      remove()
      process.off('exit', remove)
    }
  } catch (error) {
    console.error(`git is started by the server itself, which is slower: ${folder} cannot be used`, error)
    return () => Promise.resolve()
  }
}

/** In a folder that all may write to, somebody else may have put something of theirs under our name: then it stays, and is not used. */
function isOwn(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  return found?.isDirectory() === true && found.uid === process.getuid?.()
}
