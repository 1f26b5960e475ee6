import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { db } from '#lib/db'
import { ConsoleLogin, findSession, signInContext, signOut } from '#lib/iam/console-sign-in'
import { ChangePassword, CreateLoginProfile, DeleteLoginProfile, GetLoginProfile, UpdateLoginProfile } from '#lib/iam/login-profiles'
import { isSetUp, isSetUpToken, setUpRoot, setUpRootByLink, setUpToken } from '#lib/iam/set-up'
import { PutUserPolicy } from '#lib/iam/user-policies'
import { CreateUser, DeleteUser } from '#lib/iam/users'
import { invoke } from '#lib/invoke'
import type { RequestContext } from '#lib/operation/context'
import type { AnyOperation } from '#lib/operation/define'
import { forget } from '#lib/remember'
import { rootContext, userContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { refusal } from '#lib/testing/refusal'
import { trailTable } from '#lib/testing/event-disk'

let database: TestDatabase
beforeAll(async () => void (database = await testDatabase()))
afterAll(() => database[Symbol.asyncDispose]())
beforeEach(() => forget('iam.signInLimits'))

const accountId = '111122223333'
const password = 'Correct-Horse-1'

test('the set-up link works once, and only as it was printed', async () => {
  expect(await isSetUp()).toBe(false)
  const token = setUpToken()
  for (const forged of ['', 'x', token.slice(0, -1), `${token}x`, token.toUpperCase()]) {
    expect(isSetUpToken(forged)).toBe(false)
    expect(await refusal(setUpRootByLink(forged, password))).toMatchObject({ code: 'AccessDenied', status: 403 })
  }
  expect(await refusal(setUpRootByLink(token, 'short'))).toMatchObject({ code: 'PasswordPolicyViolation' })
  expect(await isSetUp()).toBe(false)

  const twice = await Promise.allSettled([setUpRootByLink(token, password), setUpRootByLink(token, 'Another-Horse-2')])
  expect(twice.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await isSetUp()).toBe(true)
  expect(await refusal(setUpRootByLink(token, 'Another-Horse-2'))).toMatchObject({ code: 'AccessDenied' })
  expect(await refusal(setUpRootByLink(setUpToken(), 'Another-Horse-2'))).toMatchObject({ code: 'AccessDenied' })
  expect(await refusal(setUpRoot({ accessKeyId: 'AKIAAAAAAAAAAAAAAAAAA', secretAccessKey: 'x'.repeat(40) }))).toMatchObject({ code: 'AccessDenied' })
  expect(await db().accessKey.count()).toBe(0)
  // Whichever came first is the password.
  const outcomes = [await signIn({ password }), await signIn({ password: 'Another-Horse-2' })]
  expect(outcomes.filter(({ status }) => status === 'SignedIn')).toHaveLength(1)
  await db().account.update({ where: { id: accountId }, data: { rootPasswordHash: null } })
  await setUpRoot({ password })
})

test('an attacker cannot tell users from strangers: not by the answer, not by the time', async () => {
  await userWithPassword('alice')
  await invoke(CreateUser, rootContext(), { UserName: 'keyless' })
  const refused = { status: 'Refused' }
  const attempts = {
    wrongPassword: { userName: 'alice', password: 'wrong' },
    unknownUser: { userName: 'nobody', password: 'wrong' },
    noPassword: { userName: 'keyless', password: 'wrong' },
    otherAccount: { accountId: '999999999999', userName: 'alice', password },
  }
  const times: Record<string, number> = {}
  for (const [name, attempt] of Object.entries(attempts)) {
    const samples: number[] = []
    for (let index = 0; index < 3; index++) {
      const began = performance.now()
      expect(await signIn(attempt), name).toEqual(refused)
      samples.push(performance.now() - began)
    }
    times[name] = Math.min(...samples)
  }
  // All of them stretch a password, which dwarfs the rest; without it an answer takes a hundredth of the time.
  const known = times['wrongPassword'] ?? 0
  expect(known).toBeGreaterThan(40)
  for (const time of Object.values(times)) expect(time).toBeGreaterThan(known / 3)
})

test('a session is new at each sign-in, and a token planted in the browser is never taken over', async () => {
  await userWithPassword('bob')
  const first = await signedIn({ userName: 'bob' })
  const second = await signedIn({ userName: 'BOB' })
  expect(second.token).not.toBe(first.token)
  expect(first.token).toMatch(/^[\w-]{43}$/)
  expect(await findSession(first.token)).toMatchObject({ principal: { type: 'IAMUser', userName: 'bob' }, mfaAuthenticated: false, passwordResetRequired: false })
  for (const planted of ['', 'planted', first.token.slice(0, -1), createHash('sha256').update(first.token).digest('hex')]) {
    expect(await findSession(planted)).toBeNull()
  }
  await signOut(first.token)
  expect(await findSession(first.token)).toBeNull()
  expect(await findSession(second.token)).not.toBeNull()
  expect(await findSession(second.token, new Date(Date.now() + 12 * 3_600_000))).toBeNull()
})

test('another password, its loss, or the user’s end sessions at once', async () => {
  const { UserName } = { UserName: 'carol' }
  await userWithPassword(UserName)
  const one = await signedIn({ userName: UserName })
  await invoke(UpdateLoginProfile, rootContext(), { UserName, Password: 'Fresh-Horse-2' })
  expect(await findSession(one.token)).toBeNull()
  expect(await signIn({ userName: UserName })).toEqual({ status: 'Refused' })
  const two = await signedIn({ userName: UserName, password: 'Fresh-Horse-2' })
  await invoke(DeleteLoginProfile, rootContext(), { UserName })
  expect(await findSession(two.token)).toBeNull()
  await invoke(CreateLoginProfile, rootContext(), { UserName, Password: password })
  expect(await findSession(two.token)).toBeNull()
  const three = await signedIn({ userName: UserName })
  await invoke(DeleteLoginProfile, rootContext(), { UserName })
  await invoke(DeleteUser, rootContext(), { UserName })
  expect(await findSession(three.token)).toBeNull()
})

test('guessing is slowed down, and does not lock the user out', async () => {
  await userWithPassword('dan')
  const start = Date.now()
  const from = (address: string, seconds: number): RequestContext => ({ ...context(address), time: new Date(start + seconds * 1000) })
  const guess = async (address: string, seconds: number, text = 'wrong') =>
    (await invoke(ConsoleLogin, from(address, seconds), { accountId, userName: 'dan', password: text })).outcome

  expect((await guess('192.0.2.1', 0, password)).status).toBe('SignedIn')
  for (let index = 0; index < 5; index++) expect((await guess('203.0.113.9', index)).status).toBe('Refused')
  expect(await guess('203.0.113.9', 5)).toMatchObject({ status: 'TooManyAttempts', retryAfterSeconds: 1 })
  // The right password is no way around it.
  expect((await guess('203.0.113.9', 5, password)).status).toBe('TooManyAttempts')
  expect((await guess('203.0.113.9', 7)).status).toBe('Refused')
  expect(await guess('203.0.113.9', 8)).toMatchObject({ retryAfterSeconds: 3 })
  // Elsewhere the user signs in as ever.
  expect((await guess('192.0.2.1', 9, password)).status).toBe('SignedIn')
  expect((await guess('192.0.2.7', 9, password)).status).toBe('SignedIn')
  // And from here again once the delay is over, which ends it.
  expect((await guess('203.0.113.9', 20, password)).status).toBe('SignedIn')
  expect((await guess('203.0.113.9', 20)).status).toBe('Refused')
})

test('guesses that are sent together are counted together', async () => {
  await userWithPassword('erin')
  const outcomes = await Promise.all(Array.from({ length: 12 }, () => signIn({ userName: 'erin', password: 'wrong', address: '203.0.113.10' })))
  expect(outcomes.filter(({ status }) => status === 'Refused')).toHaveLength(5)
  expect(outcomes.filter(({ status }) => status === 'TooManyAttempts')).toHaveLength(7)
})

test('every attempt is in the trail as CloudTrail has it, and no password is', async () => {
  await userWithPassword('frank')
  const agent = { ...context('192.0.2.44'), userAgent: 'story/1' }
  await invoke(ConsoleLogin, agent, { accountId, userName: 'frank', password })
  await invoke(ConsoleLogin, agent, { accountId, userName: 'frank', password: 'Typed-Wrong-9' })
  await invoke(ConsoleLogin, agent, { accountId, userName: 'My-Password-typed-here', password: 'x' })
  const rows = await (await trailTable()).findMany({ where: { eventName: 'ConsoleLogin' }, orderBy: { sequence: 'desc' }, take: 3 })
  const [unknown, wrong, right] = rows.map(({ record }) => JSON.parse(record) as Record<string, unknown>)
  const common = { eventSource: 'signin.amazonaws.com', eventType: 'AwsConsoleSignIn', awsRegion: 'us-east-1', requestParameters: null, readOnly: false }
  expect(right).toMatchObject({
    ...common,
    userIdentity: { type: 'IAMUser', userName: 'frank', arn: 'arn:aws:iam::111122223333:user/frank', accountId },
    responseElements: { ConsoleLogin: 'Success' },
    additionalEventData: { MFAUsed: 'No', MobileVersion: 'No' },
  })
  expect(right).not.toHaveProperty('errorMessage')
  expect(wrong).toMatchObject({ ...common, userIdentity: { userName: 'frank' }, errorMessage: 'Failed authentication', responseElements: { ConsoleLogin: 'Failure' } })
  expect(wrong?.['userIdentity']).not.toHaveProperty('arn')
  expect(unknown).toMatchObject({ ...common, userIdentity: { userName: 'HIDDEN_DUE_TO_SECURITY_REASONS' } })
  await db().$queryRaw`PRAGMA wal_checkpoint(TRUNCATE)`
  const stored = readFileSync(join(database.dataDir, 'codekeep.db')).toString('latin1')
  for (const secret of [password, 'Typed-Wrong-9', 'My-Password-typed-here']) expect(stored).not.toContain(secret)
})

test('a malformed form is refused without saying the password back', async () => {
  const { message } = await refusal(invoke(ConsoleLogin, context(), { accountId, userName: 'x', password: 'p'.repeat(2000) }))
  expect(message).not.toContain('ppp')
})

test('a login profile is created once, read, and weak passwords are refused without being said back', async () => {
  const UserName = 'grace'
  await invoke(CreateUser, rootContext(), { UserName })
  for (const Password of ['Sh0rt!', 'alllowercase', 'lower1234567', '111122223333', `Aa1!${'x'.repeat(130)}`]) {
    const { code, message } = await refusal(invoke(CreateLoginProfile, rootContext(), { UserName, Password }))
    expect(code).toMatch(/^(PasswordPolicyViolation|ValidationError)$/)
    expect(message).not.toContain(Password)
  }
  expect(await refusal(invoke(GetLoginProfile, rootContext(), { UserName }))).toEqual({
    code: 'NoSuchEntity', status: 404, message: 'Login Profile for User grace cannot be found.',
  })
  const { LoginProfile } = await invoke(CreateLoginProfile, rootContext(), { UserName, Password: password, PasswordResetRequired: 'true' })
  expect(LoginProfile).toMatchObject({ UserName, PasswordResetRequired: true })
  expect((await invoke(GetLoginProfile, rootContext(), { UserName })).LoginProfile).toEqual(LoginProfile)
  expect(await refusal(invoke(CreateLoginProfile, rootContext(), { UserName, Password: password }))).toMatchObject({
    code: 'EntityAlreadyExists', message: 'Login Profile for user grace already exists.',
  })
  const session = await signedIn({ userName: UserName })
  expect(session.passwordResetRequired).toBe(true)
  expect(await findSession(session.token)).toMatchObject({ passwordResetRequired: true })
})

test('a user changes their own password with the old one, if a policy lets them', async () => {
  const heidi = await userWithPassword('heidi')
  const change = (OldPassword: string, NewPassword: string) => invoke(ChangePassword, userContext(heidi), { OldPassword, NewPassword })
  expect(await refusal(change(password, 'Fresh-Horse-2'))).toMatchObject({ code: 'AccessDeniedException' })
  await invoke(PutUserPolicy, rootContext(), {
    UserName: 'heidi', PolicyName: 'own-password',
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'iam:ChangePassword', Resource: 'arn:aws:iam::*:user/${aws:username}' } }),
  })
  expect(await refusal(change('Wrong-Horse-1', 'Fresh-Horse-2'))).toEqual({ code: 'AccessDenied', status: 403, message: 'The old password was incorrect.' })
  expect(await refusal(change(password, 'weak'))).toMatchObject({ code: 'PasswordPolicyViolation' })
  const session = await signedIn({ userName: 'heidi' })
  await change(password, 'Fresh-Horse-2')
  expect(await findSession(session.token)).toBeNull()
  expect((await signIn({ userName: 'heidi', password: 'Fresh-Horse-2' })).status).toBe('SignedIn')
  // A session left open is no way to try passwords.
  const guesses = await Promise.all(Array.from({ length: 8 }, () => refusal(change('Wrong-Horse-1', 'Other-Horse-3'))))
  expect(guesses.map(({ code }) => code)).toContain('Throttling')
  expect(await refusal(invoke(ChangePassword, rootContext(), { OldPassword: password, NewPassword: 'Other-Horse-3' }))).toMatchObject({ code: 'InvalidUserType' })
})

test('without permission nobody touches a login profile, their own included', async () => {
  const ivan = userContext(await userWithPassword('ivan'))
  for (const [operation, input] of [
    [CreateLoginProfile, { UserName: 'keyless', Password: password }], [GetLoginProfile, { UserName: 'ivan' }],
    [UpdateLoginProfile, { UserName: 'ivan', Password: password }], [DeleteLoginProfile, { UserName: 'ivan' }],
  ] as [AnyOperation, object][]) {
    expect(await refusal(invoke(operation, ivan, input)), operation.name).toMatchObject({ code: 'AccessDeniedException' })
  }
})

type Attempt = { accountId?: string; userName?: string; password?: string; address?: string }

function context(sourceIPAddress = '198.51.100.1'): RequestContext {
  return signInContext({ sourceIPAddress, userAgent: 'test/1.0', secureTransport: true })
}

async function signIn({ address, ...attempt }: Attempt) {
  return (await invoke(ConsoleLogin, context(address), { accountId, password, ...attempt })).outcome
}

async function signedIn(attempt: Attempt) {
  const outcome = await signIn(attempt)
  if (outcome.status !== 'SignedIn') throw new Error(outcome.status)
  return outcome
}

async function userWithPassword(name: string) {
  const { User } = await invoke(CreateUser, rootContext(), { UserName: name })
  await invoke(CreateLoginProfile, rootContext(), { UserName: name, Password: password })
  return { id: User.UserId, name, arn: User.Arn }
}
