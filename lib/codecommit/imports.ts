import { z } from 'zod'
import { db } from '#lib/db'
import { invoke, mayInvoke } from '#lib/invoke'
import type { RequestContext } from '#lib/operation/context'
import { defineOperation } from '#lib/operation/define'
import { ServiceException } from '#lib/operation/exception'
import { decodeToken, pageOf } from '#lib/operation/pagination'
import { remember } from '#lib/remember'
import { GitPush, GitPushRefs, type PushRequest } from './git-push.ts'
import { beginImport, cancelImport, findImport, type Import, listImports } from './import/jobs.ts'
import { planImport } from './import/plan.ts'
import { listSource } from './import/read-source.ts'
import { importSource, recordedUrl } from './import/source.ts'
import { openTunnel } from './import/tunnel.ts'
import { repositoryDescription, repositoryName } from './names.ts'
import { CreateRepository } from './repositories.ts'
import { findRepository, onRepository, repositoryArn, repositoryResource, type RepositoryRow } from './repository-row.ts'
import { scratchLimit } from './storage/scratch-space.ts'

/**
 * Mirrors a Git server's repository into a new or an empty one: every branch, tag and note. Codekeep's own; AWS has no such
 * operation.
 *
 * What can be said at once is: the source is listed before anything is made, and who may not create, push or encrypt is refused.
 * The rest goes on in the server (GetImport), by the path of a push, under the caller's name.
 * @throws ServiceException InvalidSourceUrlException, Source…Exception, EmptySourceException, RepositoryNotEmptyException,
 * ImportInProgressException, ConcurrentImportsLimitExceededException; those of CreateRepository and of a push
 */
export const StartImport = defineOperation({
  service: 'codecommit',
  name: 'StartImport',
  readOnly: false,
  input: z.object({
    sourceUrl: z.string().optional(),
    username: z.string().max(1024).optional(),
    password: z.string().max(4096).optional(),
    repositoryName: z.string().optional(),
    repositoryDescription: z.string().optional(),
  }),
  resolve: async (context, input) => {
    const source = importSource(input)
    repositoryDescription(input.repositoryDescription)
    const { absent, subject: row, access, ...resolved } = await onRepository('codecommit:StartImport', context, input.repositoryName)
    const resource = repositoryArn(context, repositoryName(input.repositoryName))
    return { ...resolved, subject: { source, row }, access: [...access, ...(absent ? [{ action: 'codecommit:CreateRepository', resource }] : [])] }
  },
  handler: async (context, input, { source, row }): Promise<{ import: Import }> => {
    const name = repositoryName(input.repositoryName)
    if (row) await requireEmpty(context, name)
    const release = await reserve(context, name)
    const tunnel = await openTunnel(source, mostBytes())
    try {
      const listed = await listSource(source, tunnel, AbortSignal.timeout(listingSeconds * 1000)).catch((error: unknown) => {
        throw error instanceof Error && error.name === 'TimeoutError' ? timedOut(error) : error
      })
      const plan = planImport(listed)
      if (plan.commands.length === 0) throw new ServiceException('EmptySourceException', 'The source has no branch, tag or note to import.')
      await requireMayPush(context, name, plan)
      const made = row ?? (await create(context, name, input.repositoryDescription))
      // As a push begins: whoever may not have a data key is told now.
      if (!row) await requireEmpty(context, name)
      return { import: await beginImport(context, made, { source, tunnel, plan }) }
    } catch (error) {
      tunnel.close()
      throw error
    } finally {
      release()
    }
  },
  requestParameters: (input) => ({ repositoryName: input.repositoryName, sourceUrl: recordedUrl(input.sourceUrl) }),
  recorded: (output) => ({ repositoryId: output.import.repositoryId, responseElements: { importId: output.import.importId, repositoryId: output.import.repositoryId } }),
})

/** An import, under way or over. @throws ServiceException ImportDoesNotExistException */
export const GetImport = defineOperation({
  service: 'codecommit',
  name: 'GetImport',
  readOnly: true,
  input: z.object({ importId: z.string().optional() }),
  resolve: (context, { importId }) => onImport('codecommit:GetImport', context, importId),
  handler: (_context, _input, found): { import: Import } => ({ import: presentImport(found) }),
  requestParameters: ({ importId }) => ({ importId }),
})

/** The Region's imports, newest first, in pages of 100. */
export const ListImports = defineOperation({
  service: 'codecommit',
  name: 'ListImports',
  readOnly: true,
  input: z.object({ nextToken: z.string().optional() }),
  resolve: (_context, { nextToken }) => {
    const place = nextToken === undefined ? undefined : decodeToken('imports', nextToken)
    if (place === null) throw new ServiceException('InvalidContinuationTokenException', 'The specified continuation token is not valid.')
    return { subject: place && ([Number(place[0]), String(place[1])] as const), access: [{ action: 'codecommit:ListImports', resource: '*' }] }
  },
  handler: async (context, _input, before): Promise<{ imports: readonly Import[]; nextToken?: string }> => {
    const page = pageOf('imports', await listImports(context, pageSize + 1, before), pageSize, (last) => [last.startedAt.getTime(), last.importId])
    return { imports: page.items, ...(page.next !== undefined && { nextToken: page.next }) }
  },
  requestParameters: () => null,
})

/** Ends an import; nothing of the source is kept. @throws ServiceException ImportDoesNotExistException, ImportNotInProgressException */
export const CancelImport = defineOperation({
  service: 'codecommit',
  name: 'CancelImport',
  readOnly: false,
  input: z.object({ importId: z.string().optional() }),
  resolve: (context, { importId }) => onImport('codecommit:CancelImport', context, importId),
  handler: (_context, _input, found): void => {
    if (!cancelImport(presentImport(found).importId)) throw new ServiceException('ImportNotInProgressException', 'The import is over.')
  },
  requestParameters: ({ importId }) => ({ importId }),
})

const pageSize = 100
/** A source that does not list its refs within this is not there. */
const listingSeconds = 30
const mostAtOnce = 3

function mostBytes(): number {
  return Math.min(64 * 1024 ** 3, scratchLimit())
}

async function onImport(action: string, context: RequestContext, importId = '') {
  const found = await findImport(context, importId)
  const row = found && (await db().repository.findUnique({ where: { id: found.repositoryId }, select: { name: true } }))
  const arn = found ? repositoryArn(context, row?.name ?? found.repositoryName) : '*'
  return {
    subject: found,
    access: [{ action, resource: arn }],
    ...(found ? { repositoryId: found.repositoryId, resources: [repositoryResource(arn)] } : { absent: new ServiceException('ImportDoesNotExistException', 'There is no such import in this Region.') }),
  }
}

/** The import that `onImport` found; its absence was thrown before any handler ran. */
function presentImport(found: Import | null): Import {
  if (!found) throw new Error('an absent import reached a handler')
  return found
}

/** Holds a place for the start of an import: at most three under way, one for a repository. @returns gives it back */
async function reserve({ accountId, region }: RequestContext, name: string): Promise<() => void> {
  const starting = remember('codecommit.importsStarting', () => new Set<string>())
  const key = `${region}/${name}`
  const inProgress = new ServiceException('ImportInProgressException', `An import into ${name} is in progress.`)
  if (starting.has(key)) throw inProgress
  // Held before the look: whoever held it before has left a row to be seen.
  starting.add(key)
  try {
    const running = await db().repositoryImport.findMany({ where: { state: 'IN_PROGRESS' }, select: { repositoryId: true } })
    const repository = await findRepository({ accountId, region }, name)
    if (running.some(({ repositoryId }) => repositoryId === repository?.id)) throw inProgress
    if (starting.size + running.length > mostAtOnce) {
      throw new ServiceException('ConcurrentImportsLimitExceededException', `${mostAtOnce} imports are in progress, which is as many as run at once. Try again when one is over.`)
    }
  } catch (error) {
    starting.delete(key)
    throw error
  }
  return () => starting.delete(key)
}

/** As a push begins: GitPush, Decrypt and GenerateDataKey allowed; and no ref there that an import could overwrite. */
async function requireEmpty(context: RequestContext, name: string): Promise<void> {
  const { refs } = await invoke(GitPushRefs, context, { repositoryName: name, transport: 'IMPORT' })
  if (refs.refs.size > 0) throw new ServiceException('RepositoryNotEmptyException', `${name} has branches or tags already: an import goes into a new or an empty repository.`)
}

/** Refuses, recorded as the GitPush that it is, who may not push one of the refs, before anything is made or fetched. */
async function requireMayPush(context: RequestContext, name: string, plan: Pick<PushRequest, 'commands'>): Promise<void> {
  const signal = AbortSignal.abort(new Error('only asked'))
  const request = { transport: 'IMPORT', commands: plan.commands, atomic: true, capabilities: [], pack: null, progress: () => undefined, signal }
  const { decision } = await mayInvoke(GitPush, context, { repositoryName: name, request })
  if (decision !== 'Allowed') await invoke(GitPush, context, { repositoryName: name, request })
}

async function create(context: RequestContext, name: string, description: string | undefined): Promise<RepositoryRow> {
  await invoke(CreateRepository, context, { repositoryName: name, ...(description !== undefined && { repositoryDescription: description }) })
  const row = await findRepository(context, name)
  if (!row) throw new ServiceException('RepositoryDoesNotExistException', `${name} does not exist`)
  return row
}

function timedOut(cause: unknown): ServiceException {
  return new ServiceException('SourceUnavailableException', `The source did not list its refs within ${listingSeconds} seconds.`, { cause })
}
