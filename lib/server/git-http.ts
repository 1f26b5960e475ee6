import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { GitPull, GitPullCapabilities, GitPullRefs } from '#lib/codecommit/git-pull'
import { GitPushRefs } from '#lib/codecommit/git-push'
import { config } from '#lib/config'
import { advertiseReceivePack, advertiseUploadPack, advertiseV2, gitProtocolVersion, serviceHeader } from '#lib/git/advertise'
import { parseV0Fetch, parseV2Fetch } from '#lib/git/fetch-request'
import { answerLsRefs, parseV2Request } from '#lib/git/ls-refs'
import { errorPkt, isProtocolError, PktLineReader } from '#lib/git/pkt-line'
import { authenticateGit } from '#lib/iam/authenticate'
import { invoke } from '#lib/invoke'
import type { RequestContext } from '#lib/operation/context'
import { isServiceException, type ServiceException } from '#lib/operation/exception'
import { accountId } from '#lib/account'
import { expectsContinue } from './expect-continue.ts'
import { receivePackOverHttp } from './git-http-push.ts'
import type { Peer } from './peer.ts'
import { refusalText } from './refusal-text.ts'
import type { GitRoute } from './router.ts'
import { stopping } from './stopping.ts'

/** What Codekeep calls itself to git. */
export const gitAgent = 'codekeep/1'

/**
 * git's smart HTTP protocol (gitprotocol-http(5)).
 *
 * First 401 with a challenge, so that git asks its credential helpers; then 403 for who is not allowed, with the reason in
 * plain text, which git prints as `remote: …`. Once a request's body is being answered the reason comes in git's own packets.
 */
export async function handleGit(request: IncomingMessage, response: ServerResponse, route: GitRoute, peer: Peer): Promise<void> {
  const context = await authenticate(request, route, peer)
  if (context === 'challenge') return challenge(response)
  if (context === 'refused') {
    return refuse(response, 403, 'The security token included in the request is invalid: these are not the Git credentials of an active IAM user.')
  }
  if (expectsContinue(request)) response.writeContinue()
  const signal = AbortSignal.any([gone(request, response), stopping()])
  try {
    if (route.phase === 'advertise') await advertise(request, response, route, context)
    else if (route.service === 'git-upload-pack') await uploadPackOverHttp(request, response, route, context, signal)
    else await receivePackOverHttp(request, response, route, context, { body: bodyOf(request), signal })
  } catch (error) {
    if (response.headersSent || response.destroyed) {
      response.destroy()
      if (!signal.aborted) throw error
      return
    }
    if (isProtocolError(error)) return refuse(response, 400, error.message)
    if (!isServiceException(error)) throw error
    // git shows a refused advertisement's text, but of a refused request only the status: there it reads a packet.
    if (route.phase === 'advertise') return refuse(response, statusOf(error), refusalText(error))
    return send(response, `application/x-${route.service}-result`, errorPkt(refusalText(error)))
  }
}

async function authenticate(request: IncomingMessage, route: GitRoute, peer: Peer): Promise<RequestContext | 'challenge' | 'refused'> {
  const basic = /^Basic +(.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (basic === undefined) return 'challenge'
  const credentials = Buffer.from(basic, 'base64').toString()
  const colon = credentials.indexOf(':')
  if (colon === -1) return 'challenge'
  const principal = await authenticateGit({
    host: request.headers.host ?? '',
    path: route.path,
    region: route.region,
    username: credentials.slice(0, colon),
    password: credentials.slice(colon + 1),
  })
  if (!principal) return 'refused'
  return {
    principal,
    region: route.region,
    accountId: accountId(),
    requestId: crypto.randomUUID(),
    sourceIPAddress: peer.sourceIPAddress,
    userAgent: request.headers['user-agent'] ?? '',
    time: new Date(),
    secureTransport: peer.secureTransport || !config().tls,
    calledVia: [],
  }
}

/** `GET info/refs`: the first thing that git asks. */
async function advertise(request: IncomingMessage, response: ServerResponse, { service, repositoryName }: GitRoute, context: RequestContext): Promise<void> {
  const protocol = protocolOf(request)
  const input = { repositoryName, transport: 'HTTP' }
  const type = `application/x-${service}-advertisement`
  const header = serviceHeader(service, protocol)
  if (service === 'git-receive-pack') {
    const { refs } = await invoke(GitPushRefs, context, input)
    const body = advertiseReceivePack(refs, { protocol, agent: gitAgent, pushOptions: true })
    return send(response, type, Buffer.concat([header, body]))
  }
  if (protocol === 2) {
    await invoke(GitPullCapabilities, context, input)
    return send(response, type, Buffer.concat([header, advertiseV2({ agent: gitAgent })]))
  }
  const { refs } = await invoke(GitPullRefs, context, input)
  const body = advertiseUploadPack(refs, { protocol, statelessRpc: true, agent: gitAgent })
  return send(response, type, Buffer.concat([header, body]))
}

/** `POST git-upload-pack`: refs (protocol 2) without git, packs by git. */
async function uploadPackOverHttp(
  request: IncomingMessage,
  response: ServerResponse,
  { repositoryName }: GitRoute,
  context: RequestContext,
  signal: AbortSignal,
): Promise<void> {
  const protocol = protocolOf(request)
  const type = 'application/x-git-upload-pack-result'
  const reader = new PktLineReader(bodyOf(request))
  const v2 = protocol === 2 ? await parseV2Request(reader) : null
  if (protocol === 2 && !v2) return send(response, type, Buffer.alloc(0))
  if (v2?.command === 'ls-refs') {
    const { refs } = await invoke(GitPullRefs, context, { repositoryName, transport: 'HTTP' })
    return send(response, type, answerLsRefs(refs, v2))
  }
  const fetch = v2?.command === 'fetch' ? parseV2Fetch(v2) : v2 ? null : await parseV0Fetch(reader)
  const raw = fetch?.raw ?? v2?.raw
  // A client that has all it wants says so with an empty body.
  if (!raw) return send(response, type, Buffer.alloc(0))
  const pull = {
    transport: 'HTTP',
    protocol,
    statelessRpc: true,
    stdin: Readable.from([raw]),
    capabilities: fetch?.capabilities ?? [],
    shallow: fetch ? fetch.depth !== null || fetch.deepenSince !== null || fetch.deepenNot.length > 0 || fetch.shallow.length > 0 : false,
    key: fetch?.done ? fetch.key : null,
    signal,
  }
  const { stdout, done } = await invoke(GitPull, context, { repositoryName, request: pull })
  response.writeHead(200, { 'content-type': type, ...noCache })
  await pipeline(stdout, response, { end: false })
  // git tells its client what is wrong in a packet before it ends with an error of its own.
  await done.catch(() => undefined)
  response.end()
}

/** The body as it is: git compresses large requests. */
function bodyOf(request: IncomingMessage): Readable {
  if (request.headers['content-encoding'] !== 'gzip' && request.headers['content-encoding'] !== 'x-gzip') return request
  const plain = createGunzip()
  request.on('error', (error) => plain.destroy(error))
  return request.pipe(plain)
}

function protocolOf(request: IncomingMessage): 0 | 1 | 2 {
  const header = request.headers['git-protocol']
  return gitProtocolVersion(Array.isArray(header) ? header.join(':') : header)
}

/** Fires when the client hangs up before it has its answer. */
function gone(request: IncomingMessage, response: ServerResponse): AbortSignal {
  const controller = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new Error('the client hung up'))
  })
  request.once('aborted', () => controller.abort(new Error('the client hung up')))
  return controller.signal
}

const noCache = { 'cache-control': 'no-cache, max-age=0, must-revalidate', pragma: 'no-cache', expires: 'Fri, 01 Jan 1980 00:00:00 GMT' }

function challenge(response: ServerResponse): void {
  const body = 'Git credentials of an IAM user are needed.\n'
  response.writeHead(401, {
    'www-authenticate': 'Basic realm="Codekeep", charset="UTF-8"',
    'content-type': 'text/plain; charset=utf-8',
    'content-length': body.length,
  })
  response.end(body)
}

function statusOf(error: ServiceException): number {
  if (error.name === 'RepositoryDoesNotExistException') return 404
  return error.fault === 'client' ? 403 : error.httpStatus
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  const body = Buffer.from(`${reason}\n`)
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'content-length': body.length, ...noCache })
  response.end(body)
}

function send(response: ServerResponse, type: string, body: Buffer): void {
  response.writeHead(200, { 'content-type': type, 'content-length': body.length, ...noCache })
  response.end(body)
}
