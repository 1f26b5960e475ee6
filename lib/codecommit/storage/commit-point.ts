import type { Database } from 'better-sqlite3'
import { type Db, preparedOnce, sqlite, storedDate, transaction } from '#lib/db'
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
  const change = { id: row.id, known: row.refsVersion, version, refs: sealRefs(key, row.id, version, refs), at: new Date() }
  await untilRecorded()
  const embedded = sqlite()
  if (embedded) return embedded.transact(tables, (connection) => commitToSqlite(connection, change, added))
  return transaction(async (tx) => {
    const { count } = await tx.repository.updateMany({
      where: { id: change.id, refsVersion: change.known },
      data: { refs: change.refs, refsVersion: version, lastModifiedDate: change.at },
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

type Change = Readonly<{ id: string; known: number; version: number; refs: Uint8Array; at: Date }>

/** What {@link commitToSqlite} writes to. */
const tables = ['Repository', 'RepositoryKey', 'StoredObject']

/** The same by SQLite's own statements: through Prisma's client the commit of a small push took longer than all its syncs. */
function commitToSqlite(connection: Database, { at, ...change }: Change, added?: AddedPack): boolean {
  const { update, insertKey, insertFile } = statementsOf(connection)
  if (update.run({ ...change, at: storedDate(at) }).changes === 0) return false
  if (!added) return true
  const { key, files } = added
  const row = { repositoryId: change.id, createdAt: storedDate(new Date()) }
  insertKey.run({ ...row, id: key.id, ciphertextBlob: key.ciphertextBlob, keyMaterialId: key.keyMaterialId })
  for (const { id, kind, packId, openedSize, sealedSize, objectCount } of files) {
    insertFile.run({ ...row, id, dataKeyId: key.id, kind, packId, openedSize: BigInt(openedSize), sealedSize: BigInt(sealedSize), objectCount })
  }
  return true
}

const statementsOf = preparedOnce((connection) => ({
  update: connection.prepare(
    `UPDATE "Repository" SET "refs" = @refs, "refsVersion" = @version, "lastModifiedDate" = @at WHERE "id" = @id AND "refsVersion" = @known`,
  ),
  insertKey: connection.prepare(
    `INSERT INTO "RepositoryKey" ("id", "repositoryId", "ciphertextBlob", "keyMaterialId", "createdAt")
    VALUES (@id, @repositoryId, @ciphertextBlob, @keyMaterialId, @createdAt)`,
  ),
  insertFile: connection.prepare(
    `INSERT INTO "StoredObject" ("id", "repositoryId", "dataKeyId", "kind", "packId", "openedSize", "sealedSize", "objectCount", "createdAt")
    VALUES (@id, @repositoryId, @dataKeyId, @kind, @packId, @openedSize, @sealedSize, @objectCount, @createdAt)`,
  ),
}))
