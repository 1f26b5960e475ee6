import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { PullAnswer } from '#lib/codecommit/git-pull'
import { config } from '#lib/config'
import { gitProtocolVersion, serviceHeader, type ProtocolVersion } from '#lib/git/advertise'
import { parseV0Fetch } from '#lib/git/fetch-request'
import { parseV2Request } from '#lib/git/ls-refs'
import { errorPkt, isProtocolError, PktLineReader } from '#lib/git/pkt-line'
import { authenticateGit } from '#lib/iam/authenticate'
import type { RequestContext } from '#lib/operation/context'
import { isServiceException, type ServiceException } from '#lib/operation/exception'
import { accountId } from '#lib/account'
import { expectsContinue } from './expect-continue.ts'
import { receivePackOverHttp } from './git-http-push.ts'
import { sendBundle } from './git-bundle.ts'
import { advertisePush } from './git-receive-pack.ts'
import { advertisePull, answerV2, startPull } from './git-upload-pack.ts'
import type { Peer } from './peer.ts'
import { pour } from './pour.ts'
import { refusalText } from './refusal-text.ts'
import type { GitRoute } from './router.ts'
import { stopping } from './stopping.ts'

/**
 * git's smart HTTP protocol (gitprotocol-http(5)).
 *
 * First 401 with a challenge, so that git asks its credential helpers; then 403 for who is not allowed, with the reason in
 * plain text, which git prints as `remote: …`. Once a request's body is being answered the reason comes in git's own packets.
 */
export async function handleGit(request: IncomingMessage, response: ServerResponse, route: GitRoute, peer: Peer): Promise<void> {
  const context = await authenticate(request, route, peer)
  if (context === 'challenge') {
    challenge(response)
    return
  }
  if (context === 'refused') {
    refuse(response, 403, 'The security token included in the request is invalid: these are not the Git credentials of an active IAM user.')
    return
  }
  if (expectsContinue(request)) response.writeContinue()
  const signal = AbortSignal.any([gone(request, response), stopping()])
  try {
    if (route.phase === 'advertise') await advertise(request, response, route, context)
    else if (route.phase === 'bundle') await sendBundle(response, route, context, signal)
    else if (route.service === 'git-upload-pack') await uploadPackOverHttp(request, response, route, context, signal)
    else await receivePackOverHttp(response, route, context, { body: bodyOf(request), signal })
  } catch (error) {
    if (response.headersSent || response.destroyed) {
      response.destroy()
      if (!signal.aborted) throw error
      return
    }
    if (isProtocolError(error)) refuse(response, 400, error.message)
    else if (!isServiceException(error)) throw error
    // git shows a refused advertisement's text, but of a refused request only the status: there it reads a packet.
    else if (route.phase !== 'rpc') refuse(response, statusOf(error), refusalText(error))
    else send(response, `application/x-${route.service}-result`, errorPkt(refusalText(error)))
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
  const advertiseService = service === 'git-receive-pack' ? advertisePush : advertisePull
  const body = await advertiseService(context, repositoryName, { transport: 'HTTP', protocol })
  send(response, `application/x-${service}-advertisement`, Buffer.concat([serviceHeader(service, protocol), body]))
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
  const answer = await answerPull(context, repositoryName, new PktLineReader(bodyOf(request)), { protocol, signal })
  // A client that has all it wants says so with an empty body.
  if (!answer || Buffer.isBuffer(answer)) {
    send(response, type, answer ?? Buffer.alloc(0))
    return
  }
  const { stdout, bytes, done } = answer
  // The head goes with the first byte. With a length there are no chunks, which Node would copy everything for.
  response.setHeaders(new Map(Object.entries({ 'content-type': type, ...(bytes !== undefined && { 'content-length': String(bytes) }), ...noCache })))
  await pour(stdout, response)
  const failed = await done.then(() => false, () => true)
  // git tells its client what is wrong in a packet before it ends with an error of its own. Where it could not even do that, its
  // client must not take nothing for an answer.
  response.end(failed && !response.headersSent ? errorPkt('InternalFailure: the server could not answer. Try again.') : undefined)
}

async function answerPull(
  context: RequestContext,
  repositoryName: string,
  body: PktLineReader,
  { protocol, signal }: { protocol: ProtocolVersion; signal: AbortSignal },
): Promise<Buffer | PullAnswer | null> {
  if (protocol === 2) {
    const request = await parseV2Request(body)
    return request && answerV2(context, repositoryName, request, { transport: 'HTTP', signal })
  }
  const fetch = await parseV0Fetch(body)
  return fetch && startPull(context, repositoryName, { transport: 'HTTP', protocol, statelessRpc: true, fetch, stdin: Readable.from([fetch.raw]), signal })
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
