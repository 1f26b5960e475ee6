import { db } from '#lib/db'
import type { RequestContext } from '#lib/operation/context'
import { isServiceException } from '#lib/operation/exception'
import { remember } from '#lib/remember'
import type { RepositoryRow } from './repository-row.ts'
import { withLock } from './storage/keyed-lock.ts'
import { type Damage, verifyStored, type VerificationProgress } from './storage/verify-stored.ts'

/** `WHOLE`: all is as it was stored. `FAILED`: it could not be found out. `INTERRUPTED`: the server stopped meanwhile. */
export type VerificationState = 'IN_PROGRESS' | 'WHOLE' | 'DAMAGED' | 'FAILED' | 'STOPPED' | 'INTERRUPTED'

/** A repository's latest verification. */
export type Verification = Readonly<{
  state: VerificationState
  /** ARN. */
  startedBy: string
  startedAt: Date
  endedAt?: Date
  progress: VerificationProgress
  /** The first thousand. */
  damage: readonly Damage[]
  damageCount: number
  /** Why it failed: an exception's name and its message. */
  failure?: Readonly<{ code: string; message: string }>
}>

/** Plain data: the module exists more than once. */
type Job = { controller: AbortController; verification: Verification }
type Report = Pick<Verification, 'progress' | 'damage' | 'damageCount' | 'failure'>

const mostDamage = 1000
const nothing: VerificationProgress = { phase: 'WAITING', bytesOpened: 0, bytesTotal: 0, objectsChecked: 0, objectsTotal: 0 }

/** Begins a verification in the background, one after another in this process; one that is under way is given instead. */
export async function beginVerification(context: RequestContext, row: RepositoryRow): Promise<Verification> {
  const underWay = jobs().get(row.id)
  if (underWay) return underWay.verification
  const startedBy = 'arn' in context.principal ? context.principal.arn : context.principal.type
  const begun = { state: 'IN_PROGRESS', startedBy, startedAt: new Date(), progress: nothing, damage: [], damageCount: 0 } as const
  const job: Job = { controller: new AbortController(), verification: begun }
  jobs().set(row.id, job)
  try {
    await keep(row.id, begun)
  } catch (error) {
    jobs().delete(row.id)
    throw error
  }
  void run({ ...context, requestId: crypto.randomUUID() }, row, job)
  return begun
}

/** The latest verification of a repository; null where there was none. */
export async function latestVerification(repositoryId: string): Promise<Verification | null> {
  const underWay = jobs().get(repositoryId)
  if (underWay) return underWay.verification
  const row = await db().repositoryVerification.findUnique({ where: { repositoryId } })
  if (!row) return null
  const { progress = nothing, damage = [], damageCount = 0, failure } = JSON.parse(row.report ?? '{}') as Partial<Report>
  return {
    state: row.state as VerificationState,
    startedBy: row.startedBy,
    startedAt: row.startedAt,
    ...(row.endedAt && { endedAt: row.endedAt }),
    progress,
    damage,
    damageCount,
    ...(failure && { failure }),
  }
}

/** Stops a verification that is under way; false where none is. */
export function stopVerification(repositoryId: string): boolean {
  const job = jobs().get(repositoryId)
  job?.controller.abort(new Error('stopped'))
  return job !== undefined
}

/** At start: what a stopped server had under way was interrupted. */
export async function markInterruptedVerifications(): Promise<void> {
  await db().repositoryVerification.updateMany({ where: { state: 'IN_PROGRESS' }, data: { state: 'INTERRUPTED', endedAt: new Date() } })
}

/** At stop: ends what is under way, which the next start then calls interrupted. */
export async function interruptVerifications(): Promise<void> {
  for (const { controller } of jobs().values()) controller.abort(new Error(interrupted))
  while (jobs().size > 0) await new Promise((resolve) => setTimeout(resolve, 20))
}

const interrupted = 'the server is stopping'

function jobs(): Map<string, Job> {
  return remember('codecommit.verifications', () => new Map<string, Job>())
}

async function run(context: RequestContext, row: RepositoryRow, job: Job): Promise<void> {
  const { signal } = job.controller
  const onProgress = (progress: VerificationProgress): void => void (job.verification = { ...job.verification, progress })
  try {
    const damage = await withLock('verification', () => {
      signal.throwIfAborted()
      return verifyStored({ ...context, time: new Date() }, row, { signal, onProgress })
    })
    end(job, { state: damage.length === 0 ? 'WHOLE' : 'DAMAGED', damage: damage.slice(0, mostDamage), damageCount: damage.length })
  } catch (error) {
    if (signal.aborted) end(job, { state: (signal.reason as Error).message === interrupted ? 'INTERRUPTED' : 'STOPPED' })
    else if (isServiceException(error)) end(job, { state: 'FAILED', failure: { code: error.name, message: error.recordedMessage ?? error.message } })
    else {
      console.error(error)
      end(job, { state: 'FAILED', failure: { code: 'InternalFailure', message: 'The verification has failed because of an unknown error; the server’s log says which.' } })
    }
  }
  try {
    await keep(row.id, job.verification)
  } catch (error) {
    // A repository that was deleted meanwhile has nothing to keep it in.
    if (await db().repository.findUnique({ where: { id: row.id }, select: { id: true } })) console.error(error)
  } finally {
    jobs().delete(row.id)
  }
}

function end(job: Job, outcome: Partial<Verification>): void {
  job.verification = { ...job.verification, ...outcome, endedAt: new Date() }
}

async function keep(repositoryId: string, verification: Verification): Promise<void> {
  const { state, startedBy, startedAt, endedAt, progress, damage, damageCount, failure } = verification
  const data = { state, startedBy, startedAt, endedAt: endedAt ?? null, report: JSON.stringify({ progress, damage, damageCount, ...(failure && { failure }) }) }
  await db().repositoryVerification.upsert({ where: { repositoryId }, create: { repositoryId, ...data }, update: data })
}
