import { request as httpRequest, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testServer, type TestServer } from '#lib/testing/server'

let server: TestServer

beforeAll(async () => {
  server = await testServer()
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

test('attack: who speaks plain HTTP to the port gets no byte of an answer', async () => {
  const request = `GET /v1/regions/us-east-2/repos/demo/info/refs?service=git-upload-pack HTTP/1.1\r\nhost: localhost:${server.port}\r\n\r\n`
  expect(await sayInTheClear(request)).toBe('')
})

test('TLS 1.1 is refused', async () => {
  const refusal = await new Promise<string>((resolve) => {
    const socket = connectTls({ port: server.port, host: '127.0.0.1', servername: 'localhost', ca: server.ca, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }, () => resolve('accepted'))
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
  expect(refusal).toMatch(/PROTOCOL/)
})

test('the health check answers', async () => {
  expect(await ask('GET', '/healthz')).toMatchObject({ status: 200, body: 'ok\n' })
})

test('what is neither git’s nor an API’s is the console’s', async () => {
  expect(JSON.parse((await ask('GET', '/codecommit/repositories?region=us-east-2')).body)).toMatchObject({ console: '/codecommit/repositories?region=us-east-2' })
})

test('attack: a client’s X-Forwarded headers reach no page', async () => {
  const forged = { 'x-forwarded-for': '6.6.6.6', 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'http', 'x-forwarded-port': '1', forwarded: 'for=6.6.6.6', 'x-real-ip': '6.6.6.6' }
  const { headers } = JSON.parse((await ask('GET', '/', forged)).body) as { headers: Record<string, string> }
  expect(headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': `localhost:${server.port}`, 'x-forwarded-proto': 'https' })
  expect(Object.keys(headers).filter((name) => ['x-forwarded-port', 'forwarded', 'x-real-ip'].includes(name))).toEqual([])
})

test('git is challenged before it is answered', async () => {
  const { status, headers } = await ask('GET', '/v1/regions/us-east-2/repos/demo/info/refs?service=git-upload-pack')
  expect(status).toBe(401)
  expect(headers['www-authenticate']).toMatch(/^Basic realm=/)
})

test('a push that asks first is told 401 and not to go on; nothing of its body is wanted', async () => {
  let continued = false
  const status = await new Promise<number>((resolve, reject) => {
    const request = httpsRequest({ ...place(), method: 'POST', path: '/v1/regions/us-east-2/repos/demo/git-receive-pack', headers: { expect: '100-continue', 'content-length': 1e9 } }, (response) => {
      resolve(response.statusCode ?? 0)
      request.destroy()
    })
    request.on('continue', () => (continued = true))
    request.on('error', reject)
    request.flushHeaders()
  })
  expect([status, continued]).toEqual([401, false])
})

test('the dumb protocol and strange paths of git are refused with a reason', async () => {
  expect(await ask('GET', '/v1/regions/us-east-2/repos/demo/info/refs')).toMatchObject({ status: 403, body: expect.stringContaining('smart HTTP') as string })
  expect((await ask('GET', '/v1/regions/us-east-2/repos/demo/objects/info/packs')).status).toBe(404)
})

test('behind a proxy: what did not come by HTTPS is refused, the health check apart; what the proxy says of the client counts', async () => {
  await server[Symbol.asyncDispose]()
  server = await testServer({ tls: false })
  try {
    expect(await askInTheClear('/healthz', {})).toMatchObject({ status: 200 })
    for (const path of ['/', '/codecommit/repositories', '/v1/regions/us-east-2/repos/demo/info/refs?service=git-upload-pack']) {
      expect(await askInTheClear(path, {})).toMatchObject({ status: 403, body: expect.stringContaining('HTTPS only') as string })
      expect(await askInTheClear(path, { 'x-forwarded-proto': 'http' })).toMatchObject({ status: 403 })
    }
    const page = await askInTheClear('/', { 'x-forwarded-proto': 'https', 'x-forwarded-for': '6.6.6.6, 203.0.113.9' })
    // The last address is the one that the proxy saw; those before it are whatever the client made up.
    expect(JSON.parse(page.body)).toMatchObject({ headers: { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' } })
  } finally {
    await server[Symbol.asyncDispose]()
    server = await testServer()
  }
})

type Answer = { status: number; headers: IncomingHttpHeaders; body: string }

function place() {
  return { port: server.port, host: 'localhost', agent: server.agent }
}

function ask(method: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return answerTo((listener) => httpsRequest({ ...place(), method, path, headers }, listener))
}

function askInTheClear(path: string, headers: Record<string, string>): Promise<Answer> {
  return answerTo((listener) => httpRequest({ port: server.port, host: '127.0.0.1', path, headers, agent: false }, listener))
}

function answerTo(start: (listener: (response: IncomingMessage) => void) => ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    start((response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
      .on('error', reject)
      .end()
  })
}

function sayInTheClear(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
    socket.write(text)
  })
}
