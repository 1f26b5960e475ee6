import type { IncomingMessage, ServerResponse } from 'node:http'
import { handleAws } from '#lib/aws/endpoint'
import { config } from '#lib/config'
import { expectsContinue } from './expect-continue.ts'
import { handleGit } from './git-http.ts'
import { peerOf, type Peer } from './peer.ts'
import { isOwnRequest, markHeader } from './reach-self.ts'
import { classify } from './router.ts'
import { isWithoutScripts, sendWhole } from './without-scripts.ts'

/** Answers what is a page's: Next's request handler. */
export type ConsoleHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/**
 * Sends each request through its door: git, the AWS APIs, the console, or the health check.
 *
 * What a door throws ends the one request, with 500 where nothing has been sent yet, never the process.
 */
export function doors(console: ConsoleHandler) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    open(console, request, response).catch((error: unknown) => {
      if (isGone(request, response)) return
      globalThis.console.error(error)
      if (response.headersSent) response.destroy()
      else answer(response, 500, 'Something went wrong in Codekeep. Its log says what.')
    })
  }
}

async function open(console: ConsoleHandler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const route = classify({ method: request.method ?? '', url: request.url ?? '', host: request.headers.host }, config().domain)
  if (route.door === 'healthz') {
    answer(response, 200, 'ok')
    return
  }
  const peer = peerOf(request, { behindProxy: !config().tls })
  if (!peer.secureTransport) {
    answer(response, 403, 'Codekeep is reached over HTTPS only: the proxy in front of it must say X-Forwarded-Proto: https.')
    return
  }
  // git says it before a large body, and waits: the git door answers once it knows who pushes. The other doors have small bodies.
  if (route.door !== 'git' && expectsContinue(request)) response.writeContinue()
  switch (route.door) {
    case 'git':
      return handleGit(request, response, route, peer)
    case 'aws':
      return handleAws(request, response, peer)
    case 'refused':
      answer(response, route.status, route.message)
      return
    case 'console':
      limitBodyTime(request)
      believeNoForwarding(request, peer)
      if (isWithoutScripts(request)) sendWhole(request, response)
      return console(request, response)
  }
}

/**
 * Next trusts X-Forwarded-*, for the client's address and for the origin that server actions compare: they must be ours. A request
 * that Next itself hands on has them from its first way through here.
 */
function believeNoForwarding(request: IncomingMessage, peer: Peer): void {
  const own = isOwnRequest(request)
  Reflect.deleteProperty(request.headers, markHeader)
  if (own) return
  for (const name of ['x-forwarded-port', 'x-forwarded-host', 'forwarded', 'x-real-ip']) Reflect.deleteProperty(request.headers, name)
  request.headers['x-forwarded-for'] = peer.sourceIPAddress
  request.headers['x-forwarded-proto'] = 'https'
  if (request.headers.host !== undefined) request.headers['x-forwarded-host'] = request.headers.host
}

/** A page's form that takes longer than this to arrive is no form. */
const formSeconds = 60

function limitBodyTime(request: IncomingMessage): void {
  if (request.complete) return
  const timer = setTimeout(() => request.destroy(), formSeconds * 1000)
  timer.unref()
  const clear = () => clearTimeout(timer)
  request.once('end', clear)
  request.once('close', clear)
}

function isGone(request: IncomingMessage, response: ServerResponse): boolean {
  return request.destroyed && response.destroyed
}

function answer(response: ServerResponse, status: number, message: string): void {
  const body = `${message}\n`
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
