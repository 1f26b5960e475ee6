import { expect, test } from 'vitest'
import { parseAuthorization } from '#lib/sigv4/authorization-header'
import { signRequest } from '#lib/sigv4/sign-request'
import { verifySignature } from '#lib/sigv4/verify'

test('a request that is signed here is verified there, and nothing of it can be another', () => {
  const now = new Date('2026-11-26T08:00:00Z')
  const unsigned = { method: 'POST', path: '/', query: '', headers: [['Host', 'localhost:8443'], ['Content-Type', 'application/x-amz-json-1.1'], ['X-Amz-Target', 'A.B']] as const, body: Buffer.from('{"a":1}') }
  const secretAccessKey = 'secret'
  const added = signRequest(unsigned, { accessKeyId: 'AKIAEXAMPLE', secretAccessKey, sessionToken: 'token', region: 'us-east-2', service: 'codecommit', now })
  const signed = { ...unsigned, headers: [...unsigned.headers, ...Object.entries(added)] }
  const authorization = parseAuthorization(signed)
  if (!authorization.ok) throw new Error(authorization.message)
  expect(authorization).toMatchObject({ accessKeyId: 'AKIAEXAMPLE', region: 'us-east-2', service: 'codecommit', securityToken: 'token' })
  expect(verifySignature(signed, authorization, secretAccessKey, now)).toEqual({ ok: true })
  expect(verifySignature({ ...signed, body: Buffer.from('{"a":2}') }, authorization, secretAccessKey, now).ok).toBe(false)
  expect(verifySignature(signed, authorization, 'other', now).ok).toBe(false)
  expect(verifySignature(signed, authorization, secretAccessKey, new Date(now.getTime() + 16 * 60_000)).ok).toBe(false)
})
