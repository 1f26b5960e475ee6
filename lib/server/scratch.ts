import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { chmod, lstat, mkdir, readFile, realpath, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ConfigError, type Config } from '#lib/config'
import { useScratchRoot } from '#lib/scratch'

/** The scratch folder of this process, once it is checked and empty. */
export type Scratch = Readonly<{
  path: string
  /** What the log must keep saying: the folder is on disk, or memory may be swapped out. Empty where all is well. */
  warnings: readonly string[]
  [Symbol.asyncDispose]: () => Promise<void>
}>

/**
 * Checks CODEKEEP_SCRATCH_DIR (kind, free size), makes this installation's own folder in it (mode 0700, ours alone), empties it
 * of what a killed process left, and tells the process about it.
 *
 * @throws ConfigError where the folder is not memory-backed and CODEKEEP_ALLOW_PLAINTEXT_SCRATCH is not yes, is not there, or has
 * next to nothing free
 */
export async function openScratch(config: ScratchConfig): Promise<Scratch> {
  const base = await realpath(config.scratchDir).catch(() => {
    throw new ConfigError(`CODEKEEP_SCRATCH_DIR: ${config.scratchDir} is not there. ${advice()}`)
  })
  const warnings = (await isMemoryBacked(base)) ? await swapWarnings() : [plaintextWarning(base, config)]
  const { bavail, bsize } = await statfs(base)
  if (bavail * bsize < leastFree) {
    throw new ConfigError(`CODEKEEP_SCRATCH_DIR: ${base} has ${Math.floor((bavail * bsize) / 2 ** 20)} MiB free; ${leastFree / 2 ** 20} MiB are the least to work with`)
  }
  const path = join(base, `codekeep-${userId()}-${createHash('sha256').update(config.dataDir).digest('hex').slice(0, 12)}`)
  await removeOwn(path)
  await mkdir(path, { mode: 0o700 })
  await chmod(path, 0o700)
  useScratchRoot(path)
  // However the process ends, short of a kill: a start that fails, a second signal.
  const removeAtExit = (): void => rmSync(path, { recursive: true, force: true })
  process.once('exit', removeAtExit)
  return {
    path,
    warnings,
    [Symbol.asyncDispose]: async () => {
      await rm(path, { recursive: true, force: true })
      process.off('exit', removeAtExit)
    },
  }
}

type ScratchConfig = Pick<Config, 'scratchDir' | 'allowPlaintextScratch' | 'dataDir'>

/** Less than this cannot hold even a small repository's working copy. */
const leastFree = 64 * 2 ** 20

// statfs(2): what kind of file system a folder is on.
const memoryFileSystems: ReadonlySet<number> = new Set([0x01021994 /* tmpfs */, 0x858458f6 /* ramfs */])

async function isMemoryBacked(folder: string): Promise<boolean> {
  if (process.platform === 'darwin') {
    const { stdout } = await promisify(execFile)('hdiutil', ['info']).catch(() => ({ stdout: '' }))
    return isOnMemoryDisk(folder, stdout)
  }
  return process.platform === 'linux' && memoryFileSystems.has((await statfs(folder)).type)
}

/** Whether a folder is on a disk image in memory, by what `hdiutil info` prints: sections between lines of `=`. */
export function isOnMemoryDisk(folder: string, hdiutilInfo: string): boolean {
  const mountPoints = hdiutilInfo
    .split(/^=+$/m)
    .filter((section) => /^image-path\s*:\s*ram:\/\//m.test(section))
    .flatMap((section) => [...section.matchAll(/^\/dev\/\S+\s.*?(\/\S.*)$/gm)].map((line) => line[1] ?? ''))
  return mountPoints.some((mountPoint) => mountPoint !== '' && (folder === mountPoint || folder.startsWith(`${mountPoint}/`)))
}

function plaintextWarning(folder: string, { allowPlaintextScratch }: ScratchConfig): string {
  if (!allowPlaintextScratch) {
    throw new ConfigError(
      `CODEKEEP_SCRATCH_DIR: ${folder} is not backed by memory, so repository data would be on disk in the clear. ${advice()} ` +
        'CODEKEEP_ALLOW_PLAINTEXT_SCRATCH=yes accepts the risk.',
    )
  }
  return `repository data is on disk in the clear while it is used: ${folder} is not backed by memory (CODEKEEP_ALLOW_PLAINTEXT_SCRATCH=yes)`
}

function advice(): string {
  if (process.platform === 'darwin') {
    return (
      'Make a disk in memory (here 4 GiB): diskutil erasevolume APFS Codekeep $(hdiutil attach -nomount ram://8388608) ' +
      'and set CODEKEEP_SCRATCH_DIR=/Volumes/Codekeep.'
    )
  }
  return 'Set it to a folder on tmpfs or ramfs, such as /dev/shm.'
}

/** Memory that can be swapped out to a disk is not memory alone. Swap in compressed memory (zram) is. */
async function swapWarnings(): Promise<string[]> {
  if (process.platform !== 'linux') return []
  const lines = (await readFile('/proc/swaps', 'utf8').catch(() => '')).split('\n').slice(1)
  const disks = lines.map((line) => line.split(/\s+/)[0] ?? '').filter((name) => name !== '' && !name.startsWith('/dev/zram'))
  return disks.length === 0 ? [] : [`swap is on (${disks.join(', ')}): what is in memory may reach that disk in the clear unless the swap is encrypted`]
}

async function removeOwn(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null)
  // In a folder that all may write to, somebody else may have put a link or a folder of theirs under our name.
  if (found && (!found.isDirectory() || found.uid !== userId())) {
    throw new ConfigError(`CODEKEEP_SCRATCH_DIR: ${path} belongs to another user; remove it`)
  }
  await rm(path, { recursive: true, force: true })
}

function userId(): number {
  return process.getuid?.() ?? 0
}
