import { isCommitError, transaction } from '#lib/db'
import { isDiskFull } from './disk-full.ts'
import type { DataKey } from './data-keys.ts'
import { newObjectId, putObject, removeObject } from './object-store.ts'
import { messageNameOf, type PackFileKind, type StoredFile } from './packs.ts'
import { sealFile } from './sealed.ts'
import { removeDoomed } from './sweep.ts'

/** A pack in the clear, in scratch. */
export type PlainPack = Readonly<{
  objectCount: number
  files: readonly Readonly<{ kind: PackFileKind; path: string }>[]
}>

/**
 * Seals a pack's files into the object store, synced.
 * @returns the rows to write; until they are, nothing refers to what was stored
 * @throws Error of the file system; what was stored is removed
 */
export async function sealPack(repositoryId: string, key: DataKey, pack: PlainPack): Promise<{ packId: string; files: StoredFile[] }> {
  const packId = newObjectId()
  const started = await Promise.allSettled(
    pack.files.map(async ({ kind, path }): Promise<StoredFile> => {
      const id = kind === 'pack' ? packId : newObjectId()
      const name = messageNameOf(repositoryId, { kind, packId })
      const sizes = await putObject(id, (destination) => sealFile(key, name, path, destination))
      return { id, packId, kind, dataKeyId: key.id, ...sizes, objectCount: kind === 'pack' ? pack.objectCount : 0 }
    }),
  )
  const files = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const failed = started.find((result) => result.status === 'rejected')
  if (failed) {
    await removeStored(files)
    throw failed.reason
  }
  return { packId, files }
}

/** Removes what was stored for a change that did not happen. */
export async function removeStored(files: readonly StoredFile[]): Promise<void> {
  for (const { id } of files) await removeObject(id)
}

/**
 * Removes what was stored for a change that failed with `error`, unless it may have happened after all: where its COMMIT
 * failed, bytes go only once a commit after it has shown that no row refers to them. Where that cannot be shown now, the
 * sweep at the next start does.
 */
export async function withdrawStored(repositoryId: string, files: readonly StoredFile[], error: unknown): Promise<void> {
  // What did not fit was not written to its end, and is never replayed.
  if (!isCommitError(error) || isDiskFull(error)) return removeStored(files)
  const now = new Date()
  try {
    await transaction(async (tx) => {
      // A commit that is still under way on a database server holds this row: it is waited for.
      await tx.repository.updateMany({ where: { id: repositoryId }, data: { refsVersion: { increment: 0 } } })
      const kept = await tx.storedObject.findMany({ where: { id: { in: files.map(({ id }) => id) } }, select: { id: true } })
      const gone = files.filter(({ id }) => !kept.some((row) => row.id === id))
      await tx.doomedObject.createMany({ data: gone.map(({ id }) => ({ id, doomedAt: now, removeAt: now })) })
    })
    await removeDoomed(now)
  } catch (failure) {
    console.error('what a failed commit left in the object store stays until the next start', failure)
  }
}
