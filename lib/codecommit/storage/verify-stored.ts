import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { db } from '#lib/db'
import { createBareRepository, writePackedRefs } from '#lib/git/bare-repository'
import { fsckDamage, indexExistingPack } from '#lib/git/fsck'
import type { Refs } from '#lib/git/refs'
import { invoke } from '#lib/invoke'
import { Decrypt } from '#lib/kms/api'
import { asService, type RequestContext } from '#lib/operation/context'
import { isServiceException } from '#lib/operation/exception'
import { repositoryEncryptionContext } from '#lib/operation/repository-context'
import { scratchRoot } from '#lib/scratch'
import { repositoryDoesNotExist } from '../exceptions.ts'
import type { RepositoryRow } from '../repository-row.ts'
import { type DataKey, forgetDataKey, openDataKey, viaKms } from './data-keys.ts'
import { objectPath } from './object-store.ts'
import { noRefs, openRefs } from './refs.ts'
import { releaseScratch, reserveScratch } from './scratch-space.ts'
import { openSealedFile, openToFile } from './sealed.ts'
import { evictIdle } from './working-copy.ts'

/** One thing that is not as it was stored. Nothing in it is repository data: names of messages and object IDs alone. */
export type Damage = Readonly<{
  /** What it is: `refs`, `description`, `data key`, a kind of stored message (`pack`, `idx`…), or `git object`. */
  kind: string
  /** The stored object's name, the data key's ID, or git's object ID; empty where there is none. */
  object: string
  problem: string
}>

/** How far it is. Bytes are those of sealed messages; objects are git's. */
export type VerificationProgress = Readonly<{
  phase: 'WAITING' | 'OPENING' | 'CHECKING'
  bytesOpened: number
  bytesTotal: number
  objectsChecked: number
  objectsTotal: number
}>

/**
 * Opens every sealed byte of a repository anew (its data keys, refs, description, packs in force and superseded, kept
 * answers), and has git check every object and all that the refs lead to. What is damaged is told; the rest is checked all
 * the same. Plaintext is in scratch for as long as it takes, beside the working copy, which is not looked at.
 * @throws ServiceException EncryptionKey…Exception where KMS refuses, RepositoryDoesNotExistException where it was deleted
 * meanwhile; the signal's reason
 */
export async function verifyStored(
  context: RequestContext,
  row: RepositoryRow,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (progress: VerificationProgress) => void },
): Promise<Damage[]> {
  const damage: Damage[] = []
  const rows = await db().storedObject.findMany({ where: { repositoryId: row.id }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })
  const objectsTotal = rows.reduce((sum, each) => sum + (each.supersededAt ? 0 : each.objectCount), 0)
  const bytesTotal = rows.reduce((sum, each) => sum + Number(each.sealedSize), 0)
  let progress: VerificationProgress = { phase: 'OPENING', bytesOpened: 0, bytesTotal, objectsChecked: 0, objectsTotal }
  const tell = (change: Partial<VerificationProgress>): void => onProgress((progress = { ...progress, ...change }))
  tell({})
  const inForce = rows.filter(({ kind, supersededAt }) => kind !== 'response' && !supersededAt)
  const room = inForce.reduce((sum, { openedSize }) => sum + Number(openedSize), 0)
  await reserveScratch(room, evictIdle)
  const gitDir = join(scratchRoot(), 'verifying', crypto.randomUUID())
  const keys = new Map<string, DataKey>()
  try {
    await mkdir(join(scratchRoot(), 'verifying'), { recursive: true, mode: 0o700 })
    await createBareRepository(gitDir)
    for (const stored of await db().repositoryKey.findMany({ where: { repositoryId: row.id } })) {
      signal.throwIfAborted()
      await found(damage, { kind: 'data key', object: stored.id }, async () => void keys.set(stored.id, await openDataKey(context, row, stored)))
    }
    const refs = await verifyRow(context, row, keys, damage)
    for (const each of rows) {
      signal.throwIfAborted()
      await verifyMessage(gitDir, each, keys.get(each.dataKeyId), damage)
      tell({ bytesOpened: progress.bytesOpened + Number(each.sealedSize) })
    }
    tell({ phase: 'CHECKING' })
    await indexWithout(gitDir, inForce, signal)
    await writePackedRefs(gitDir, refs)
    for (const { oid, problem } of await fsckDamage(gitDir, { signal, onChecked: (objectsChecked) => tell({ objectsChecked }) })) {
      damage.push({ kind: 'git object', object: oid, problem })
    }
    tell({ objectsChecked: objectsTotal })
    if (!(await db().repository.findUnique({ where: { id: row.id }, select: { id: true } }))) throw repositoryDoesNotExist(row.name)
    return damage
  } finally {
    for (const key of keys.values()) forgetDataKey(key)
    await rm(gitDir, { recursive: true, force: true })
    releaseScratch(room)
  }
}

type StoredRow = Readonly<{ id: string; repositoryId: string; kind: string; packId: string; cacheKey: string | null; supersededAt: Date | null; sealedSize: bigint }>

/** What the repository's own row holds: refs and description. @returns the refs, none where they do not open */
async function verifyRow(context: RequestContext, row: RepositoryRow, keys: ReadonlyMap<string, DataKey>, damage: Damage[]): Promise<Refs> {
  const key = keys.get(row.dataKeyId)
  let refs = noRefs
  const opens = (): void => {
    if (key) refs = openRefs(key, row.id, row.refsVersion, row.refs)
  }
  if (key) await found(damage, { kind: 'refs', object: row.id }, opens)
  else damage.push({ kind: 'refs', object: row.id, problem: 'cannot be opened: its data key cannot' })
  const { descriptionCiphertext } = row
  if (descriptionCiphertext) {
    const input = { KeyId: row.kmsKeyArn, CiphertextBlob: descriptionCiphertext, EncryptionContext: repositoryEncryptionContext(row.id) }
    await found(damage, { kind: 'description', object: row.id }, () => viaKms(() => invoke(Decrypt, asService(context, 'codecommit'), input)))
  }
  return refs
}

/** Opens one stored message to its end: a pack in force into `gitDir`, anything else to nowhere. */
async function verifyMessage(gitDir: string, row: StoredRow, key: DataKey | undefined, damage: Damage[]): Promise<void> {
  const what = { kind: row.kind, object: row.id }
  const size = await stat(objectPath(row.id)).then(({ size: bytes }) => bytes, () => undefined)
  // What was removed in the meantime (a kept answer, a pack whose grace is over) has no row any more.
  if (size === undefined && !(await db().storedObject.findUnique({ where: { id: row.id }, select: { id: true } }))) return
  if (size === undefined) damage.push({ ...what, problem: 'is missing from the object store' })
  else if (!key) damage.push({ ...what, problem: 'cannot be opened: its data key cannot' })
  else {
    const name = { repositoryId: row.repositoryId, object: row.kind === 'response' ? `response/${row.cacheKey ?? ''}` : `${row.kind}/${row.packId}` }
    const problem = size === Number(row.sealedSize) ? altered : `has ${size} bytes of ${row.sealedSize.toString()}`
    const inForce = row.kind !== 'response' && !row.supersededAt
    await found(damage, what, () => (inForce ? openToFile(key, name, row.id, packFile(gitDir, row)) : drain(key, name, row.id)), problem)
  }
}

async function drain(...message: Parameters<typeof openSealedFile>): Promise<void> {
  const { plaintext } = await openSealedFile(...message)
  await plaintext.pourInto(new Writable({ write: (_chunk, _encoding, done) => done() }))
}

/** Packs whose index did not open get another, so that their objects are checked all the same. */
async function indexWithout(gitDir: string, rows: readonly StoredRow[], signal: AbortSignal): Promise<void> {
  const exists = (path: string): Promise<boolean> => stat(path).then(() => true, () => false)
  for (const { packId } of rows.filter(({ kind }) => kind === 'pack')) {
    const pack = packFile(gitDir, { kind: 'pack', packId })
    if ((await exists(pack)) && !(await exists(packFile(gitDir, { kind: 'idx', packId })))) await indexExistingPack(pack, { gitDir, signal })
  }
}

function packFile(gitDir: string, { kind, packId }: Pick<StoredRow, 'kind' | 'packId'>): string {
  return join(gitDir, 'objects', 'pack', `pack-${packId}.${kind}`)
}

const altered = 'was altered: it does not open under its data key and its name'

/** Runs a step; what does not open is damage, any other failure is the caller's. */
async function found(damage: Damage[], what: Pick<Damage, 'kind' | 'object'>, step: () => unknown, problem = altered): Promise<void> {
  try {
    await step()
  } catch (error) {
    const integrity = isServiceException(error) && error.name === 'EncryptionIntegrityChecksFailedException'
    const wrongFrame = error instanceof Error && error.name === 'IntegrityError'
    if (!integrity && !wrongFrame) throw error
    damage.push({ ...what, problem })
  }
}
