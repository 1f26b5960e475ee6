import { db } from '#lib/db'
import { invoke } from '#lib/invoke'
import type { RequestContext } from '#lib/operation/context'
import { isServiceException, ServiceException } from '#lib/operation/exception'
import { remember } from '#lib/remember'
import { GitPush } from '../git-push.ts'
import type { RepositoryRow } from '../repository-row.ts'
import type { ImportPlan, LeftOut } from './plan.ts'
import { type ImportProgress, type Meter, newMeter, readMeter, sample } from './progress.ts'
import { type FetchProgress, fetchSource } from './read-source.ts'
import type { ImportSource } from './source.ts'
import type { Tunnel } from './tunnel.ts'

/** `INTERRUPTED`: the server stopped meanwhile. But for `SUCCEEDED`, nothing of the source is in the repository. */
export type ImportState = 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'INTERRUPTED'

/** What has come of an import, or will. */
export type ImportReport = Readonly<{
  branches: number
  tags: number
  notes: number
  leftOut: readonly LeftOut[]
  progress: ImportProgress
  failure?: Readonly<{ code: string; message: string }>
}>

/** An import, as its row and its job have it. */
export type Import = Readonly<{
  importId: string
  repositoryId: string
  /** As it was at the start. */
  repositoryName: string
  /** Without user name and password. */
  sourceUrl: string
  state: ImportState
  /** ARN. */
  startedBy: string
  startedAt: Date
  endedAt?: Date
}> &
  ImportReport

/** Plain data: the module exists more than once. */
type Job = { controller: AbortController; import: Import; meter: Meter; tunnel: Pick<Tunnel, 'received'> }

/** Begins an import that has been looked at, in the background. The tunnel is closed when it ends. */
export async function beginImport(
  context: RequestContext,
  row: RepositoryRow,
  { source, tunnel, plan }: { source: ImportSource; tunnel: Tunnel; plan: ImportPlan },
): Promise<Import> {
  const meter = newMeter()
  const { branches, tags, notes, leftOut } = plan
  const begun: Import = {
    importId: crypto.randomUUID(),
    repositoryId: row.id,
    repositoryName: row.name,
    sourceUrl: source.url,
    state: 'IN_PROGRESS',
    startedBy: 'arn' in context.principal ? context.principal.arn : context.principal.type,
    startedAt: new Date(),
    ...{ branches, tags, notes, leftOut, progress: readMeter(meter, Date.now()) },
  }
  const job: Job = { controller: new AbortController(), import: begun, meter, tunnel }
  const { importId: id, repositoryId, repositoryName, sourceUrl, state, startedBy, startedAt } = begun
  const { accountId, region } = row
  await db().repositoryImport.create({ data: { id, accountId, region, repositoryId, repositoryName, sourceUrl, state, startedBy, startedAt, report: JSON.stringify(reportOf(begun)) } })
  jobs().set(id, job)
  void run({ ...context, requestId: crypto.randomUUID(), time: new Date() }, job, { source, tunnel, plan })
  return begun
}

/** An import of the account and Region, as it is now; null where there is none of that ID. */
export async function findImport({ accountId, region }: Pick<RequestContext, 'accountId' | 'region'>, importId: string): Promise<Import | null> {
  const row = await db().repositoryImport.findUnique({ where: { id: importId } })
  return row?.accountId === accountId && row.region === region ? current(row) : null
}

/** The Region's imports, newest first, from an earlier one on. */
export async function listImports(place: Pick<RequestContext, 'accountId' | 'region'>, limit: number, before?: readonly [time: number, id: string]): Promise<Import[]> {
  const { accountId, region } = place
  const rows = await db().repositoryImport.findMany({
    where: {
      ...{ accountId, region },
      ...(before && { startedAt: { lte: new Date(before[0]) }, OR: [{ startedAt: { lt: new Date(before[0]) } }, { id: { lt: before[1] } }] }),
    },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    take: limit,
  })
  return rows.map(current)
}

/** Ends an import that is under way; nothing of it is kept. False where it is over, or past its commit point. */
export function cancelImport(importId: string): boolean {
  const job = jobs().get(importId)
  job?.controller.abort(ended('CANCELLED', 'ImportCancelledException', 'The import was cancelled.'))
  return job !== undefined
}

/** At start: what a stopped server had under way was interrupted. */
export async function markInterruptedImports(): Promise<void> {
  await db().repositoryImport.updateMany({ where: { state: 'IN_PROGRESS' }, data: { state: 'INTERRUPTED', endedAt: new Date() } })
}

/** At stop: ends what is under way. */
export async function interruptImports(): Promise<void> {
  for (const { controller } of jobs().values()) controller.abort(ended('INTERRUPTED', 'ImportInterruptedException', 'The server was stopped.'))
  while (jobs().size > 0) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** Why an import is ended from here, as its GitPush event has it, and the state that it is then in. */
function ended(state: ImportState, code: string, message: string): ServiceException {
  return new ServiceException(code, message, { details: { state } })
}

/** The longest that an import may take. */
const deadlineMilliseconds = 6 * 60 * 60 * 1000

function jobs(): Map<string, Job> {
  return remember('codecommit.imports', () => new Map<string, Job>())
}

async function run(context: RequestContext, job: Job, { source, tunnel, plan }: { source: ImportSource; tunnel: Tunnel; plan: ImportPlan }): Promise<void> {
  const { signal } = job.controller
  const tooLong = () => job.controller.abort(ended('FAILED', 'SourceUnavailableException', 'The source took longer than an import may: six hours.'))
  const deadline = setTimeout(tooLong, deadlineMilliseconds)
  const { meter } = job
  const sampling = setInterval(() => sample(meter, tunnel.received(), Date.now()), 500)
  const onProgress = ({ step, done, total }: FetchProgress): void => {
    meter.receivingSince ??= Date.now()
    meter.phase = step === 'receiving' ? 'RECEIVING' : 'CHECKING'
    if (step === 'receiving') Object.assign(meter, { objectsReceived: done, objectsTotal: total })
    else Object.assign(meter, { objectsReceived: meter.objectsTotal, checked: done, checkTotal: total })
  }
  const pack = async (gitDir: string) => {
    const fetched = await fetchSource(source, tunnel, { gitDir, refs: new Map(plan.commands.map(({ ref, newOid }) => [ref, newOid])), signal, onProgress })
    Object.assign(meter, { phase: 'STORING', objectsReceived: fetched?.objectCount ?? 0, objectsTotal: fetched?.objectCount ?? 0, checked: meter.checkTotal })
    return fetched
  }
  const { commands, defaultBranch } = plan
  try {
    const request = { transport: 'IMPORT', commands, defaultBranch, atomic: true, capabilities: [], pack, progress: () => undefined, signal }
    // By the name that the repository has now: it may have been renamed since.
    const { name } = await db().repository.findUniqueOrThrow({ where: { id: job.import.repositoryId } })
    await invoke(GitPush, context, { repositoryName: name, request })
    end(job, 'SUCCEEDED')
  } catch (error) {
    const reason: unknown = signal.aborted ? signal.reason : undefined
    if (isServiceException(reason)) end(job, reason.details['state'] as ImportState, reason.details['state'] === 'FAILED' ? failureOf(reason) : undefined)
    else end(job, 'FAILED', failureOf(error))
  } finally {
    clearInterval(sampling)
    clearTimeout(deadline)
    tunnel.close()
  }
  try {
    const { state, endedAt = null, importId: id } = job.import
    await db().repositoryImport.update({ where: { id }, data: { state, endedAt, report: JSON.stringify(reportOf(job.import)) } })
  } catch (error) {
    console.error(error)
  } finally {
    jobs().delete(job.import.importId)
  }
}

function end(job: Job, state: ImportState, failure?: ImportReport['failure']): void {
  sample(job.meter, job.tunnel.received(), Date.now())
  job.import = { ...job.import, state, endedAt: new Date(), progress: readMeter(job.meter, Date.now()), ...(failure && { failure }) }
}

function failureOf(error: unknown): { code: string; message: string } {
  // A push's refusal names refs; what is kept of it does not.
  if (isServiceException(error) && error.name === 'PushRefusedException') return { code: error.name, message: notAsAPush }
  if (isServiceException(error) && error.name !== 'InternalFailure') return { code: error.name, message: error.recordedMessage ?? error.message }
  if (!isServiceException(error)) console.error(error)
  return { code: 'InternalFailure', message: 'The import has failed because of an unknown error; the server’s log says which.' }
}

const notAsAPush =
  'The source changed while it was read, or has what a push could not have either: a file above 2 GB, or a branch that is no commit. Nothing of it was kept.'

type Row = Readonly<{ id: string; repositoryId: string; repositoryName: string; sourceUrl: string; state: string; startedBy: string; startedAt: Date; endedAt: Date | null; report: string | null }>

function current({ id, repositoryId, repositoryName, sourceUrl, state, startedBy, startedAt, endedAt, report }: Row): Import {
  const job = jobs().get(id)
  if (job?.import.state === 'IN_PROGRESS') {
    sample(job.meter, job.tunnel.received(), Date.now())
    return { ...job.import, progress: readMeter(job.meter, Date.now()) }
  }
  if (job) return job.import
  const kept = JSON.parse(report ?? '{}') as ImportReport
  return { importId: id, repositoryId, repositoryName, sourceUrl, state: state as ImportState, startedBy, startedAt, ...(endedAt && { endedAt }), ...kept }
}

function reportOf({ branches, tags, notes, leftOut, progress, failure }: ImportReport): ImportReport {
  return { branches, tags, notes, leftOut, progress, ...(failure && { failure }) }
}
