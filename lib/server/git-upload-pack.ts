import { Readable } from 'node:stream'
import type { GitTransport } from '#lib/codecommit/git-event'
import { GitPull, GitPullCapabilities, GitPullRefs, type PullAnswer } from '#lib/codecommit/git-pull'
import { advertiseUploadPack, advertiseV2, type ProtocolVersion } from '#lib/git/advertise'
import { parseV2Fetch, type FetchRequest } from '#lib/git/fetch-request'
import { answerLsRefs, type V2Request } from '#lib/git/ls-refs'
import { invoke } from '#lib/invoke'
import type { RequestContext } from '#lib/operation/context'

/** What Codekeep calls itself to git. */
export const gitAgent = 'codekeep/1'

/**
 * What a fetch begins with, over either door: the capabilities (protocol 2) or the refs, answered without git.
 * @throws ServiceException where the caller may not pull, or may not use the repository's key
 */
export async function advertisePull(
  context: RequestContext,
  repositoryName: string,
  { transport, protocol }: Readonly<{ transport: GitTransport; protocol: ProtocolVersion }>,
): Promise<Buffer> {
  const input = { repositoryName, transport }
  if (protocol === 2) {
    await invoke(GitPullCapabilities, context, input)
    return advertiseV2({ agent: gitAgent })
  }
  const { refs } = await invoke(GitPullRefs, context, input)
  return advertiseUploadPack(refs, { protocol, statelessRpc: transport === 'HTTP', agent: gitAgent })
}

/**
 * Answers one request of protocol 2, which says all that the answer needs: `ls-refs` without git, the rest by a git of its own.
 * @throws ServiceException as `invoke`; ProtocolError for arguments that git would refuse
 */
export async function answerV2(
  context: RequestContext,
  repositoryName: string,
  request: V2Request,
  client: Readonly<{ transport: GitTransport; signal: AbortSignal }>,
): Promise<Buffer | PullAnswer> {
  if (request.command === 'ls-refs') {
    const { refs } = await invoke(GitPullRefs, context, { repositoryName, transport: client.transport })
    return answerLsRefs(refs, request)
  }
  const fetch = request.command === 'fetch' ? parseV2Fetch(request) : null
  return startPull(context, repositoryName, { ...client, protocol: 2, statelessRpc: true, fetch, stdin: Readable.from([request.raw]) })
}

/** Starts git on a fetch that has been read (`fetch`) and is replayed into it (`stdin`). */
export function startPull(
  context: RequestContext,
  repositoryName: string,
  request: Readonly<{
    transport: GitTransport
    protocol: ProtocolVersion
    statelessRpc: boolean
    /** Null for a request that asks for no pack. */
    fetch: FetchRequest | null
    stdin: Readable
    signal: AbortSignal
  }>,
): Promise<PullAnswer> {
  const { fetch, ...rest } = request
  const pull = {
    ...rest,
    capabilities: fetch?.capabilities ?? [],
    shallow: fetch !== null && isShallow(fetch),
    // A conversation goes on: what is read of it here is not all that shapes the answer.
    key: fetch?.done === true && request.statelessRpc ? fetch.key : null,
    clone: fetch?.haves.length === 0,
  }
  return invoke(GitPull, context, { repositoryName, request: pull })
}

function isShallow({ depth, deepenSince, deepenNot, shallow }: FetchRequest): boolean {
  return depth !== null || deepenSince !== null || deepenNot.length > 0 || shallow.length > 0
}
