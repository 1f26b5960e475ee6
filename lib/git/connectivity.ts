import { open, type FileHandle } from 'node:fs/promises'
import { git, isGitError } from '#lib/git/command'
import type { IndexedPack } from '#lib/git/index-pack'
import { objectEnvironment, type ObjectSource } from '#lib/git/object-directory'
import { isOid } from '#lib/git/refs'

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag'

export type Connectivity =
  | Readonly<{ connected: true }>
  /** `missing` is the object that nobody sent, where git says which; `detail` is git's sentence. */
  | Readonly<{ connected: false; missing: string | null; detail: string }>

/**
 * Says whether everything that `newOids` stand for is there, down to the last blob, given that everything `refTips` stand
 * for is: git's check_connected(), which receive-pack makes before refs move.
 *
 * A `pack` that is self-contained answers for the objects in it, and git is not started: a first push costs no second walk.
 */
export async function checkConnected(
  options: ObjectSource &
    Readonly<{
      newOids: Iterable<string>
      refTips: Iterable<string>
      pack?: IndexedPack | null | undefined
      signal: AbortSignal
    }>,
): Promise<Connectivity> {
  let open = [...new Set(options.newOids)]
  if (options.pack?.selfContained === true && open.length > 0) {
    const inPack = await packHas(options.pack.idxPath, open)
    open = open.filter((oid) => !inPack.has(oid))
  }
  if (open.length === 0) return { connected: true }
  for (const oid of open) if (!isOid(oid)) throw new Error('expected an object ID')

  const lines = [...open, ...Array.from(new Set(options.refTips), (oid) => `^${oid}`)]
  try {
    await git(['rev-list', '--objects', '--stdin', '--quiet'], {
      gitDir: options.gitDir,
      env: objectEnvironment(options),
      stdin: Buffer.from(lines.join('\n') + '\n'),
      signal: options.signal,
    })
    return { connected: true }
  } catch (error) {
    if (!isGitError(error) || error.exitCode !== 128) throw error
    const detail = error.stderr.trim().split('\n').at(-1)?.replace(/^(?:fatal|error): /, '') ?? ''
    return { connected: false, missing: /\b[0-9a-f]{40}\b/.exec(error.stderr)?.[0] ?? null, detail }
  }
}

/** What each object is; null for one that is not there. A branch may only point at a commit. */
export async function objectTypes(
  options: ObjectSource & Readonly<{ oids: Iterable<string>; signal: AbortSignal }>,
): Promise<Map<string, ObjectType | null>> {
  const oids = [...new Set(options.oids)]
  if (oids.length === 0) return new Map()
  for (const oid of oids) if (!isOid(oid)) throw new Error('expected an object ID')
  const { stdout } = await git(['cat-file', '--batch-check=%(objecttype)'], {
    gitDir: options.gitDir,
    env: objectEnvironment(options),
    stdin: Buffer.from(oids.join('\n') + '\n'),
    signal: options.signal,
  })
  const lines = stdout.toString('latin1').split('\n')
  return new Map(oids.map((oid, index) => [oid, asType(lines[index])]))
}

/** What one object is, or null. */
export async function objectType(
  options: ObjectSource & Readonly<{ oid: string; signal: AbortSignal }>,
): Promise<ObjectType | null> {
  const types = await objectTypes({ ...options, oids: [options.oid] })
  return types.get(options.oid) ?? null
}

/** What annotated tags stand for: oid → the first object behind it that is no tag. Others are left out. */
export async function peeledTags(
  options: ObjectSource & Readonly<{ oids: Iterable<string>; signal: AbortSignal }>,
): Promise<Map<string, string>> {
  const types = await objectTypes(options)
  const tags = [...types].filter(([, type]) => type === 'tag').map(([oid]) => oid)
  if (tags.length === 0) return new Map()
  const { stdout } = await git(['cat-file', '--batch-check=%(objectname)'], {
    gitDir: options.gitDir,
    env: objectEnvironment(options),
    stdin: Buffer.from(tags.map((oid) => `${oid}^{}\n`).join('')),
    signal: options.signal,
  })
  const lines = stdout.toString('latin1').split('\n')
  const peeled = new Map<string, string>()
  for (const [index, oid] of tags.entries()) {
    const line = lines[index] ?? ''
    if (isOid(line)) peeled.set(oid, line)
  }
  return peeled
}

/** Which of `oids` a pack holds, by its index (gitformat-pack(5), version 2). */
export async function packHas(idxPath: string, oids: readonly string[]): Promise<Set<string>> {
  const file = await open(idxPath)
  try {
    const head = await readAt(file, 0, idxHeader + fanoutSize)
    if (head.readUInt32BE(0) !== 0xff744f63 || head.readUInt32BE(4) !== 2) throw new Error('not a pack index of version 2')
    const found = new Set<string>()
    for (const oid of oids) {
      const wanted = Buffer.from(oid, 'hex')
      const first = wanted[0] ?? 0
      let low = first === 0 ? 0 : head.readUInt32BE(idxHeader + 4 * (first - 1))
      let high = head.readUInt32BE(idxHeader + 4 * first)
      while (low < high) {
        const middle = (low + high) >>> 1
        const order = wanted.compare(await readAt(file, idxHeader + fanoutSize + 20 * middle, 20))
        if (order === 0) {
          found.add(oid)
          break
        }
        if (order < 0) high = middle
        else low = middle + 1
      }
    }
    return found
  } finally {
    await file.close()
  }
}

const idxHeader = 8
const fanoutSize = 4 * 256

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position)
  if (bytesRead !== length) throw new Error('the pack index is cut off')
  return buffer
}

function asType(line: string | undefined): ObjectType | null {
  return line === 'commit' || line === 'tree' || line === 'blob' || line === 'tag' ? line : null
}
