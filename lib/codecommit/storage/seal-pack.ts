import type { DataKey } from './data-keys.ts'
import { newObjectId, putObject, removeObject } from './object-store.ts'
import { messageNameOf, type PackFileKind, type StoredFile } from './packs.ts'
import { sealFile } from './sealed.ts'

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
