import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ConsoleLogin, findSession, signInContext } from '#lib/iam/console-sign-in'
import { CreateLoginProfile } from '#lib/iam/login-profiles'
import {
  CreateVirtualMFADevice, DeactivateMFADevice, DeleteVirtualMFADevice, EnableMFADevice, ListMFADevices, ListVirtualMFADevices,
} from '#lib/iam/mfa-devices'
import { setUpRoot } from '#lib/iam/set-up'
import { timeStep, totp, totpStep } from '#lib/iam/totp'
import { CreateUser, DeleteUser } from '#lib/iam/users'
import { invoke } from '#lib/invoke'
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

test('codes are those of RFC 6238 (appendix B, its last six digits)', () => {
  const secret = Buffer.from('12345678901234567890')
  for (const [seconds, code] of [[59, '287082'], [1111111109, '081804'], [1111111111, '050471'], [1234567890, '005924'], [2000000000, '279037']] as const) {
    expect(totp(secret, timeStep(new Date(seconds * 1000)))).toBe(code)
  }
  const now = new Date(1111111111_000)
  const step = timeStep(now)
  expect(totpStep(secret, '050471', now, 0)).toBe(step)
  expect(totpStep(secret, '050471', now, step)).toBeNull()
  expect(totpStep(secret, '050471', new Date(now.getTime() + 61_000), 0)).toBeNull()
  for (const wrong of ['', '05047', '0504711', '050472', 'abcdef']) expect(totpStep(secret, wrong, now, 0)).toBeNull()
})

test('with a device, a stolen password does not sign in, and a code that was read along works once', async () => {
  await invoke(CreateUser, rootContext(), { UserName: 'alice' })
  await invoke(CreateLoginProfile, rootContext(), { UserName: 'alice', Password: password })
  const { SerialNumber, code } = await enabledDevice('alice')
  const at = Date.now() + 120_000
  const signIn = async (input: object, seconds = 0) => {
    const context = { ...signInContext({ sourceIPAddress: '192.0.2.1', userAgent: 't', secureTransport: true }), time: new Date(at + seconds * 1000) }
    return (await invoke(ConsoleLogin, context, { accountId, userName: 'alice', password, ...input })).outcome
  }
  expect(await signIn({})).toEqual({ status: 'MfaRequired' })
  expect(await signIn({ password: 'wrong' })).toEqual({ status: 'Refused' })
  expect(await signIn({ mfaCode: '000000' })).toEqual({ status: 'Refused' })
  const outcome = await signIn({ mfaCode: code(at) })
  if (outcome.status !== 'SignedIn') throw new Error(outcome.status)
  expect(await findSession(outcome.token)).toMatchObject({ mfaAuthenticated: true })
  expect(await signIn({ mfaCode: code(at) })).toEqual({ status: 'Refused' })
  expect((await signIn({ mfaCode: code(at + 60_000) }, 60)).status).toBe('SignedIn')
  const event = await (await trailTable()).findFirstOrThrow({ where: { eventName: 'ConsoleLogin' }, orderBy: { sequence: 'desc' } })
  expect(JSON.parse(event.record)).toMatchObject({ additionalEventData: { MFAUsed: 'Yes' }, responseElements: { ConsoleLogin: 'Success' } })

  expect((await invoke(ListMFADevices, rootContext(), { UserName: 'alice' })).MFADevices).toMatchObject([{ UserName: 'alice', SerialNumber }])
  expect(await refusal(invoke(DeleteUser, rootContext(), { UserName: 'alice' }))).toMatchObject({ code: 'DeleteConflict' })
  expect(await refusal(invoke(DeleteVirtualMFADevice, rootContext(), { SerialNumber }))).toMatchObject({ code: 'DeleteConflict', status: 409 })
  await invoke(DeactivateMFADevice, rootContext(), { UserName: 'alice', SerialNumber })
  await invoke(DeleteVirtualMFADevice, rootContext(), { SerialNumber })
  expect((await signIn({}, 90)).status).toBe('SignedIn')
})

test('a device is enabled by two codes in a row, and for one user', async () => {
  await invoke(CreateUser, rootContext(), { UserName: 'bob' })
  const { SerialNumber, code } = await device('bobs')
  const now = Date.now()
  const enable = (one: string, two: string) =>
    invoke(EnableMFADevice, rootContext({ time: new Date(now) }), { UserName: 'bob', SerialNumber, AuthenticationCode1: one, AuthenticationCode2: two })
  expect(await refusal(enable(code(now), code(now)))).toEqual({ code: 'InvalidAuthenticationCode', status: 403, message: 'Authentication code for device is not valid.' })
  expect(await refusal(enable(code(now), code(now - 30_000)))).toMatchObject({ code: 'InvalidAuthenticationCode' })
  expect(await refusal(enable('12345', 'abcdef'))).toMatchObject({ code: 'ValidationError' })
  await enable(code(now - 30_000), code(now))
  expect(await refusal(enable(code(now - 30_000), code(now)))).toMatchObject({ code: 'EntityAlreadyExists' })
  expect((await invoke(ListVirtualMFADevices, rootContext(), { AssignmentStatus: 'Assigned' })).VirtualMFADevices).toMatchObject([{ SerialNumber, User: { UserName: 'bob' } }])
  expect(await refusal(invoke(CreateVirtualMFADevice, rootContext(), { VirtualMFADeviceName: 'bobs' }))).toMatchObject({ code: 'EntityAlreadyExists' })
})

test('root has a device of its own, which is not that of a device nobody has', async () => {
  await setUpRoot({ password })
  const { SerialNumber, code } = await device('roots')
  const signIn = async () =>
    (await invoke(ConsoleLogin, signInContext({ sourceIPAddress: '192.0.2.1', userAgent: 't', secureTransport: true }), { accountId, password })).outcome
  expect((await signIn()).status).toBe('SignedIn')
  const now = Date.now()
  await invoke(EnableMFADevice, rootContext(), { SerialNumber, AuthenticationCode1: code(now - 30_000), AuthenticationCode2: code(now) })
  expect(await signIn()).toEqual({ status: 'MfaRequired' })
})

test('without permission none of it is open, and the seed is not in the trail', async () => {
  const { User } = await invoke(CreateUser, rootContext(), { UserName: 'carol' })
  const carol = userContext({ id: User.UserId, name: 'carol', arn: User.Arn })
  const { SerialNumber, seed } = await device('carols')
  const codes = { AuthenticationCode1: '000000', AuthenticationCode2: '000000' }
  for (const [operation, input] of [
    [CreateVirtualMFADevice, { VirtualMFADeviceName: 'x' }], [EnableMFADevice, { SerialNumber, ...codes }], [ListMFADevices, {}],
    [ListVirtualMFADevices, {}], [DeactivateMFADevice, { SerialNumber }], [DeleteVirtualMFADevice, { SerialNumber }],
  ] as [AnyOperation, object][]) {
    expect(await refusal(invoke(operation, carol, input)), operation.name).toMatchObject({ code: 'AccessDeniedException' })
  }
  for (const { record } of await (await trailTable()).findMany()) expect(record).not.toContain(seed)
})

async function device(name: string) {
  const { VirtualMFADevice } = await invoke(CreateVirtualMFADevice, rootContext(), { VirtualMFADeviceName: name })
  const seed = Buffer.from(VirtualMFADevice.Base32StringSeed).toString()
  expect(seed).toMatch(/^[A-Z2-7]{32}$/)
  // As an authenticator app reads the seed.
  const bits = Array.from(seed, (character) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(character).toString(2).padStart(5, '0')).join('')
  const secret = Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
  return { SerialNumber: VirtualMFADevice.SerialNumber, seed, code: (time: number) => totp(secret, timeStep(new Date(time))) }
}

async function enabledDevice(UserName: string) {
  const made = await device(`${UserName}-phone`)
  const now = Date.now()
  await invoke(EnableMFADevice, rootContext({ time: new Date(now) }), {
    UserName, SerialNumber: made.SerialNumber, AuthenticationCode1: made.code(now - 30_000), AuthenticationCode2: made.code(now),
  })
  return made
}
