import type { IncomingMessage } from 'node:http'

/** Who is at the other end of a connection, as far as the connection itself tells. */
export type Peer = Readonly<{
  /** The client's address; behind a proxy, the one that the proxy names. */
  sourceIPAddress: string
  /** Whether the client's side of the connection is encrypted. */
  secureTransport: boolean
}>

/**
 * Reads the peer off a request. With CODEKEEP_TLS=off the peer is a proxy on this machine, and what it says counts:
 * X-Forwarded-Proto, and the last address of X-Forwarded-For, the only one that the proxy itself wrote. Otherwise nobody's
 * headers are believed.
 */
export function peerOf(request: IncomingMessage, { behindProxy }: { behindProxy: boolean }): Peer {
  const address = plainAddress(request.socket.remoteAddress ?? '')
  if (!behindProxy) return { sourceIPAddress: address, secureTransport: 'encrypted' in request.socket }
  const forwardedFor = single(request.headers['x-forwarded-for']).split(',').at(-1)?.trim() ?? ''
  return {
    sourceIPAddress: forwardedFor === '' ? address : plainAddress(forwardedFor),
    secureTransport: single(request.headers['x-forwarded-proto']).split(',').at(-1)?.trim().toLowerCase() === 'https',
  }
}

/** True for an address of this machine's own loopback. */
export function isLoopback(address: string): boolean {
  const plain = plainAddress(address)
  return plain === '::1' || plain.startsWith('127.')
}

/** `127.0.0.1` for `::ffff:127.0.0.1`, as which a dual-stack socket shows it. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}

function single(header: string | string[] | undefined): string {
  return Array.isArray(header) ? header.join(',') : (header ?? '')
}
