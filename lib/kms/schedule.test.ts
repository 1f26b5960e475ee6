import { afterAll, beforeAll, expect, test } from 'vitest'
import { db } from '#lib/db'
import { invoke } from '#lib/invoke'
import {
  CancelKeyDeletion, CreateAlias, Decrypt, DeleteKey, DescribeKey, DisableKey, DisableKeyRotation, EnableKey, EnableKeyRotation,
  Encrypt, GetKeyRotationStatus, ListKeyRotations, RotateKeyOnDemand, ScheduleKeyDeletion,
} from '#lib/kms/api'
import { allow, lastEvent, newKey, userWith } from '#lib/kms/test-story'
import { runKmsSchedule, type Run } from '#lib/kms/schedule'
import { asService } from '#lib/operation/context'
import type { AnyOperation } from '#lib/operation/define'
import { rootContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { refusal } from '#lib/testing/refusal'

let database: TestDatabase
beforeAll(async () => void (database = await testDatabase()))
afterAll(async () => database[Symbol.asyncDispose]())

const run: Run = (operation: AnyOperation, context, input) => invoke(operation, context, input)
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)
const internal = { userIdentity: { accountId: '111122223333', invokedBy: 'AWS Internal' }, eventType: 'AwsServiceEvent', sourceIPAddress: 'AWS Internal', requestParameters: null }

test('a key is deleted when its waiting period has ended, not before; then nothing opens what it encrypted', async () => {
  const { KeyId, Arn } = await newKey()
  await invoke(CreateAlias, rootContext(), { AliasName: 'alias/doomed', TargetKeyId: KeyId })
  const { CiphertextBlob } = await invoke(Encrypt, rootContext(), { KeyId, Plaintext: 'YQ==' })
  const scheduled = await invoke(ScheduleKeyDeletion, rootContext(), { KeyId, PendingWindowInDays: 7 })
  expect(scheduled).toEqual({ KeyId: Arn, DeletionDate: expect.any(Date) as Date, KeyState: 'PendingDeletion', PendingWindowInDays: 7 })
  expect(Math.abs(scheduled.DeletionDate.getTime() - inDays(7).getTime())).toBeLessThan(5_000)
  expect((await invoke(DescribeKey, rootContext(), { KeyId })).KeyMetadata).toMatchObject({ KeyState: 'PendingDeletion', Enabled: false, DeletionDate: scheduled.DeletionDate })
  await runKmsSchedule(inDays(6.9), run)
  expect((await invoke(DescribeKey, rootContext(), { KeyId: 'alias/doomed' })).KeyMetadata.KeyId).toBe(KeyId)
  await runKmsSchedule(inDays(7.1), run)
  expect(await lastEvent('DeleteKey')).toMatchObject({ ...internal, serviceEventDetails: { keyId: Arn }, resources: [{ ARN: Arn }] })
  expect(await refusal(invoke(DescribeKey, rootContext(), { KeyId }))).toMatchObject({ code: 'NotFoundException' })
  expect(await refusal(invoke(DescribeKey, rootContext(), { KeyId: 'alias/doomed' }))).toMatchObject({ code: 'NotFoundException' })
  expect(await refusal(invoke(Decrypt, rootContext(), { CiphertextBlob }))).toMatchObject({ code: 'InvalidCiphertextException' })
  expect(await db().kmsKeyMaterial.count({ where: { keyId: KeyId } })).toBe(0)
})

test('a deletion that is cancelled does not happen: the key comes back disabled, and opens what it encrypted', async () => {
  const { KeyId, Arn } = await newKey()
  const { CiphertextBlob } = await invoke(Encrypt, rootContext(), { KeyId, Plaintext: 'YQ==' })
  expect(await refusal(invoke(CancelKeyDeletion, rootContext(), { KeyId }))).toMatchObject({ code: 'KMSInvalidStateException', message: `${Arn} is not pending deletion.` })
  await invoke(ScheduleKeyDeletion, rootContext(), { KeyId })
  expect(await refusal(invoke(ScheduleKeyDeletion, rootContext(), { KeyId }))).toMatchObject({ message: `${Arn} is pending deletion.` })
  expect(await invoke(CancelKeyDeletion, rootContext(), { KeyId })).toEqual({ KeyId: Arn })
  expect((await invoke(DescribeKey, rootContext(), { KeyId })).KeyMetadata).toMatchObject({ KeyState: 'Disabled' })
  expect((await invoke(DescribeKey, rootContext(), { KeyId })).KeyMetadata).not.toHaveProperty('DeletionDate')
  await runKmsSchedule(inDays(40), run)
  await invoke(EnableKey, rootContext(), { KeyId })
  expect((await invoke(Decrypt, rootContext(), { CiphertextBlob })).KeyId).toBe(Arn)
})

test('the deletion asks again where it is done: a key that was taken back in the meantime stays', async () => {
  const { KeyId, Arn } = await newKey()
  const refused = await refusal(invoke(DeleteKey, rootContext({ time: inDays(50) }), { KeyId }))
  expect(refused).toMatchObject({ code: 'ConflictException', message: `${Arn} is not due for deletion.` })
  expect((await invoke(DescribeKey, rootContext(), { KeyId })).KeyMetadata.KeyState).toBe('Enabled')
})

test.each([6, 31, 0, 7.5])('a waiting period of %f days is not valid', async (PendingWindowInDays) => {
  const { KeyId } = await newKey()
  const refused = await refusal(invoke(ScheduleKeyDeletion, rootContext(), { KeyId, PendingWindowInDays }))
  expect(['ValidationException', 'SerializationException']).toContain(refused.code)
})

test('a policy may ask for a long waiting period', async () => {
  const long = { NumericGreaterThanEquals: { 'kms:ScheduleKeyDeletionPendingWindowInDays': '30' } }
  const patient = await userWith('patient', { ...allow('kms:ScheduleKeyDeletion'), Condition: long })
  const { KeyId } = await newKey()
  expect((await refusal(invoke(ScheduleKeyDeletion, patient, { KeyId, PendingWindowInDays: 7 }))).code).toBe('AccessDeniedException')
  expect((await invoke(ScheduleKeyDeletion, patient, { KeyId })).PendingWindowInDays).toBe(30)
})

test('a key is rotated when it is due, goes on opening what it encrypted, and encrypts under the new key material', async () => {
  const { KeyId, Arn } = await newKey()
  const before = await invoke(Encrypt, rootContext(), { KeyId, Plaintext: 'b2xk' })
  await invoke(EnableKeyRotation, rootContext(), { KeyId, RotationPeriodInDays: 90 })
  const status = await invoke(GetKeyRotationStatus, rootContext(), { KeyId })
  expect(status).toMatchObject({ KeyRotationEnabled: true, KeyId: Arn, RotationPeriodInDays: 90 })
  await runKmsSchedule(inDays(89), run)
  expect((await invoke(ListKeyRotations, rootContext(), { KeyId })).Rotations).toEqual([])
  await runKmsSchedule(inDays(90.1), run)
  await runKmsSchedule(inDays(90.2), run)
  const all = await invoke(ListKeyRotations, rootContext(), { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' })
  const [first, second] = all.Rotations
  expect(all.Rotations).toMatchObject([{ KeyMaterialState: 'NON_CURRENT' }, { KeyMaterialState: 'CURRENT', RotationType: 'AUTOMATIC', RotationDate: expect.any(Date) as Date }])
  expect(first).not.toHaveProperty('RotationDate')
  expect(await lastEvent('RotateKey')).toMatchObject({
    ...internal,
    serviceEventDetails: { keyId: Arn, rotationType: 'AUTOMATIC', previousKeyMaterialId: first?.KeyMaterialId, currentKeyMaterialId: second?.KeyMaterialId },
  })
  const after = await invoke(Encrypt, rootContext(), { KeyId, Plaintext: 'bmV3' })
  const old = await invoke(Decrypt, rootContext(), { CiphertextBlob: before.CiphertextBlob })
  const recent = await invoke(Decrypt, rootContext(), { CiphertextBlob: after.CiphertextBlob })
  expect(Buffer.from(old.Plaintext).toString() + Buffer.from(recent.Plaintext).toString()).toBe('oldnew')
  expect([old.KeyMaterialId, recent.KeyMaterialId]).toEqual([first?.KeyMaterialId, second?.KeyMaterialId])
  expect((await invoke(DescribeKey, rootContext(), { KeyId })).KeyMetadata.CurrentKeyMaterialId).toBe(second?.KeyMaterialId)
})

test('a disabled key is not rotated; one whose rotation is off neither; an AWS-managed key is, every year', async () => {
  const disabled = await newKey()
  await invoke(EnableKeyRotation, rootContext(), { KeyId: disabled.KeyId })
  expect(await invoke(GetKeyRotationStatus, rootContext(), { KeyId: disabled.KeyId })).toMatchObject({ RotationPeriodInDays: 365 })
  await invoke(DisableKey, rootContext(), { KeyId: disabled.KeyId })
  const off = await newKey()
  await invoke(EnableKeyRotation, rootContext(), { KeyId: off.KeyId })
  await invoke(DisableKeyRotation, rootContext(), { KeyId: off.KeyId })
  expect(await invoke(GetKeyRotationStatus, rootContext(), { KeyId: off.KeyId })).toEqual({ KeyRotationEnabled: false, KeyId: off.Arn })
  const managed = await invoke(DescribeKey, asService(rootContext(), 'codecommit'), { KeyId: 'alias/aws/codecommit' })
  await runKmsSchedule(inDays(366), run)
  const rotations = async (KeyId: string) => (await invoke(ListKeyRotations, rootContext(), { KeyId })).Rotations.length
  expect(await rotations(disabled.KeyId)).toBe(0)
  expect(await rotations(off.KeyId)).toBe(0)
  expect(await rotations(managed.KeyMetadata.KeyId)).toBe(1)
  await invoke(EnableKey, rootContext(), { KeyId: disabled.KeyId })
  await runKmsSchedule(inDays(367), run)
  expect(await rotations(disabled.KeyId)).toBe(1)
})

test('a key rotates on demand twenty-five times, and no more', async () => {
  const { KeyId, Arn } = await newKey()
  for (let count = 0; count < 25; count++) expect(await invoke(RotateKeyOnDemand, rootContext(), { KeyId })).toEqual({ KeyId: Arn })
  expect(await refusal(invoke(RotateKeyOnDemand, rootContext(), { KeyId }))).toEqual({
    code: 'LimitExceededException',
    message: `The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: ${Arn}`,
    status: 400,
  })
  const found: (string | undefined)[] = []
  let Marker: string | undefined
  do {
    const page = await invoke(ListKeyRotations, rootContext(), { KeyId, Limit: 10, Marker })
    found.push(...page.Rotations.map(({ KeyMaterialId }) => KeyMaterialId))
    Marker = page.NextMarker
  } while (Marker !== undefined)
  expect(new Set(found).size).toBe(25)
  expect(await refusal(invoke(ListKeyRotations, rootContext(), { KeyId, Marker: Buffer.from('["rotations","x"]').toString('base64url') }))).toMatchObject({ code: 'InvalidMarkerException' })
})

test('rotation of a key that is disabled or waits for its deletion is refused; waiting, its status is off', async () => {
  const { KeyId, Arn } = await newKey()
  await invoke(EnableKeyRotation, rootContext(), { KeyId })
  await invoke(DisableKey, rootContext(), { KeyId })
  const uses = () => [EnableKeyRotation, DisableKeyRotation, RotateKeyOnDemand].map((operation) => refusal(invoke(operation as AnyOperation, rootContext(), { KeyId })))
  for (const use of uses()) expect(await use).toMatchObject({ code: 'DisabledException', message: `${Arn} is disabled.` })
  expect((await invoke(GetKeyRotationStatus, rootContext(), { KeyId })).KeyRotationEnabled).toBe(true)
  await invoke(ScheduleKeyDeletion, rootContext(), { KeyId })
  for (const use of uses()) expect(await use).toMatchObject({ code: 'KMSInvalidStateException', message: `${Arn} is pending deletion.` })
  expect((await invoke(GetKeyRotationStatus, rootContext(), { KeyId })).KeyRotationEnabled).toBe(false)
  await invoke(CancelKeyDeletion, rootContext(), { KeyId })
  expect((await invoke(GetKeyRotationStatus, rootContext(), { KeyId })).KeyRotationEnabled).toBe(true)
})
