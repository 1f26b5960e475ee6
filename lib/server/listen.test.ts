import { mkdtempSync, rmSync } from 'node:fs'
import { request, type RequestListener } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { parseConfig, type Config } from '#lib/config'
import { forget } from '#lib/remember'
import { createListener, listen, stopListening } from './listen.ts'
import { stopping } from './stopping.ts'

const folders: string[] = []

afterEach(() => {
  forget('server.stopping')
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** Plain HTTP, so that what is tested is the listening alone. */
function configuration(overrides: Record<string, string> = {}): Config {
  const dataDir = mkdtempSync(join(tmpdir(), 'codekeep-listen-'))
  folders.push(dataDir)
  return parseConfig({ CODEKEEP_DATA_DIR: dataDir, CODEKEEP_PORT: '0', CODEKEEP_TLS: 'off', ...overrides })
}

async function start(listener: RequestListener, config = configuration()) {
  const { server } = await createListener(config)
  return { server, port: await listen(server, config, listener) }
}

function get(port: number): Promise<string> {
  return new Promise((resolve) => {
    const outgoing = request({ port, host: '127.0.0.1', agent: false }, (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.on('end', () => resolve(body))
      response.on('error', () => resolve('cut'))
    })
    outgoing.on('error', () => resolve('cut'))
    outgoing.end()
  })
}

test('a port in use, an address of another machine: one line that names the variable', async () => {
  const { server, port } = await start((_request, response) => response.end())
  await expect(start(() => undefined, configuration({ CODEKEEP_PORT: String(port) }))).rejects.toThrow(`CODEKEEP_PORT: port ${port} on 127.0.0.1 is in use`)
  await expect(start(() => undefined, configuration({ CODEKEEP_HOST: '192.0.2.1' }))).rejects.toThrow('CODEKEEP_HOST: 192.0.2.1 is not an address of this machine')
  await stopListening(server, 1)
})

test('stopping lets a running request finish, and takes no other', async () => {
  const { server, port } = await start((_request, response) => void setTimeout(() => response.end('whole'), 300))
  const running = get(port)
  await new Promise((resolve) => setTimeout(resolve, 100))
  const stopped = stopListening(server, 5)
  expect(await get(port)).toBe('cut')
  expect(await running).toBe('whole')
  await stopped
  expect(stopping().aborted).toBe(false)
})

test('a request that outlasts its time is told to stop, gets a moment to roll back, and no more', async () => {
  let rolledBack = false
  const { server, port } = await start((_request, response) => {
    stopping().addEventListener('abort', () => {
      setTimeout(() => {
        rolledBack = true
        response.end('rolled back')
      }, 100)
    })
  })
  const running = get(port)
  await new Promise((resolve) => setTimeout(resolve, 100))
  await stopListening(server, 0.2)
  expect(rolledBack).toBe(true)
  expect(await running).toBe('rolled back')
})

test('connections that say nothing do not keep the server from stopping', async () => {
  const { server, port } = await start((_request, response) => response.end())
  const silent = connect(port, '127.0.0.1')
  await new Promise((resolve) => silent.once('connect', resolve))
  silent.on('error', () => undefined)
  const began = Date.now()
  await stopListening(server, 10)
  expect(Date.now() - began).toBeLessThan(1000)
})

test('attack: behind a proxy, who is not on this machine connects to the port and is cut off', async ({ skip }) => {
  const address = Object.values(networkInterfaces()).flat().find((each) => each?.family === 'IPv4' && !each.internal)?.address
  if (address === undefined) skip('this machine has no address but loopback')
  const config = configuration({ CODEKEEP_HOST: '0.0.0.0' })
  const { server, port } = await start((_request, response) => response.end('served'), config)
  expect(await get(port)).toBe('served')
  const answer = await new Promise<string>((resolve) => {
    let text = ''
    const socket = connect({ port, host: address ?? '', localAddress: address })
    socket.on('data', (chunk) => (text += chunk.toString()))
    socket.on('error', () => resolve(text))
    socket.on('close', () => resolve(text))
    socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n')
  })
  expect(answer).toBe('')
  await stopListening(server, 1)
})
