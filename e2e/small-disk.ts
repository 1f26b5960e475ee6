import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of some megabytes, in memory, in a folder of its own or over `at`; undefined for who may not make one. */
export function smallDisk(megabytes: number, at?: string): { folder: string; remove: () => void } | undefined {
  const folder = at ?? mkdtempSync(join(tmpdir(), 'codekeep-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'codekeep-e2e', folder], { stdio: 'ignore' })
  } catch {
    rmSync(folder, { recursive: true })
    return undefined
  }
  return {
    folder,
    remove: () => {
      execFileSync('umount', ['-l', folder])
      if (at === undefined) rmSync(folder, { recursive: true })
    },
  }
}
