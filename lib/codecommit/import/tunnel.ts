import { randomBytes, timingSafeEqual } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, isIP, type Socket } from 'node:net'
import { config } from '#lib/config'
import { isPublicAddress } from './public-address.ts'
import type { ImportSource } from './source.ts'

/** git's one way out during an import. */
export type Tunnel = Readonly<{
  /** `http.proxy` for git, with a password of its own. */
  proxy: string
  /** Bytes that have come in so far. */
  received: () => number
  /** Why a connection was refused, where one was. */
  refusal: () => string | undefined
  close: () => void
}>

/**
 * Opens a proxy on loopback that git goes out through, for one import. It looks the source's name up itself and connects to the
 * address that it has checked, so that a name cannot mean one address when it is checked and another when it is used; a
 * redirect comes through it too. TLS is git's, end to end: the proxy sees ciphertext, counts it, and ends what is too much.
 * @param mostBytes  of all connections together
 */
export async function openTunnel(source: Pick<ImportSource, 'hostname' | 'port'>, mostBytes: number): Promise<Tunnel> {
  const secret = randomBytes(24).toString('hex')
  const sockets = new Set<Socket>()
  const state: { received: number; refusal?: string } = { received: 0 }
  const refuse = (client: Socket, reason: string): void => {
    state.refusal ??= reason
    client.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n')
  }
  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
  }
  const server = createServer((_request, response) => {
    // Whatever is no tunnel is plain HTTP.
    state.refusal ??= 'The source leads to an address without TLS.'
    response.writeHead(403).end()
  })
  server.on('connection', keep)
  server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
    if (!isSigned(request, secret)) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n')
      return
    }
    destination(request.url ?? '', source).then(
      ({ address, port }) => {
        const upstream = connect({ host: address, port })
        keep(upstream)
        upstream.setTimeout(connectSeconds * 1000, () => upstream.destroy())
        upstream.once('connect', () => {
          upstream.setTimeout(0)
          client.write('HTTP/1.1 200 Connection established\r\n\r\n')
          if (head.length > 0) upstream.write(head)
          client.pipe(upstream).pipe(client)
        })
        upstream.on('data', (chunk: Buffer) => {
          state.received += chunk.length
          if (state.received <= mostBytes) return
          state.refusal ??= `The source sends more than ${mostBytes} bytes, which is all that there is room for.`
          for (const socket of sockets) socket.destroy()
        })
        upstream.once('close', () => client.destroy())
        client.once('close', () => upstream.destroy())
      },
      (error: unknown) => refuse(client, error instanceof Error ? error.message : 'The source cannot be reached.'),
    )
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  return {
    proxy: `http://codekeep:${secret}@127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => state.received,
    refusal: () => state.refusal,
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Whether the operator has named the host as one that may have a private address (CODEKEEP_IMPORT_HOSTS). */
export function isConfiguredHost({ hostname, port }: Pick<ImportSource, 'hostname' | 'port'>): boolean {
  return config().importHosts.some((entry) => entry === hostname || entry === `${hostname}:${port}`)
}

const connectSeconds = 20

/** The address of a CONNECT's target that may be connected to. @throws Error, with the reason for who imports */
async function destination(target: string, source: Pick<ImportSource, 'hostname' | 'port'>): Promise<{ address: string; port: number }> {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(target) ?? []
  const hostname = (bracketed ?? plain ?? '').toLowerCase()
  const port = Number(digits)
  const own = hostname === source.hostname.replace(/^\[|\]$/g, '') && port === source.port
  if (!own && port !== 443) throw new Error('The source leads to another port.')
  const addresses = isIP(hostname) ? [hostname] : (await lookup(hostname, { all: true }).catch(() => [])).map(({ address }) => address)
  if (addresses.length === 0) throw new Error(`The host ${hostname} is not known.`)
  const address = own && isConfiguredHost(source) ? addresses[0] : addresses.find(isPublicAddress)
  if (address !== undefined) return { address, port }
  throw new Error(`The address of ${hostname} is not public. An operator can allow this host with CODEKEEP_IMPORT_HOSTS.`)
}

function isSigned(request: IncomingMessage, secret: string): boolean {
  const expected = Buffer.from(`Basic ${Buffer.from(`codekeep:${secret}`).toString('base64')}`)
  const given = Buffer.from(request.headers['proxy-authorization'] ?? '')
  return given.length === expected.length && timingSafeEqual(given, expected)
}
