import { mkdir, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { git, isGitError, spawnGit, type GitProcess } from '#lib/git/command'
import { encodeName } from '#lib/git/name'
import { objectCountOf } from '#lib/git/index-pack'

/** A pack that was written, with what belongs to it. */
export type WrittenPack = Readonly<{
  packName: string
  packPath: string
  idxPath: string
  bitmapPath: string | null
  revPath: string | null
  objectCount: number
  /** Size of the pack alone. */
  bytes: number
}>

/**
 * Folds all packs of a repository into one in `outputDirectory` (made where missing), reusing what is deltified already.
 * The repository is not changed.
 *
 * Objects that no ref reaches are kept, because a push that runs meanwhile may rely on them, and every later one does
 * (docs/decisions/019-links-checked-once.md). The repository's refs must be current: a bitmap is built from them. Null if there is
 * nothing to pack.
 */
export async function repackAll(options: {
  gitDir: string
  outputDirectory: string
  /** Write a reachability bitmap, with which a clone needs no walk through the history. */
  bitmap: boolean
  signal: AbortSignal
  onProgress?: (text: Buffer) => void
}): Promise<WrittenPack | null> {
  const bitmap = options.bitmap ? ['--write-bitmap-index'] : []
  return packObjects(['--all', '--keep-unreachable', ...bitmap], 'none', options)
}

/**
 * Folds the named packs (`pack-….pack`, in `<gitDir>/objects/pack`) into one, every object of theirs, with no look at refs:
 * for many small packs beside a large one that stays.
 */
export async function foldPacks(options: {
  gitDir: string
  packs: readonly string[]
  outputDirectory: string
  signal: AbortSignal
  onProgress?: (text: Buffer) => void
}): Promise<WrittenPack | null> {
  const names = options.packs.map((pack) => `${basename(pack)}\n`)
  return packObjects(['--stdin-packs'], Buffer.from(names.join('')), options)
}

/**
 * A git bundle of the repository's refs: one file that `git clone` reads, for who wants to leave. Await `done`: it rejects with
 * GitError for a repository without refs (git refuses an empty bundle).
 */
export function writeBundle(options: {
  gitDir: string
  /** Full ref names; all of them, and HEAD, unless told. */
  refs?: readonly string[]
  signal: AbortSignal
  onProgress?: (text: Buffer) => void
}): Pick<GitProcess, 'stdout' | 'done' | 'stop' | 'kill'> {
  const { gitDir, refs, signal, onProgress } = options
  const which = refs === undefined ? '--all' : '--stdin'
  return spawnGit(['bundle', 'create', onProgress === undefined ? '--quiet' : '--progress', '-', which], {
    gitDir,
    signal,
    stdin: refs === undefined ? 'none' : encodeName(refs.map((ref) => `${ref}\n`).join('')),
    onStderr: onProgress,
  })
}

/** What is wrong with a repository; `problems` is empty for a whole one. `problems` holds git's sentences, with object IDs. */
export async function fsck(
  gitDir: string,
  { signal, connectivityOnly = false }: { signal: AbortSignal; connectivityOnly?: boolean },
): Promise<{ ok: boolean; problems: string[] }> {
  const child = await git(
    ['fsck', '--full', '--no-dangling', '--no-progress', '--no-reflogs', ...(connectivityOnly ? ['--connectivity-only'] : [])],
    // git fsck adds up what it finds: 1 damaged, 2 missing, 4 unreachable, 8 bad pack, 16 bad refs…
    { gitDir, signal, expectedExitCodes: Array.from({ length: 256 }, (_, code) => code), maxBuffer: 64 * 1024 * 1024 },
  )
  const problems = `${child.stdout.toString('utf8')}\n${child.stderr}`
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('notice: ') && !line.startsWith('warning in '))
  return { ok: child.exitCode === 0, problems: child.exitCode === 0 ? [] : problems }
}

/** True if a pack and its index are whole: every checksum and every object. */
export async function verifyPack(idxPath: string, { signal }: { signal: AbortSignal }): Promise<boolean> {
  try {
    await git(['verify-pack', '--', idxPath], { signal })
    return true
  } catch (error) {
    if (isGitError(error) && error.exitCode !== null) return false
    throw error
  }
}

/** How many objects and packs a repository has, and their size in bytes. */
export async function countObjects(
  gitDir: string,
  { signal }: { signal: AbortSignal },
): Promise<{ objects: number; packs: number; packBytes: number; looseObjects: number }> {
  const { stdout } = await git(['count-objects', '-v'], { gitDir, signal })
  const values = new Map(
    stdout
      .toString('latin1')
      .trim()
      .split('\n')
      .map((line) => line.split(': '))
      .map(([name = '', value = '']): [string, number] => [name, Number(value)]),
  )
  const loose = values.get('count') ?? 0
  return {
    objects: loose + (values.get('in-pack') ?? 0),
    packs: values.get('packs') ?? 0,
    packBytes: (values.get('size-pack') ?? 0) * 1024,
    looseObjects: loose,
  }
}

async function packObjects(
  selection: readonly string[],
  stdin: Uint8Array | 'none',
  options: { gitDir: string; outputDirectory: string; signal: AbortSignal; onProgress?: (text: Buffer) => void },
): Promise<WrittenPack | null> {
  const { gitDir, outputDirectory, signal, onProgress } = options
  await mkdir(outputDirectory, { recursive: true, mode: 0o700 })
  const { stdout } = await git(
    [
      ...['-c', 'pack.writeReverseIndex=true', '-c', 'pack.packSizeLimit=0', 'pack-objects', ...selection],
      ...['--non-empty', '--delta-base-offset', onProgress === undefined ? '--quiet' : '--progress'],
      join(outputDirectory, 'pack'),
    ],
    { gitDir, signal, stdin, onStderr: onProgress },
  )
  const packName = stdout.toString('latin1').trim()
  if (packName === '') return null
  if (!/^[0-9a-f]{40}$/.test(packName)) throw new Error('git pack-objects did not name one pack')
  const files = new Set(await readdir(outputDirectory))
  const file = (extension: string): string => join(outputDirectory, `pack-${packName}.${extension}`)
  const fileIfThere = (extension: string): string | null =>
    files.has(`pack-${packName}.${extension}`) ? file(extension) : null
  return {
    packName,
    packPath: file('pack'),
    idxPath: file('idx'),
    bitmapPath: fileIfThere('bitmap'),
    revPath: fileIfThere('rev'),
    objectCount: await objectCountOf(file('pack')),
    bytes: (await stat(file('pack'))).size,
  }
}
