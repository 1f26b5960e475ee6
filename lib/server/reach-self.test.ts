import { expect, test } from 'vitest'
import { config } from '#lib/config'
import { testServer } from '#lib/testing/server'
import { reachSelf } from './reach-self.ts'
import { openTls } from './tls.ts'

test('the process can fetch from itself, once it trusts its own CA', async () => {
  const server = await testServer()
  const origin = process.env['__NEXT_PRIVATE_ORIGIN']
  try {
    await expect(fetch(`${server.origin}/healthz`)).rejects.toThrow()
    await reachSelf(config(), await openTls(config()))
    expect(process.env['__NEXT_PRIVATE_ORIGIN']).toBe(`https://127.0.0.1:${server.port}`)
    expect((await fetch(`${process.env['__NEXT_PRIVATE_ORIGIN'] ?? ''}/healthz`)).status).toBe(200)
  } finally {
    if (origin === undefined) Reflect.deleteProperty(process.env, '__NEXT_PRIVATE_ORIGIN')
    await server[Symbol.asyncDispose]()
  }
})
