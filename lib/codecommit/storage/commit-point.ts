import { type Db, transaction } from '#lib/db'
import { untilRecorded } from '#lib/invoke'
import type { EncryptedDataKey } from './data-keys.ts'
import { sealRefs } from './refs.ts'
import type { OpenedRepository } from './open-repository.ts'
import type { Refs } from '#lib/git/refs'
import type { StoredFile } from './packs.ts'

/** What a change adds beside its refs: a pack under its own data key. */
export type AddedPack = Readonly<{ key: EncryptedDataKey; files: readonly StoredFile[] }>

/**
 * The commit point: one transaction that compares and sets the version of the refs, and with it puts new packs in force.
 * What KMS did for them is in the trail before.
 *
 * Killed at any instant before it, nothing has happened; after it, all has.
 * @returns false where the refs had moved since `repository` was opened (or it was deleted): nothing is written
 */
export async function commitRefs(repository: OpenedRepository, refs: Refs, added?: AddedPack): Promise<boolean> {
  const { row, key } = repository
  const version = row.refsVersion + 1
  const sealed = sealRefs(key, row.id, version, refs)
  await untilRecorded()
  return transaction(async (tx) => {
    const { count } = await tx.repository.updateMany({
      where: { id: row.id, refsVersion: row.refsVersion },
      data: { refs: sealed, refsVersion: version, lastModifiedDate: new Date() },
    })
    if (count === 0) return false
    if (added) await insertPack(tx, row.id, added)
    return true
  })
}

/** Writes the rows of a pack and of the data key that it is sealed under. */
export async function insertPack(tx: Db, repositoryId: string, { key, files }: AddedPack): Promise<void> {
  const createdAt = new Date()
  await tx.repositoryKey.create({
    data: { id: key.id, repositoryId, ciphertextBlob: new Uint8Array(key.ciphertextBlob), keyMaterialId: key.keyMaterialId, createdAt },
  })
  await tx.storedObject.createMany({
    data: files.map((file) => ({
      id: file.id,
      repositoryId,
      dataKeyId: key.id,
      kind: file.kind,
      packId: file.packId,
      openedSize: BigInt(file.openedSize),
      sealedSize: BigInt(file.sealedSize),
      objectCount: file.objectCount,
      createdAt,
    })),
  })
}
