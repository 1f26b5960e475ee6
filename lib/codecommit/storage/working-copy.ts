import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { db } from '#lib/db'
import { createBareRepository, writePackedRefs } from '#lib/git/bare-repository'
import { remember } from '#lib/remember'
import type { RequestContext } from '#lib/operation/context'
import { scratchRoot } from '#lib/scratch'
import { repositoryDoesNotExist } from '../exceptions.ts'
import { type DataKey, forgetDataKey, openDataKey } from './data-keys.ts'
import { withLock } from './keyed-lock.ts'
import type { OpenedRepository } from './open-repository.ts'
import { messageNameOf, type PackFileKind, packsOf, type StoredPack } from './packs.ts'
import { openToFile } from './sealed.ts'
import { releaseScratch, reserveScratch } from './scratch-space.ts'

/** A repository's plaintext in memory-backed scratch, for as long as somebody uses it: a bare repository that git serves. */
export type WorkingCopy = Readonly<{ gitDir: string }> & AsyncDisposable

/** What a working copy is opened for. */
type Needs = 'refs' | 'objects'

/** What the process knows of one working copy. Plain data: the module exists more than once. */
type Entry = {
  gitDir: string
  /** pack ID → bytes it takes */
  packs: Map<string, number>
  refsVersion: number
  users: number
  lastUsed: number
  deleted: boolean
}

/**
 * Opens a repository's packs and refs into a working copy, or shares the one that is open, brought up to date.
 *
 * Packs that are not open yet cost one `Decrypt` for each data key, on the caller's behalf.
 * @param needs  `objects`: its refs may be those of an earlier version, which who only looks objects up by ID need not wait for
 * @throws ServiceException EncryptionKey…Exception where KMS refuses, EncryptionIntegrityChecksFailedException for a stored
 * object that was altered or is gone
 */
export async function openWorkingCopy(context: RequestContext, repository: OpenedRepository, needs: Needs = 'refs'): Promise<WorkingCopy> {
  const { row } = repository
  return withLock(`working-copy/${row.id}`, async () => {
    const entry = await take(row.id)
    try {
      await bringUpToDate(context, repository, entry, needs)
    } catch (error) {
      await release(row.id, entry)
      throw error
    }
    return {
      gitDir: entry.gitDir,
      [Symbol.asyncDispose]: () => withLock(`working-copy/${row.id}`, () => release(row.id, entry)),
    }
  })
}

/** Runs `work` on a repository's working copy, which stays for at least as long. */
export async function withWorkingCopy<Result>(
  context: RequestContext,
  repository: OpenedRepository,
  work: (gitDir: string) => Promise<Result>,
  needs: Needs = 'refs',
): Promise<Result> {
  const workingCopy = await openWorkingCopy(context, repository, needs)
  try {
    return await work(workingCopy.gitDir)
  } finally {
    await workingCopy[Symbol.asyncDispose]()
  }
}

/**
 * Takes a pack that a push has just made into the working copy, so that the next reader need not open what was sealed.
 * `files` are moved, not copied; they are in the same scratch folder.
 */
export async function adoptPack(
  repositoryId: string,
  pack: Readonly<{ id: string; openedSize: number; files: readonly Readonly<{ kind: PackFileKind; path: string }>[] }>,
): Promise<void> {
  await withLock(`working-copy/${repositoryId}`, async () => {
    const entry = await take(repositoryId)
    try {
      if (entry.packs.has(pack.id)) return
      // Deleted meanwhile: nobody would come to drop it again.
      if (isNew(entry) && !(await exists(repositoryId))) {
        entry.deleted = true
        return
      }
      await reserveScratch(pack.openedSize, evictIdle)
      try {
        for (const file of indexLast(pack.files)) await rename(file.path, packFile(entry, pack.id, file.kind))
      } catch (error) {
        releaseScratch(pack.openedSize)
        throw error
      }
      entry.packs.set(pack.id, pack.openedSize)
    } finally {
      await release(repositoryId, entry)
    }
  })
}

/** Removes a repository's working copy: at once where nobody reads it, else when the last reader is done. */
export async function dropWorkingCopy(repositoryId: string): Promise<void> {
  await withLock(`working-copy/${repositoryId}`, async () => {
    const entry = entries().get(repositoryId)
    if (!entry) return
    entry.deleted = true
    if (entry.users === 0) await remove(repositoryId, entry)
  })
}

/** Removes the working copy that was used longest ago and that nobody uses; false where there is none. */
export async function evictIdle(): Promise<boolean> {
  const idle = [...entries()].filter(([, entry]) => entry.users === 0).sort(([, a], [, b]) => a.lastUsed - b.lastUsed)[0]
  if (!idle) return false
  const [repositoryId, entry] = idle
  // Not under its lock: an entry without users can only gain one through the map, which it leaves here and now.
  await remove(repositoryId, entry)
  return true
}

/** What is open now: repositories and bytes, for the console and for tests. */
export function workingCopies(): readonly Readonly<{ repositoryId: string; bytes: number; users: number }>[] {
  return [...entries()].map(([repositoryId, entry]) => ({ repositoryId, bytes: bytesOf(entry), users: entry.users }))
}

function entries(): Map<string, Entry> {
  return remember('codecommit.workingCopies', () => new Map<string, Entry>())
}

/** The entry of a repository with one user more, so that nothing evicts it before its user is done. */
async function take(repositoryId: string): Promise<Entry> {
  const known = entries().get(repositoryId)
  if (known && !known.deleted) {
    known.users += 1
    return known
  }
  // A name of its own each time: a removed working copy may still be on its way out.
  const gitDir = join(scratchRoot(), 'working-copies', `${repositoryId}.${crypto.randomUUID().slice(0, 8)}`)
  await mkdir(join(scratchRoot(), 'working-copies'), { recursive: true, mode: 0o700 })
  await createBareRepository(gitDir)
  const entry: Entry = { gitDir, packs: new Map(), refsVersion: -1, users: 1, lastUsed: Date.now(), deleted: false }
  entries().set(repositoryId, entry)
  return entry
}

async function bringUpToDate(context: RequestContext, repository: OpenedRepository, entry: Entry, needs: Needs): Promise<void> {
  const { row, refs } = repository
  const packs = await packsOf(row.id)
  // Asked after the packs: where it is there now, these were all of them. What is not new is dropped by whoever deletes it.
  if ((isNew(entry) || packs.length === 0) && !(await exists(row.id))) {
    entry.deleted = true
    throw repositoryDoesNotExist(row.name)
  }
  const missing = packs.filter((pack) => !entry.packs.has(pack.id))
  await openPacks(context, repository, entry, missing)
  if (entry.users === 1) await removeSuperseded(entry, packs)
  if (entry.refsVersion < row.refsVersion && (needs === 'refs' || isNew(entry))) {
    await writePackedRefs(entry.gitDir, refs)
    entry.refsVersion = row.refsVersion
  }
  entry.lastUsed = Date.now()
}

/** True until the working copy holds the refs of some version. */
function isNew(entry: Entry): boolean {
  return entry.refsVersion === -1
}

async function exists(repositoryId: string): Promise<boolean> {
  return (await db().repository.findUnique({ where: { id: repositoryId }, select: { id: true } })) !== null
}

async function openPacks(context: RequestContext, { row }: OpenedRepository, entry: Entry, packs: readonly StoredPack[]): Promise<void> {
  if (packs.length === 0) return
  await reserveScratch(packs.reduce((sum, pack) => sum + pack.openedSize, 0), evictIdle)
  try {
    for (const [dataKeyId, sealed] of groupBy(packs, (pack) => pack.dataKeyId)) {
      const stored = await db().repositoryKey.findUnique({ where: { id: dataKeyId } })
      if (!stored) throw repositoryDoesNotExist(row.name)
      const key = await openDataKey(context, row, stored)
      try {
        for (const pack of sealed) await openPack(key, row.id, entry, pack)
      } finally {
        forgetDataKey(key)
      }
    }
  } catch (error) {
    for (const pack of packs) if (!entry.packs.has(pack.id)) releaseScratch(pack.openedSize)
    throw error
  }
}

async function openPack(key: DataKey, repositoryId: string, entry: Entry, pack: StoredPack): Promise<void> {
  const opened: string[] = []
  try {
    for (const file of indexLast(pack.files)) {
      const path = packFile(entry, pack.id, file.kind)
      opened.push(path)
      await openToFile(key, messageNameOf(repositoryId, file), file.id, path)
    }
    entry.packs.set(pack.id, pack.openedSize)
  } catch (error) {
    for (const path of opened) await rm(path, { force: true })
    throw error
  }
}

/** git sees a pack once its index is there, so the index comes last. */
function indexLast<File extends Readonly<{ kind: PackFileKind }>>(files: readonly File[]): File[] {
  return [...files].sort((a, b) => Number(a.kind === 'idx') - Number(b.kind === 'idx'))
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}

/** Packs that a fold replaced go when this is the only reader: git may still hold what it has not opened yet. */
async function removeSuperseded(entry: Entry, packs: readonly StoredPack[]): Promise<void> {
  const inForce = new Set(packs.map((pack) => pack.id))
  for (const [id, bytes] of entry.packs) {
    if (inForce.has(id)) continue
    for (const kind of ['idx', 'bitmap', 'rev', 'pack'] as const) await rm(packFile(entry, id, kind), { force: true })
    entry.packs.delete(id)
    releaseScratch(bytes)
  }
}

async function release(repositoryId: string, entry: Entry): Promise<void> {
  entry.users -= 1
  entry.lastUsed = Date.now()
  if (entry.users === 0 && entry.deleted) await remove(repositoryId, entry)
}

async function remove(repositoryId: string, entry: Entry): Promise<void> {
  if (entries().get(repositoryId) === entry) entries().delete(repositoryId)
  entry.deleted = true
  await rm(entry.gitDir, { recursive: true, force: true })
  releaseScratch(bytesOf(entry))
  entry.packs.clear()
}

function packFile(entry: Entry, packId: string, kind: PackFileKind): string {
  return join(entry.gitDir, 'objects', 'pack', `pack-${packId}.${kind}`)
}

function bytesOf(entry: Entry): number {
  return [...entry.packs.values()].reduce((sum, bytes) => sum + bytes, 0)
}
