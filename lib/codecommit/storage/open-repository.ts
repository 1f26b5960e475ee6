import { db, type Db } from '#lib/db'
import type { Refs } from '#lib/git/refs'
import type { RequestContext } from '#lib/operation/context'
import { repositoryDoesNotExist } from '../exceptions.ts'
import type { RepositoryRow } from '../repository-row.ts'
import { type DataKey, openDataKey, ownDataKey } from './data-keys.ts'
import { openRefs } from './refs.ts'

/** A repository with its own data key and its refs opened, at one version. */
export type OpenedRepository = Readonly<{ row: RepositoryRow; key: DataKey; refs: Refs }>

/**
 * Opens a repository's refs: one `Decrypt` on the caller's behalf, no pack and no git.
 * @throws ServiceException EncryptionKey…Exception where KMS refuses, EncryptionIntegrityChecksFailedException
 */
export async function openRepository(context: RequestContext, row: RepositoryRow): Promise<OpenedRepository> {
  const stored = await ownDataKey(row)
  // Deleted a moment ago: its data keys went first.
  if (!stored) throw repositoryDoesNotExist(row.name)
  const key = await openDataKey(context, row, stored)
  return { row, key, refs: openRefs(key, row.id, row.refsVersion, row.refs) }
}

/** The same repository at its newest version, with the key that is already open; null where it was deleted meanwhile. */
export async function reopenRepository(opened: OpenedRepository, on: Db = db()): Promise<OpenedRepository | null> {
  const row = await on.repository.findUnique({ where: { id: opened.row.id } })
  return row && { row, key: opened.key, refs: openRefs(opened.key, row.id, row.refsVersion, row.refs) }
}
