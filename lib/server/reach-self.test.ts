import { request } from 'node:https'
import { expect, test } from 'vitest'
import { config } from '#lib/config'
import { testServer, type TestServer } from '#lib/testing/server'
import { markHeader, reachSelf } from './reach-self.ts'
import { openTls } from './tls.ts'

test('the process can fetch from itself, and what it then says of the client is believed; nobody else’s word is', async () => {
  const server = await testServer()
  const before = process.env['__NEXT_PRIVATE_ORIGIN']
  const forwarded = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': 'code.example.test' }
  const seen = async (): Promise<unknown> => {
    const answer = await fetch(`https://127.0.0.1:${server.port}/`, { headers: forwarded })
    return ((await answer.json()) as { headers: unknown }).headers
  }
  try {
    await expect(seen()).rejects.toThrow()
    await reachSelf(config(), await openTls(config()))
    expect(process.env['__NEXT_PRIVATE_ORIGIN']).toBe(`https://127.0.0.1:${server.port}`)
    const headers = await seen()
    expect(headers).toMatchObject(forwarded)
    expect(headers).not.toHaveProperty(markHeader)

    // The same request by another client, with a mark that it made up.
    const { body } = await ask(server, { ...forwarded, [markHeader]: 'x'.repeat(43) })
    expect(JSON.parse(body)).toMatchObject({ headers: { 'x-forwarded-for': '127.0.0.1' } })
  } finally {
    if (before === undefined) Reflect.deleteProperty(process.env, '__NEXT_PRIVATE_ORIGIN')
    await server[Symbol.asyncDispose]()
  }
})

function ask(server: TestServer, headers: Record<string, string>): Promise<{ body: string }> {
  return new Promise((resolve, reject) => {
    request({ port: server.port, host: 'localhost', agent: server.agent, headers }, (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.on('end', () => resolve({ body }))
    })
      .on('error', reject)
      .end()
  })
}
