import { mkdir, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { git, isGitError } from '#lib/git/command'
import type { ObjectType } from '#lib/git/object-type'
import { objectEnvironment, type ObjectSource } from '#lib/git/object-directory'
import { isSmallPack, objectsOfSmallPack } from '#lib/git/small-pack'

/** A pack that git has read whole: every object's bytes, checksum and form were checked, and that what it links to is there. */
export type IndexedPack = Readonly<{
  /** 40 hex digits: the name git gave it. */
  packName: string
  packPath: string
  idxPath: string
  objectCount: number
  /** Size of the pack, with the bases that a thin one was completed with. */
  bytes: number
}>

/** The pack is not what it says it is, or larger than allowed. `detail` is git's reason, for the one who pushed. */
export class PackError extends Error {
  override readonly name = 'PackError'
  readonly detail: string

  constructor(detail: string, cause: unknown) {
    super('the pack was refused by git index-pack', { cause })
    this.detail = detail
  }
}

/** True for a {@link PackError} of any copy of this module. */
export function isPackError(error: unknown): error is PackError {
  return error instanceof Error && error.name === 'PackError' && 'detail' in error
}

/**
 * Takes a pack from a stream into the quarantine `objectDirectory` (made where missing), completes a thin one from
 * `alternates`, and checks every object as `git fsck` would: its form, and that each object that it links to is in the pack or
 * in `alternates`. Where all packs of a repository came so, and none of their objects is ever dropped, whatever is there is
 * there with all that it needs (docs/decisions/019-links-checked-once.md).
 *
 * Null for a pack without objects, which is what a push sends that only moves refs to objects that are there; it leaves
 * no file. Throws {@link PackError} for a pack that lies; then, and when aborted, the caller removes the quarantine. After a
 * PackError the rest of `pack` is unread: drain it before answering over HTTP.
 */
export async function indexPack(
  options: ObjectSource &
    Readonly<{
      objectDirectory: string
      pack: Readable
      signal: AbortSignal
      /** git's checks to soften, as `{ missingSpaceBeforeDate: 'ignore' }` (git-fsck(1), "FSCK MESSAGES"). */
      fsckSeverities?: Readonly<Record<string, 'ignore' | 'warn' | 'error'>>
      fixThin?: boolean
      /** Bytes of the stream; more is a PackError. */
      maxInputSize?: number
      /** git's progress and warnings as they come, to be relayed to the one who pushes. */
      onProgress?: (text: Buffer) => void
    }>,
): Promise<IndexedPack | null> {
  const { objectDirectory, fixThin = true, onProgress } = options
  await mkdir(join(objectDirectory, 'pack'), { recursive: true, mode: 0o700 })
  const severities = Object.entries(options.fsckSeverities ?? {}).map(([message, severity]) => `${message}=${severity}`)
  const { stdout } = await git(
    [
      'index-pack',
      '--stdin',
      ...(fixThin ? ['--fix-thin'] : []),
      severities.length === 0 ? '--strict' : `--strict=${severities.join(',')}`,
      ...(options.maxInputSize === undefined ? [] : [`--max-input-size=${options.maxInputSize}`]),
      ...(onProgress === undefined ? [] : ['--show-resolving-progress']),
    ],
    {
      gitDir: options.gitDir,
      env: objectEnvironment(options),
      stdin: options.pack,
      signal: options.signal,
      onStderr: onProgress,
    },
  ).catch((error: unknown) => {
    throw isGitError(error) && error.exitCode === 128 ? new PackError(reasonOf(error.stderr), error) : error
  })
  const packName = /^(?:pack|keep)\t([0-9a-f]{40})$/m.exec(stdout.toString('latin1'))?.[1]
  if (packName === undefined) throw new Error('git index-pack did not name its pack')

  const packPath = join(objectDirectory, 'pack', `pack-${packName}.pack`)
  const idxPath = join(objectDirectory, 'pack', `pack-${packName}.idx`)
  const objectCount = await objectCountOf(packPath)
  if (objectCount === 0) {
    for (const path of [idxPath, packPath]) await rm(path, { force: true })
    return null
  }
  const { size: bytes } = await stat(packPath)
  return { packName, packPath, idxPath, objectCount, bytes }
}

/**
 * Looks once at every object that a quarantine (or repository) holds itself: the blobs above a size, which git does not limit,
 * and what those of `oids` are that are among them. Where all it holds is a small `pack`, no git is started for it.
 */
export async function objectsHeld(
  source: ObjectSource & Readonly<{ pack?: IndexedPack; limit: number; oids?: Iterable<string>; signal: AbortSignal }>,
): Promise<{ largeBlobs: { oid: string; size: number }[]; types: Map<string, ObjectType> }> {
  const wanted = new Set(source.oids)
  const largeBlobs: { oid: string; size: number }[] = []
  const types = new Map<string, ObjectType>()
  const look = (type: ObjectType, oid: string, size: number): void => {
    if (type === 'blob' && size > source.limit) largeBlobs.push({ oid, size })
    if (wanted.has(oid)) types.set(oid, type)
  }
  if (source.pack && isSmallPack(source.pack)) {
    for (const [oid, { type, size }] of await objectsOfSmallPack(source.pack)) look(type, oid, size)
    return { largeBlobs, types }
  }
  const { stdout } = await git(
    [
      'cat-file',
      '--batch-all-objects',
      '--unordered',
      '--batch-check=%(objecttype) %(objectname) %(objectsize)',
    ],
    // Without alternates: only what the directory itself holds.
    {
      gitDir: source.gitDir,
      env: objectEnvironment({ gitDir: source.gitDir, objectDirectory: source.objectDirectory }),
      signal: source.signal,
      maxBuffer: 4 * 1024 ** 3,
    },
  )
  for (let at = 0; at < stdout.length; ) {
    const end = stdout.indexOf(0x0a, at)
    const [type = '', oid = '', size] = stdout.toString('latin1', at, end).split(' ')
    // cat-file names nothing but the four types.
    look(type as ObjectType, oid, Number(size))
    at = end + 1
  }
  return { largeBlobs, types }
}

/** The number of objects that a pack's header tells (gitformat-pack(5)). */
export async function objectCountOf(packPath: string): Promise<number> {
  const file = await open(packPath)
  try {
    const header = Buffer.alloc(12)
    const { bytesRead } = await file.read(header, 0, 12, 0)
    if (bytesRead < 12 || header.toString('latin1', 0, 4) !== 'PACK') throw new Error('not a pack')
    return header.readUInt32BE(8)
  } finally {
    await file.close()
  }
}

/** git's own words: the last `fatal:` line, with the `error:` lines before it. */
function reasonOf(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => /^(?:fatal|error): (.*)$/.exec(line.trim())?.[1])
    .filter((line) => line !== undefined)
  return lines.length === 0 ? 'index-pack failed' : lines.slice(-3).join('; ')
}
