import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { isLoopback, peerOf } from './peer.ts'

function request(remoteAddress: string, headers: Record<string, string> = {}, encrypted = true): IncomingMessage {
  return { socket: { remoteAddress, ...(encrypted && { encrypted: true }) }, headers } as unknown as IncomingMessage
}

test('without a proxy the connection alone tells', () => {
  const forged = { 'x-forwarded-for': '6.6.6.6', 'x-forwarded-proto': 'https' }
  expect(peerOf(request('::ffff:203.0.113.9', forged), { behindProxy: false })).toEqual({ sourceIPAddress: '203.0.113.9', secureTransport: true })
  expect(peerOf(request('203.0.113.9', forged, false), { behindProxy: false })).toEqual({ sourceIPAddress: '203.0.113.9', secureTransport: false })
})

test('behind a proxy the last address and protocol count, for the proxy itself wrote them', () => {
  const headers = { 'x-forwarded-for': '6.6.6.6, 2001:db8::1', 'x-forwarded-proto': 'http, HTTPS' }
  expect(peerOf(request('127.0.0.1', headers, false), { behindProxy: true })).toEqual({ sourceIPAddress: '2001:db8::1', secureTransport: true })
  expect(peerOf(request('127.0.0.1', {}, false), { behindProxy: true })).toEqual({ sourceIPAddress: '127.0.0.1', secureTransport: false })
})

test('loopback is 127/8 and ::1, in whichever form a socket shows it', () => {
  expect(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'].map(isLoopback)).toEqual([true, true, true, true])
  expect(['10.0.0.1', '::ffff:10.0.0.1', '2001:db8::1', '', '1127.0.0.1'].map(isLoopback)).toEqual([false, false, false, false, false])
})
