import type { Readable } from 'node:stream'
import { z } from 'zod'
import type { Refs } from '#lib/git/refs'
import { uploadPack } from '#lib/git/service'
import { asService, type RequestContext } from '#lib/operation/context'
import { defineOperation } from '#lib/operation/define'
import { repositoryDoesNotExist } from './exceptions.ts'
import { gitEventData, type GitTransport } from './git-event.ts'
import { openedDataKey } from './kms-calls.ts'
import { requireAllowed } from './require-allowed.ts'
import { onRepository, present, type RepositoryRow } from './repository-row.ts'
import { forgetDataKey } from './storage/data-keys.ts'
import { openRepository } from './storage/open-repository.ts'
import { findResponse, keepResponse, responseName } from './storage/response-cache.ts'
import { openWorkingCopy } from './storage/working-copy.ts'

/** A fetch as its door has read it, to be replayed into git. */
export type PullRequest = Readonly<{
  transport: GitTransport
  protocol: 0 | 1 | 2
  /** True for HTTP and for each request of protocol 2; false for the conversation of protocol 0 over SSH. */
  statelessRpc: boolean
  /** The request's bytes, or the client's side of the conversation. */
  stdin: Readable
  capabilities: readonly string[]
  shallow: boolean
  /** Equal for requests that git answers alike from equal refs (lib/git/fetch-request.ts); null: not to be kept. */
  key: string | null
  /** The client has nothing yet: what many ask for alike, of a small repository too. */
  clone: boolean
  signal: AbortSignal
}>

/** An answer of git's: `stdout` is read to its end or destroyed; `bytes`, where it is known, is its length; `done` settles once git has ended. */
export type PullAnswer = Readonly<{ stdout: Readable; bytes?: number; done: Promise<unknown> }>

const toRepository = { repositoryName: z.string().optional(), transport: z.custom<GitTransport>() }

/**
 * What protocol 2 begins with: that the caller may pull, before anything of the repository is said. Nothing is opened; a
 * caller who may not use the key is told so here, where git shows the reason.
 */
export const GitPullCapabilities = defineOperation({
  service: 'codecommit',
  name: 'GitPull',
  readOnly: true,
  input: z.object(toRepository),
  resolve: (context, { repositoryName }) => onRepository('codecommit:GitPull', context, repositoryName),
  handler: async (context, _input, row) => {
    await requireDecrypt(context, present(row))
    return undefined
  },
  requestParameters: () => null,
  recorded: (_output, { transport }, row) => ({ additionalEventData: gitEventData(present(row), { transport, dataTransferred: false }) }),
})

/** The refs, answered without git and without packs. */
export const GitPullRefs = defineOperation({
  service: 'codecommit',
  name: 'GitPull',
  readOnly: true,
  input: z.object(toRepository),
  resolve: (context, { repositoryName }) => onRepository('codecommit:GitPull', context, repositoryName),
  handler: async (context, _input, row): Promise<{ refs: Refs }> => {
    const { refs, key } = await openRepository(context, present(row))
    forgetDataKey(key)
    return { refs }
  },
  requestParameters: () => null,
  recorded: (_output, { transport }, row) => ({ additionalEventData: gitEventData(present(row), { transport, dataTransferred: false }) }),
})

/**
 * A fetch: stock git's upload-pack on the repository's working copy. The event is durable before the first byte leaves.
 *
 * `stdout` must be read to its end or destroyed: until then the working copy stays. `bytes` is what it gives, where that is known
 * before. `done` settles when git has ended.
 */
export const GitPull = defineOperation({
  service: 'codecommit',
  name: 'GitPull',
  readOnly: true,
  input: z.object({ repositoryName: z.string().optional(), request: z.custom<PullRequest>() }),
  resolve: (context, { repositoryName }) => onRepository('codecommit:GitPull', context, repositoryName),
  handler: async (context, { request }, row): Promise<PullAnswer> => {
    const opened = await openRepository(context, present(row))
    const name = request.key === null ? null : responseName(opened, request.key)
    const kept = name === null ? null : await findResponse(opened, name)
    if (kept) {
      forgetDataKey(opened.key)
      return { stdout: kept.plaintext, bytes: kept.bytes, done: Promise.resolve() }
    }
    const workingCopy = await openWorkingCopy(context, opened)
    const { protocol, statelessRpc, stdin, signal } = request
    // A conversation begins with the refs, which its door has told (GitPullRefs).
    const { stdout, done } = uploadPack({ gitDir: workingCopy.gitDir, protocol, statelessRpc, alreadyAdvertised: !statelessRpc, stdin, signal })
    const ended = done.finally(() => workingCopy[Symbol.asyncDispose]())
    ended.catch(() => undefined)
    const answer = name === null ? stdout : keepResponse(opened, { name, clone: request.clone }, { stdout, done: ended })
    forgetDataKey(opened.key)
    return { stdout: answer, done: ended }
  },
  withdraw: ({ stdout }) => stdout.destroy(),
  requestParameters: () => null,
  recorded: (_output, { request: { transport, capabilities, shallow } }, row) => ({
    additionalEventData: gitEventData(present(row), { transport, dataTransferred: true, capabilities, shallow }),
  }),
})

/** Refuses, recorded as the KMS refusal it is, a caller who could not open what they are about to ask for. */
async function requireDecrypt(context: RequestContext, row: RepositoryRow): Promise<void> {
  const call = await openedDataKey(row)
  if (!call) throw repositoryDoesNotExist(row.name)
  await requireAllowed(call.operation, asService(context, 'codecommit'), call.input)
}
