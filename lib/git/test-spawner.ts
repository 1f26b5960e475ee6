import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { startSpawner } from '#lib/git/spawner'

/** Has each test of a file start git through a spawner of its own. @returns its folder */
export function useSpawner(): () => string {
  let folder = ''
  let stop: () => Promise<void>
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'codekeep-git-'))
    stop = await startSpawner(join(folder, 'git.sock'))
  })
  afterEach(async () => {
    await stop()
    rmSync(folder, { recursive: true })
  })
  return () => folder
}
