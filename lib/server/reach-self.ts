import { readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'
import type { Config } from '#lib/config'
import type { TlsMaterial } from './tls.ts'

/**
 * Lets Next fetch from this very server, which it does to hand a server action to the page that has it: tells it where the server
 * is (so that no Host header can), and has `fetch` trust the local CA.
 */
export async function reachSelf({ host, port }: Config, tls: TlsMaterial | undefined): Promise<void> {
  const address = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  process.env['__NEXT_PRIVATE_ORIGIN'] = `${tls ? 'https' : 'http'}://${address}:${port}`
  if (tls) await trust(readFileSync(tls.caFile, 'utf8'))
}

/** Node 20 takes further authorities only from the environment that it was started with; fetch's own agent takes them here. */
async function trust(ca: string): Promise<void> {
  // The agent is made at the first fetch.
  await fetch('data:,')
  const holder = globalThis as { [dispatcher]?: object }
  const Agent = holder[dispatcher]?.constructor as AgentConstructor | undefined
  if (Agent) holder[dispatcher] = new Agent({ connect: { ca: [...rootCertificates, ca] } })
}

type AgentConstructor = new (options: { connect: { ca: string[] } }) => object

/** Where undici, which is Node's fetch, keeps the agent of all requests (its `setGlobalDispatcher`). */
const dispatcher = Symbol.for('undici.globalDispatcher.1')
