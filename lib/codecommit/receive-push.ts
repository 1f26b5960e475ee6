import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createBareRepository } from '#lib/git/bare-repository'
import { indexPack, type IndexedPack, isPackError, objectsHeld } from '#lib/git/index-pack'
import { objectTypes, peeledTags } from '#lib/git/object-type'
import { commandProblem, type ReceivePackReport, type RefCommand } from '#lib/git/receive-pack'
import { type Ref, type Refs, zeroOid } from '#lib/git/refs'
import type { RequestContext } from '#lib/operation/context'
import { ServiceException } from '#lib/operation/exception'
import { scratchRoot } from '#lib/scratch'
import { repositoryDoesNotExist } from './exceptions.ts'
import type { PushRequest } from './git-push.ts'
import type { RepositoryRow } from './repository-row.ts'
import { commitRefs } from './storage/commit-point.ts'
import { forgetDataKey, generateDataKey } from './storage/data-keys.ts'
import { isDiskFull } from './storage/disk-full.ts'
import { withLock } from './storage/keyed-lock.ts'
import { type OpenedRepository, openRepository, reopenRepository } from './storage/open-repository.ts'
import { sealPack, withdrawStored } from './storage/seal-pack.ts'
import { adoptPack, withWorkingCopy } from './storage/working-copy.ts'

/** What became of a push, as git's user is told it. */
export type PushOutcome = Readonly<{ report: ReceivePackReport }>

/** CodeCommit's limit for one blob, and the most that one push may send. */
const maxBlobBytes = 2 * 1024 ** 3
const maxPackBytes = 64 * 1024 ** 3

/**
 * Takes a push: objects into a quarantine in memory, index-pack, seal, store and sync, then the commit point
 * (storage/commit-point.ts), and only then the outcome. Killed at any instant it has happened whole or not at all.
 *
 * @throws ServiceException PushRefusedException, with the report in `details`, where nothing of it happened;
 * EncryptionKey…Exception where KMS refuses
 */
export async function receivePush(context: RequestContext, row: RepositoryRow, request: PushRequest): Promise<PushOutcome> {
  const opened = await openRepository(context, row)
  const refused = refusedAtSight(request.commands)
  try {
    if (!request.pack) return await conclude(opened, request, refused, new Map())
    // Asked for before the pack is read: who may not have it need not upload.
    const dataKey = await generateDataKey(context, row)
    try {
      const receive = (workingCopy: string | null) =>
        withQuarantine(workingCopy === null || typeof request.pack === 'function', (quarantine) =>
          receivePack(opened, dataKey, { ...request, refused }, objectsOf(quarantine, workingCopy, request.signal)),
        )
      return await (row.refsVersion > 0 ? withWorkingCopy(context, opened, receive, 'objects') : receive(null))
    } finally {
      forgetDataKey(dataKey.key)
    }
  } catch (error) {
    throw isDiskFull(error) ? outOfSpace(error) : error
  } finally {
    forgetDataKey(opened.key)
  }
}

async function receivePack(
  opened: OpenedRepository,
  dataKey: Awaited<ReturnType<typeof generateDataKey>>,
  request: PushRequest & { refused: Map<string, string> },
  objects: Objects,
): Promise<PushOutcome> {
  const { row } = opened
  const pack = await unpack(objects, request)
  const tips = await checkTips(objects, request.commands, request.refused, pack)
  if (!pack) return conclude(opened, request, request.refused, tips)
  request.signal.throwIfAborted()
  request.progress('Encrypting objects under aws/codecommit...\n')
  const files = [
    { kind: 'pack', path: pack.packPath },
    { kind: 'idx', path: pack.idxPath },
  ] as const
  const sealed = await sealPack(row.id, dataKey.key, { objectCount: pack.objectCount, files })
  const outcome = await conclude(opened, request, request.refused, tips, { key: dataKey.stored, files: sealed.files })
  const openedSize = sealed.files.reduce((sum, file) => sum + file.openedSize, 0)
  // The push is durable: where this finds no room, the next reader opens what was sealed.
  await adoptPack(row.id, { id: sealed.packId, openedSize, files }).catch(() => undefined)
  return outcome
}

/** Where the objects of a push are put, and those that they may rely on. */
type Objects = Readonly<{ gitDir: string; objectDirectory: string; alternates: string[]; signal: AbortSignal }>
function objectsOf(quarantine: string, workingCopy: string | null, signal: AbortSignal): Objects {
  const alternates = workingCopy === null ? [] : [join(workingCopy, 'objects')]
  return { gitDir: workingCopy ?? quarantine, objectDirectory: join(quarantine, 'objects'), alternates, signal }
}

type Added = NonNullable<Parameters<typeof commitRefs>[2]>

/** Why commands are refused before any object is looked at, by ref. */
function refusedAtSight(commands: readonly RefCommand[]): Map<string, string> {
  const refused = new Map<string, string>()
  const seen = new Set<string>()
  for (const command of commands) {
    const { ref } = command
    const problem = seen.has(ref) ? 'multiple updates for one ref' : (commandProblem(command) ?? nameProblem(ref))
    if (problem !== null) refused.set(ref, problem)
    seen.add(ref)
  }
  return refused
}

/** What CodeCommit asks of a name beyond what git does. */
export function nameProblem(ref: string): string | null {
  if (ref.length > 512) return 'the name is too long'
  const branch = /^refs\/heads\/(.*)$/s.exec(ref)?.[1]
  if (branch === undefined) return null
  if (branch.length > 256) return 'a branch name has at most 256 characters'
  return /^[0-9a-f]{40}$/i.test(branch) ? 'a branch name must not look like a commit ID' : null
}

async function unpack(objects: Objects, { pack, progress, commands }: PushRequest): Promise<IndexedPack | null> {
  if (!pack) return null
  try {
    return typeof pack === 'function' ? await pack(dirname(objects.objectDirectory)) : await indexPack({ ...objects, pack, maxInputSize: maxPackBytes, onProgress: (text) => progress(text.toString()) })
  } catch (error) {
    if (isDiskFull(error)) throw outOfSpace(error)
    throw isPackError(error) ? unpackRefused(error.detail, commands) : error
  }
}

/**
 * Says what each new tip is, tags peeled, and refuses the refs whose tip is not there; a tip that is there is there with all that
 * it needs ({@link indexPack}). Refuses the push where a blob is too large.
 */
async function checkTips(
  objects: Objects,
  commands: readonly RefCommand[],
  refused: Map<string, string>,
  pack: IndexedPack | null,
): Promise<Map<string, Ref>> {
  const updates = commands.filter(({ ref, newOid }) => newOid !== zeroOid && !refused.has(ref))
  const newOids = updates.map(({ newOid }) => newOid)
  // Of every pack, however small: a chain of deltas can make gigabytes of a few hundred bytes.
  const held = pack ? await objectsHeld({ ...objects, pack, limit: maxBlobBytes, oids: newOids }) : null
  const [large] = held?.largeBlobs ?? []
  if (large) throw unpackRefused(`a file is larger than 2 GB (blob ${large.oid})`, commands)
  const elsewhere = newOids.filter((oid) => !held?.types.has(oid))
  const types = new Map([...(held?.types ?? []), ...(await objectTypes({ ...objects, oids: elsewhere }))])
  const peeled = await peeledTags({ ...objects, oids: newOids.filter((oid) => types.get(oid) === 'tag') })
  const tips = new Map<string, Ref>()
  for (const { ref, newOid } of updates) {
    const type = types.get(newOid) ?? null
    if (type === null) refused.set(ref, 'missing necessary objects')
    else if (ref.startsWith('refs/heads/') && type !== 'commit') refused.set(ref, 'a branch points at a commit')
    else tips.set(ref, tipOf(newOid, peeled.get(newOid)))
  }
  return tips
}

function tipOf(oid: string, peeled: string | undefined): Ref {
  return peeled === undefined ? { oid } : { oid, peeled }
}

/** The commit point and its outcome; what was stored is removed where nothing of the push happens. */
async function conclude(
  opened: OpenedRepository,
  request: PushRequest,
  refusedBefore: ReadonlyMap<string, string>,
  tips: ReadonlyMap<string, Ref>,
  added?: Added,
): Promise<PushOutcome> {
  try {
    return await withLock(`push/${opened.row.id}`, async () => {
      let current = opened
      for (;;) {
        const { refs, refused } = applyCommands(current.refs, request, refusedBefore, tips)
        if (request.commands.every(({ ref }) => refused.has(ref))) throw allRefused(request.commands, refused)
        request.signal.throwIfAborted()
        if (await commitRefs(current, refs, added)) return { report: reportOf(request.commands, refused) }
        const newer = await reopenRepository(current)
        if (!newer) throw repositoryDoesNotExist(opened.row.name)
        current = newer
      }
    })
  } catch (error) {
    await withdrawStored(opened.row.id, added?.files ?? [], error)
    throw error
  }
}

/** The refs once the commands are done: deletions first, then the others in their order, each seeing what those before it left. */
function applyCommands(
  { head, refs }: Refs,
  { commands, atomic, defaultBranch }: PushRequest,
  refusedBefore: ReadonlyMap<string, string>,
  tips: ReadonlyMap<string, Ref>,
): { refs: Refs; refused: Map<string, string> } {
  const changed = new Map(refs)
  const refused = new Map(refusedBefore)
  const moves: RefCommand[] = []
  for (const command of commands) {
    const { ref, oldOid, newOid } = command
    if (refused.has(ref)) continue
    const now = refs.get(ref)?.oid ?? zeroOid
    // Deleting what is not there is no conflict; anything else must find what its client saw.
    if (now !== oldOid && !(newOid === zeroOid && now === zeroOid)) refused.set(ref, 'the ref has moved: another push was faster; fetch first')
    else if (newOid === zeroOid && ref === head) refused.set(ref, 'deletion of the current branch prohibited')
    else if (newOid === zeroOid) changed.delete(ref)
    else moves.push(command)
  }
  const folders = foldersOf(changed.keys())
  for (const { ref } of moves) {
    const tip = tips.get(ref)
    if (!tip) refused.set(ref, 'missing necessary objects')
    else if (folders.has(ref) || [...foldersOf([ref])].some((folder) => changed.has(folder))) refused.set(ref, 'a ref and a folder of refs cannot have one name')
    else {
      changed.set(ref, tip)
      for (const folder of foldersOf([ref])) folders.add(folder)
    }
  }
  if (atomic && refused.size > 0) {
    for (const { ref } of commands) if (!refused.has(ref)) refused.set(ref, 'atomic push failure')
  }
  const wanted = typeof defaultBranch === 'string' && changed.has(defaultBranch) ? defaultBranch : firstBranch(changed)
  return { refs: { head: head ?? wanted, refs: changed }, refused }
}

/** The names that refs run through: `refs/heads` and `refs/heads/a` for `refs/heads/a/b`. */
function foldersOf(names: Iterable<string>): Set<string> {
  const folders = new Set<string>()
  for (const name of names) {
    for (let slash = name.indexOf('/', 5); slash !== -1; slash = name.indexOf('/', slash + 1)) folders.add(name.slice(0, slash))
  }
  return folders
}

/** The default branch of a repository's first push: main or master where they come, else the first branch. */
function firstBranch(refs: ReadonlyMap<string, Ref>): string | null {
  const branches = [...refs.keys()].filter((name) => name.startsWith('refs/heads/'))
  return ['refs/heads/main', 'refs/heads/master'].find((name) => branches.includes(name)) ?? branches[0] ?? null
}

function reportOf(commands: readonly RefCommand[], refused: ReadonlyMap<string, string>): ReceivePackReport {
  return { unpackError: null, refs: commands.map(({ ref }) => ({ ref, refused: refused.get(ref) ?? null })) }
}

function allRefused(commands: readonly RefCommand[], refused: ReadonlyMap<string, string>): ServiceException {
  return pushRefused([...new Set(refused.values())].join('; '), reportOf(commands, refused))
}

function pushRefused(reason: string, report: ReceivePackReport): ServiceException {
  return new ServiceException('PushRefusedException', reason, { details: { report }, recordedMessage: 'The push was refused: nothing was stored.' })
}

function outOfSpace(cause: unknown): ServiceException {
  return new ServiceException('ServiceUnavailableException', 'The server has no space left to store this push. Nothing of it was kept.', {
    fault: 'server',
    httpStatus: 503,
    cause,
  })
}

function unpackRefused(reason: string, commands: readonly RefCommand[]): ServiceException {
  return pushRefused(reason, { unpackError: reason, refs: commands.map(({ ref }) => ({ ref, refused: 'unpacker error' })) })
}

/** A folder in scratch for what has not been checked yet, a repository of its own or to be made by who writes; removed once `work` is done. */
async function withQuarantine<Result>(asRepository: boolean, work: (path: string) => Promise<Result>): Promise<Result> {
  const path = join(scratchRoot(), 'quarantine', crypto.randomUUID())
  try {
    if (asRepository) await createBareRepository(path)
    return await work(path)
  } finally {
    // Nobody waits for it. What cannot be removed now goes with all of scratch.
    rm(path, { recursive: true, force: true }).catch((error: unknown) => console.error('a quarantine stays until the server stops', error))
  }
}
