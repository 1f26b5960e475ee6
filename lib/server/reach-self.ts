import { randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { rootCertificates } from 'node:tls'
import type { Config } from '#lib/config'
import { remember } from '#lib/remember'
import type { TlsMaterial } from './tls.ts'

/**
 * Lets Next fetch from this very server, which it does to hand a server action on to the page that has it: tells it where the
 * server is (so that no Host header can), has `fetch` trust the local CA, and marks what it sends there as our own.
 */
export async function reachSelf({ host, port }: Config, tls: TlsMaterial | undefined): Promise<void> {
  const address = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  const origin = `${tls ? 'https' : 'http'}://${address}:${port}`
  process.env['__NEXT_PRIVATE_ORIGIN'] = origin
  // Node's own agent is made at the first fetch.
  await fetch('data:,')
  const holder = globalThis as { [dispatcher]?: object }
  const Agent = holder[dispatcher]?.constructor as AgentConstructor | undefined
  if (!Agent) return
  // Node 20 takes further authorities only from the environment that it was started with; its agent takes them here.
  const ca = tls ? [...rootCertificates, readFileSync(tls.caFile, 'utf8')] : [...rootCertificates]
  const agent = new Agent({ connect: { ca } })
  const send = agent.dispatch.bind(agent)
  agent.dispatch = (options, handler) => send(options.origin === origin ? marked(options) : options, handler)
  holder[dispatcher] = agent
}

/**
 * True for a request that this process sent to itself: only then is what it says of the client (X-Forwarded-*) believed, because
 * the request that it goes back to has been through the doors.
 */
export function isOwnRequest(request: IncomingMessage): boolean {
  const claimed = Buffer.from(String(request.headers[markHeader] ?? ''))
  const own = Buffer.from(mark())
  return claimed.length === own.length && timingSafeEqual(claimed, own)
}

/** Carries the mark; taken off before anything else sees the request. */
export const markHeader = 'x-codekeep-own-request'

function mark(): string {
  return remember('server.own-request', () => randomBytes(32).toString('base64url'))
}

function marked(options: DispatchOptions): DispatchOptions {
  const { headers } = options
  // undici takes names and values in turn, or an object.
  return { ...options, headers: Array.isArray(headers) ? [...(headers as unknown[]), markHeader, mark()] : { ...headers, [markHeader]: mark() } }
}

/** Of undici, which is Node's fetch, what is used here. */
type DispatchOptions = { origin?: string | URL; headers?: object }
type AgentConstructor = new (options: { connect: { ca: string[] } }) => { dispatch: (options: DispatchOptions, handler: unknown) => boolean }

/** Where undici keeps the agent of all requests (its `setGlobalDispatcher`). */
const dispatcher = Symbol.for('undici.globalDispatcher.1')
