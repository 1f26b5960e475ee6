import { createServer as createHttpServer, type RequestListener, type Server, type ServerOptions, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Config } from '#lib/config'
import { listenError } from './listen-error.ts'
import { isLoopback } from './peer.ts'
import { abortRunning } from './stopping.ts'
import { openTls, type TlsMaterial } from './tls.ts'

/** The one port: HTTPS, or behind a proxy plain HTTP for this machine alone. Not listening yet: Next wants to see it first. */
export type Listener = Readonly<{
  server: Server
  /** Undefined where a proxy ends TLS. */
  tls: TlsMaterial | undefined
}>

/** Makes the server, and its certificates where it ends TLS itself. */
export async function createListener(config: Config): Promise<Listener> {
  if (!config.tls) {
    const server = createHttpServer(options)
    // Without TLS the network in between must be none at all.
    server.on('connection', (socket) => {
      if (!isLoopback(socket.remoteAddress ?? '')) socket.destroy()
    })
    return { server, tls: undefined }
  }
  const tls = await openTls(config)
  const server = createHttpsServer({ ...options, ...secureOptions, key: tls.key, cert: tls.cert })
  renewDaily(server, config, tls)
  return { server, tls }
}

/**
 * Begins to answer.
 * @returns the port, which is the configured one or, for 0, one that the system chose
 * @throws ConfigError where the address cannot be had, with what to do
 */
export async function listen(server: Server, config: Config, listener: RequestListener): Promise<number> {
  traffic(server)
  server.on('request', listener)
  // Without a listener Node says "continue" to everybody; the doors decide for themselves.
  server.on('checkContinue', listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, { variable: 'CODEKEEP_PORT', host: config.host, port: config.port })))
    server.listen(config.port, config.host, resolve)
  })
  server.on('error', (error) => console.error(error))
  return (server.address() as AddressInfo).port
}

/**
 * Stops taking connections and lets running requests finish for `seconds`; then aborts them (`stopping()`), gives them a
 * moment to roll back, and cuts what is still connected.
 */
export async function stopListening(server: Server, seconds: number): Promise<void> {
  const { sockets, running } = traffic(server)
  server.close()
  server.closeIdleConnections()
  if (!(await isEmptyWithin(running, seconds * 1000))) {
    abortRunning()
    await isEmptyWithin(running, rollBackSeconds * 1000)
  }
  for (const socket of sockets) socket.destroy()
}

const rollBackSeconds = 5

async function isEmptyWithin(running: ReadonlySet<unknown>, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds
  while (running.size > 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20))
  return running.size === 0
}

type Traffic = Readonly<{ sockets: Set<Socket>; running: Set<ServerResponse> }>
const trafficOf = new WeakMap<Server, Traffic>()

/** What is connected and what is being answered: Node's own list knows neither upgraded nor half-open connections. */
function traffic(server: Server): Traffic {
  const existing = trafficOf.get(server)
  if (existing) return existing
  const made: Traffic = { sockets: new Set(), running: new Set() }
  const follow = (_request: unknown, response: ServerResponse): void => {
    made.running.add(response)
    response.once('close', () => made.running.delete(response))
  }
  server.on('request', follow).on('checkContinue', follow)
  server.on('connection', (socket: Socket) => {
    made.sockets.add(socket)
    socket.once('close', () => made.sockets.delete(socket))
  })
  trafficOf.set(server, made)
  return made
}

const options: ServerOptions = {
  noDelay: true,
  keepAlive: true,
  keepAliveTimeout: 65_000,
  // Headers must come soon. Bodies may take long (a push of gigabytes), so each door limits its own.
  headersTimeout: 20_000,
  requestTimeout: 0,
  connectionsCheckingInterval: 5_000,
}

const secureOptions = { minVersion: 'TLSv1.2', handshakeTimeout: 20_000, ALPNProtocols: ['http/1.1'] } as const

function renewDaily(server: HttpsServer, config: Config, first: TlsMaterial): void {
  let current = first
  const timer = setInterval(() => {
    openTls(config)
      .then((next) => {
        if (next.cert === current.cert) return
        server.setSecureContext({ ...secureOptions, key: next.key, cert: next.cert })
        current = next
        console.log(`TLS certificate renewed; it lasts until ${next.notAfter.toISOString().slice(0, 10)}`)
      })
      .catch((error: unknown) => console.error('the TLS certificate could not be renewed', error))
  }, 86_400_000)
  timer.unref()
  server.once('close', () => clearInterval(timer))
}
