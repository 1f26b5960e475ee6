import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { canonicalGitRequest, parseGitPassword, parseGitUsername, signGit, verifyGitSignature } from '#lib/sigv4/git-signature'
import vectors from './testdata/git.json'

const at = (time: string): Date => new Date(time.replace(/(....)(..)(..)T(..)(..)(..)/, '$1-$2-$3T$4:$5:$6Z'))

test.each(vectors)('agrees with botocore: $name', ({ canonicalHash, password, time, ...given }) => {
  expect(createHash('sha256').update(canonicalGitRequest(given)).digest('hex')).toBe(canonicalHash)
  expect(signGit({ ...given, now: at(time) })).toBe(password)
  for (const remembered of [{}, { username: 'AKIAIOSFODNN7EXAMPLE' }, { username: 'AKIAIOSFODNN7EXAMPLE%token' }]) {
    expect(verifyGitSignature({ ...given, ...remembered, password, now: at(time) })).toEqual({ ok: true })
    expect(verifyGitSignature({ ...given, ...remembered, secretAccessKey: 'other', password, now: at(time) })).toMatchObject({ reason: 'mismatch' })
  }
})

test('a server on a port accepts the helper’s host without it and git-remote-codecommit’s with it', () => {
  const given = { path: '/v1/repos/hello', region: 'eu-west-1', secretAccessKey: 'secret', now: new Date() }
  for (const [signed, received] of [
    ['localhost', 'localhost:8443'],
    ['localhost:8443', 'localhost:8443'],
    ['git-codecommit.eu-west-1.localhost', 'git-codecommit.eu-west-1.localhost:8443'],
    ['[::1]', '[::1]:8443'],
  ] as const) {
    expect(verifyGitSignature({ ...given, host: received, password: signGit({ ...given, host: signed }) })).toEqual({ ok: true })
  }
})

describe('an attacker with one captured password', () => {
  const given = { host: 'localhost:8443', path: '/v1/repos/hello', region: 'eu-west-1', secretAccessKey: 'secret', now: new Date('2026-11-22T23:00:00Z') }
  const password = signGit(given)

  test('is let through where it was made for, the control of what follows', () => {
    expect(verifyGitSignature({ ...given, password })).toEqual({ ok: true })
  })

  test('cannot use it for another repository, host, port, Region or user', () => {
    for (const change of [
      { path: '/v1/repos/other' },
      { path: '/v1/repos/hello/' },
      { host: 'example.com:8443' },
      { host: 'localhost:8444' },
      { host: 'localhost' },
      { region: 'us-east-1' },
      { secretAccessKey: 'other' },
    ]) {
      expect(verifyGitSignature({ ...given, ...change, password })).toMatchObject({ ok: false, reason: 'mismatch' })
    }
  })

  test('can use it for a quarter of an hour and not longer, and cannot freshen it', () => {
    expect(verifyGitSignature({ ...given, password, now: new Date('2026-11-22T23:15:00Z') })).toEqual({ ok: true })
    expect(verifyGitSignature({ ...given, password, now: new Date('2026-11-22T23:15:01Z') })).toMatchObject({ reason: 'expired' })
    expect(verifyGitSignature({ ...given, password, now: new Date('2026-11-22T22:44:59Z') })).toMatchObject({ reason: 'not-yet' })
    const freshened = password.replace('T230000Z', 'T231500Z')
    expect(verifyGitSignature({ ...given, password: freshened, now: new Date('2026-11-22T23:20:00Z') })).toMatchObject({ reason: 'mismatch' })
  })

  test('gets no more from a malformed one', () => {
    for (const malformed of ['', 'password', password.slice(0, -1), `${password}0`, password.toUpperCase(), password.replace('Z', ''), '99999999T999999Z'.padEnd(80, '0')]) {
      expect(verifyGitSignature({ ...given, password: malformed })).toMatchObject({ ok: false })
    }
  })
})

test('a user name may carry a session token', () => {
  expect(parseGitUsername('AKIAIOSFODNN7EXAMPLE')).toEqual({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE' })
  expect(parseGitUsername('ASIAIOSFODNN7EXAMPLE%FwoG%2Bx=')).toEqual({ accessKeyId: 'ASIAIOSFODNN7EXAMPLE', securityToken: 'FwoG%2Bx=' })
})

test('a service-specific credential’s password is not taken for a signature', () => {
  expect(parseGitPassword('Wn3yH9mJq2sT8uVwXyZ0aBcDeFgHiJkLmNoPqRsTuV4=')).toBeUndefined()
})
