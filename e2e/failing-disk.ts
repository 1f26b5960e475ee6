import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'

/** Which of a server's calls fail: from the `nth` on, `times` of them, with EIO. */
export type Fault = Readonly<{ operation: 'write' | 'sync' | 'rename'; path: string; nth: number; times?: number }>

/** A disk that fails where it is told to. */
export type FailingDisk = Readonly<{
  /** For the server that is to have it. */
  environment: Readonly<Record<string, string>>
  fail: (fault: Fault) => void
  /** Sound again. */
  mend: () => void
  remove: () => void
}>

/** Compiles failing-disk.c; undefined where no C compiler is, or no Linux. */
export function failingDisk(): FailingDisk | undefined {
  if (process.platform !== 'linux') return undefined
  const folder = mkdtempSync(join(tmpdir(), 'codekeep-failing-disk-'))
  const library = join(folder, 'failing-disk.so')
  const rule = join(folder, 'rule')
  writeFileSync(rule, '')
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, join(import.meta.dirname, 'failing-disk.c'), '-ldl', '-lpthread'], { stdio: 'pipe' })
  } catch {
    rmSync(folder, { recursive: true })
    return undefined
  }
  return {
    environment: { LD_PRELOAD: library, FAILING_DISK: rule, UV_USE_IO_URING: '0' },
    fail: ({ operation, path, nth, times = 1 }) => writeFileSync(rule, `${operation} ${path} ${nth} ${times} ${constants.errno.EIO} ${crypto.randomUUID()}`),
    mend: () => writeFileSync(rule, ''),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
