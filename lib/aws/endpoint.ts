import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { accountId } from '#lib/account'
import { authenticateSigV4 } from '#lib/iam/authenticate'
import { invoke } from '#lib/invoke'
import type { RequestContext } from '#lib/operation/context'
import type { AnyOperation } from '#lib/operation/define'
import { isRegion } from '#lib/operation/regions'
import { readBody } from './body.ts'
import { findAction, findQueryService, findTarget, queryServices } from './dispatch.ts'
import { jsonError, queryError, unknownOperation, wrongScope, type WireError } from './errors.ts'
import { decodeJson, encodeJson, encodeJsonError, jsonContentType } from './json-protocol.ts'
import { decodeQuery, encodeQuery, encodeQueryError, formContentType } from './query-protocol.ts'

/** Where a request came from, as the connection tells (lib/server/peer.ts). */
export type Caller = Readonly<{ sourceIPAddress: string; secureTransport: boolean }>

/**
 * Answers one call of an AWS API: `POST /`, signed with SigV4.
 *
 * Read the body (bounded in size and time) → authenticate → find the operation → decode → invoke → encode. The protocol is told by
 * the request: `X-Amz-Target` is JSON 1.1, a form is the query protocol. Whatever goes wrong is answered in that protocol.
 */
export async function handleAws(request: IncomingMessage, response: ServerResponse, caller: Caller, limits: Limits = bodyLimits): Promise<void> {
  const requestId = randomUUID()
  const time = new Date()
  const respond = isQuery(request) ? answerQuery : answerJson
  let answer: Answer
  try {
    const body = await readBody(request, limits)
    answer = await respond(request, body, async (find) => {
      const identity = await authenticateSigV4(signedRequest(request, body), time)
      if (!isRegion(identity.region)) throw wrongScope(`Credential should be scoped to a valid region, not '${identity.region}'.`)
      const { operation, input, region } = find(identity)
      const context: RequestContext = {
        ...caller,
        principal: identity.principal,
        region,
        accountId: accountId(),
        requestId,
        userAgent: (request.headers['user-agent'] ?? '').slice(0, 1024),
        time,
        calledVia: [],
      }
      return { operation, output: await invoke(operation, context, input) }
    }, requestId)
  } catch (error) {
    // Nobody is left to be told.
    if (request.destroyed && !request.complete) return
    answer = isQuery(request) ? queryFailure(queryError(error), requestId) : jsonFailure(jsonError(error))
  }
  send(request, response, answer, requestId)
}

type Limits = Readonly<{ bytes: number; seconds: number }>

/**
 * The longest body that any operation takes (its own schema says less), and how long it may take to arrive: it cannot be
 * authenticated before it is there.
 */
export const bodyLimits: Limits = { bytes: 8 * 2 ** 20, seconds: 30 }

type Answer = Readonly<{ status: number; contentType: string; body: string }>
type Identity = Awaited<ReturnType<typeof authenticateSigV4>>
type Call = Readonly<{ operation: AnyOperation; input: unknown; region: string }>
/** Authenticates, then invokes what `find` finds: nothing is said of operations to whoever is not known. */
type Run = (find: (identity: Identity) => Call) => Promise<{ operation: AnyOperation; output: unknown }>

async function answerJson(request: IncomingMessage, body: Uint8Array, run: Run): Promise<Answer> {
  const { output } = await run((identity) => {
    const target = request.headers['x-amz-target']
    if (typeof target !== 'string') throw unknownOperation()
    const { service, operation } = findTarget(target)
    if (identity.service !== service) throw wrongScope(`Credential should be scoped to correct service: '${service}'.`)
    return { operation, input: decodeJson(body), region: identity.region }
  })
  return { status: 200, contentType: jsonContentType, body: encodeJson(output) }
}

async function answerQuery(_request: IncomingMessage, body: Uint8Array, run: Run, requestId: string): Promise<Answer> {
  let namespace = defaultNamespace
  try {
    const { operation, output } = await run((identity) => {
      const service = findQueryService(identity.service)
      if (!service) throw wrongScope("Credential should be scoped to correct service: 'iam' or 'sts'.")
      namespace = service.namespace
      const { action, version, input } = decodeQuery(body)
      return { operation: findAction(service, action, version), input, region: service.globalRegion ?? identity.region }
    })
    return { status: 200, contentType: 'text/xml', body: encodeQuery(operation.name, output, { requestId, namespace }) }
  } catch (error) {
    return queryFailure(queryError(error), requestId, namespace)
  }
}

const defaultNamespace = queryServices[0]?.namespace ?? ''

function jsonFailure(error: WireError): Answer {
  return { status: error.status, contentType: jsonContentType, body: encodeJsonError(error) }
}

function queryFailure(error: WireError, requestId: string, namespace = defaultNamespace): Answer {
  return { status: error.status, contentType: 'text/xml', body: encodeQueryError(error, { requestId, namespace }) }
}

function isQuery(request: IncomingMessage): boolean {
  return request.headers['x-amz-target'] === undefined && (request.headers['content-type'] ?? '').toLowerCase().startsWith(formContentType)
}

function signedRequest(request: IncomingMessage, body: Uint8Array) {
  const url = request.url ?? '/'
  const mark = url.indexOf('?')
  const { rawHeaders } = request
  const headers = Array.from({ length: rawHeaders.length / 2 }, (_, index) => [rawHeaders[2 * index] ?? '', rawHeaders[2 * index + 1] ?? ''] as const)
  return {
    method: request.method ?? '',
    path: mark === -1 ? url : url.slice(0, mark),
    query: mark === -1 ? '' : url.slice(mark + 1),
    headers,
    body,
  }
}

function send(request: IncomingMessage, response: ServerResponse, { status, contentType, body }: Answer, requestId: string): void {
  // What is left of a body that was refused must not be taken for the next request.
  const unread = !request.complete
  response.writeHead(status, {
    'x-amzn-RequestId': requestId,
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(unread && { connection: 'close' }),
  })
  // Head and body leave in one write: two cost 40 ms where the peer delays its acknowledgements.
  response.end(body)
  if (!unread) return
  // A client that still sends would never read the answer of a connection that is reset: take in a little more, then close.
  request.resume()
  const timer = setTimeout(() => request.destroy(), 2000)
  request.once('close', () => clearTimeout(timer))
}
