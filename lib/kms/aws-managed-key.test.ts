import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { db } from '#lib/db'
import { invoke, mayInvoke } from '#lib/invoke'
import {
  CancelKeyDeletion, CreateAlias, Decrypt, DeleteAlias, DescribeKey, DisableKey, DisableKeyRotation, EnableKey,
  EnableKeyRotation, Encrypt, GenerateDataKey, GenerateDataKeyWithoutPlaintext, GetKeyPolicy, GetKeyRotationStatus,
  ListAliases, ListKeys, ListResourceTags, PutKeyPolicy, ReEncrypt, RotateKeyOnDemand, ScheduleKeyDeletion, TagResource,
  UntagResource, UpdateAlias, UpdateKeyDescription,
} from '#lib/kms/api'
import { allow, deny, lastEvent, newKey, userWith } from '#lib/kms/test-story'
import { asService, type RequestContext } from '#lib/operation/context'
import type { AnyOperation } from '#lib/operation/define'
import { rootContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { refusal } from '#lib/testing/refusal'

let database: TestDatabase
beforeAll(async () => void (database = await testDatabase()))
afterAll(async () => database[Symbol.asyncDispose]())

const alias = 'alias/aws/codecommit'
const EncryptionContext = { 'aws:codecommit:repository-id': 'f7579e13-b83e-4027-aaef-650c0EXAMPLE' }
const through = (context: RequestContext) => asService(context, 'codecommit')

async function managedKey(context: RequestContext = rootContext()) {
  return (await invoke(DescribeKey, through(context), { KeyId: alias })).KeyMetadata
}

describe('before there is a key', () => {
  test('a caller who is denied DescribeKey asks for it: none is made', async () => {
    const denied = await userWith('denied', { ...deny('kms:DescribeKey'), Sid: 'NoDescribe' })
    const refused = await refusal(invoke(DescribeKey, through(denied), { KeyId: alias }))
    expect(refused.code).toBe('AccessDeniedException')
    expect(refused.message).toMatch(/kms:DescribeKey on resource: arn:aws:kms:us-east-2:111122223333:key\/[0-9a-f-]{36} with an explicit deny in an identity-based policy: policy denied-policy \(statement NoDescribe\) attached to user denied$/)
    expect(await refusal(invoke(DescribeKey, through(denied), { KeyId: alias }))).toEqual(refused)
    expect(await lastEvent('DescribeKey')).toMatchObject({ errorCode: 'AccessDenied' })
    expect(await lastEvent('DescribeKey')).not.toHaveProperty('resources')
    expect(await db().kmsKey.count()).toBe(0)
  })

  test('a caller without permission asks for it directly: none is made', async () => {
    const nobody = await userWith('nobody')
    expect((await refusal(invoke(DescribeKey, nobody, { KeyId: alias }))).code).toBe('AccessDeniedException')
    expect(await db().kmsKey.count()).toBe(0)
  })

  test('its predefined alias is listed, without a key', async () => {
    const { Aliases } = await invoke(ListAliases, rootContext(), {})
    expect(Aliases).toEqual([{ AliasName: alias, AliasArn: `arn:aws:kms:us-east-2:111122223333:${alias}` }])
    expect(await invoke(ListKeys, rootContext(), {})).toEqual({ Keys: [], Truncated: false })
  })

  test('policy can be asked about everything that will be done with it, and nothing is', async () => {
    const key = { KeyId: alias, EncryptionContext }
    const CiphertextBlob = new Uint8Array(1)
    const six: [AnyOperation, object][] = [
      [DescribeKey, { KeyId: alias }],
      [GenerateDataKeyWithoutPlaintext, { ...key, KeySpec: 'AES_256' }],
      [GenerateDataKey, { ...key, KeySpec: 'AES_256' }],
      [Encrypt, { ...key, Plaintext: CiphertextBlob }],
      [Decrypt, { ...key, CiphertextBlob }],
      [ReEncrypt, { CiphertextBlob, SourceKeyId: alias, DestinationKeyId: alias }],
    ]
    const plain = await userWith('plain')
    for (const [operation, input] of six) {
      expect((await mayInvoke(operation, through(plain), input)).decision, operation.name).toBe('Allowed')
      const denied = await userWith(`no${operation.name}`, deny(`kms:${operation.name}`))
      expect((await mayInvoke(operation, through(denied), input)).decision, operation.name).toBe('ExplicitlyDenied')
      if (operation === DescribeKey) continue
      expect(await refusal(invoke(operation, through(plain), input)), operation.name).toMatchObject({
        code: 'NotFoundException',
        message: `Alias arn:aws:kms:us-east-2:111122223333:${alias} is not found.`,
      })
    }
    expect(await db().kmsKey.count()).toBe(0)
  })
})

test('fifty callers ask for it at the same moment: one key, and all are told the same one', async () => {
  const plain = await userWith('fifty')
  const answers = await Promise.all(Array.from({ length: 50 }, () => managedKey(plain)))
  expect(new Set(answers.map(({ Arn }) => Arn)).size).toBe(1)
  expect(await db().kmsKey.count()).toBe(1)
  expect(await db().kmsAlias.count()).toBe(1)
  expect(await db().kmsKeyMaterial.count()).toBe(1)
})

test('it is made with AWS’s description and policy, is listed, and its event names it', async () => {
  const key = await managedKey()
  expect(key).toMatchObject({
    AWSAccountId: '111122223333',
    KeyManager: 'AWS',
    KeyState: 'Enabled',
    Enabled: true,
    Origin: 'AWS_KMS',
    KeySpec: 'SYMMETRIC_DEFAULT',
    KeyUsage: 'ENCRYPT_DECRYPT',
    MultiRegion: false,
    Description: 'Default key that protects my CodeCommit repositories when no other key is defined',
  })
  const { Policy } = await invoke(GetKeyPolicy, rootContext(), { KeyId: key.KeyId })
  const real = readFileSync(new URL('../iam/policy/testdata/aws-codecommit-key-policy.json', import.meta.url), 'utf8')
  expect(JSON.parse(Policy)).toEqual(JSON.parse(real))
  expect(await invoke(ListKeys, rootContext(), {})).toEqual({ Keys: [{ KeyId: key.KeyId, KeyArn: key.Arn }], Truncated: false })
  const { Aliases } = await invoke(ListAliases, rootContext(), {})
  expect(Aliases).toMatchObject([{ AliasName: alias, TargetKeyId: key.KeyId }])
  await managedKey()
  expect(await lastEvent('DescribeKey')).toMatchObject({
    eventSource: 'kms.amazonaws.com',
    readOnly: true,
    requestParameters: { keyId: alias },
    resources: [{ ARN: key.Arn, type: 'AWS::KMS::Key' }],
    userIdentity: { invokedBy: 'codecommit.amazonaws.com' },
  })
})

test('every Region has its own', async () => {
  const ohio = await managedKey()
  const tokyo = rootContext({ region: 'ap-northeast-1' })
  const other = await managedKey(tokyo)
  expect(other.Arn).toMatch(/^arn:aws:kms:ap-northeast-1:/)
  expect(other.KeyId).not.toBe(ohio.KeyId)
  expect((await refusal(invoke(DescribeKey, tokyo, { KeyId: ohio.KeyId }))).code).toBe('NotFoundException')
  const { Policy } = await invoke(GetKeyPolicy, tokyo, { KeyId: other.KeyId })
  expect(Policy).toContain('"kms:ViaService" : "codecommit.ap-northeast-1.amazonaws.com"')
})

test.each(['root', 'an administrator'])('%s tries to change, use or delete it: its policy refuses each', async (who) => {
  const context = who === 'root' ? rootContext() : await userWith(`admin${Date.now()}`, allow('*'))
  const { KeyId, Arn } = await managedKey()
  const other = await newKey()
  const CiphertextBlob = (await invoke(Encrypt, through(rootContext()), { KeyId, Plaintext: new Uint8Array(1) })).CiphertextBlob
  const attempts: [AnyOperation, object][] = [
    [DisableKey, { KeyId }],
    [EnableKey, { KeyId }],
    [ScheduleKeyDeletion, { KeyId, PendingWindowInDays: 7 }],
    [CancelKeyDeletion, { KeyId }],
    [PutKeyPolicy, { KeyId, Policy: '{}', BypassPolicyLockoutSafetyCheck: true }],
    [EnableKeyRotation, { KeyId }],
    [DisableKeyRotation, { KeyId }],
    [RotateKeyOnDemand, { KeyId }],
    [UpdateKeyDescription, { KeyId, Description: 'mine' }],
    [TagResource, { KeyId, Tags: [{ TagKey: 'a', TagValue: 'b' }] }],
    [UntagResource, { KeyId, TagKeys: ['a'] }],
    [CreateAlias, { AliasName: 'alias/mine', TargetKeyId: KeyId }],
    [UpdateAlias, { AliasName: alias, TargetKeyId: other.KeyId }],
    [DeleteAlias, { AliasName: alias }],
    [Encrypt, { KeyId, Plaintext: new Uint8Array(1) }],
    [Decrypt, { KeyId, CiphertextBlob }],
    [ReEncrypt, { CiphertextBlob, SourceKeyId: KeyId, DestinationKeyId: other.KeyId }],
    [GenerateDataKey, { KeyId, KeySpec: 'AES_256' }],
    [GenerateDataKeyWithoutPlaintext, { KeyId, KeySpec: 'AES_256' }],
  ]
  const before = await db().kmsKey.findUniqueOrThrow({ where: { id: KeyId }, include: { aliases: true, tags: true } })
  for (const [operation, input] of attempts) {
    const refused = await refusal(invoke(operation, context, input))
    expect(refused.code, operation.name).toBe('AccessDeniedException')
    const action = operation === ReEncrypt ? 'kms:ReEncryptFrom' : `kms:${operation.name}`
    expect(refused.message).toContain(`is not authorized to perform: ${action} on resource: ${Arn} because no resource-based policy allows the ${action} action`)
    expect(await lastEvent(operation.name)).toMatchObject({ errorCode: 'AccessDenied', errorMessage: refused.message })
  }
  expect(await db().kmsKey.findUniqueOrThrow({ where: { id: KeyId }, include: { aliases: true, tags: true } })).toEqual(before)
})

test('an attacker pretends to come through another service, or through CodeCommit of another Region: refused', async () => {
  const { KeyId } = await managedKey()
  const s3 = asService(rootContext(), 's3')
  expect((await refusal(invoke(Encrypt, s3, { KeyId, Plaintext: new Uint8Array(1) }))).code).toBe('AccessDeniedException')
  const nested = asService(through(rootContext()), 's3')
  expect((await refusal(invoke(Encrypt, nested, { KeyId, Plaintext: new Uint8Array(1) }))).code).toBe('AccessDeniedException')
})

test('through CodeCommit a user without any permission uses it; a Deny of an action stops that action', async () => {
  const { KeyId, Arn } = await managedKey()
  const plain = await userWith('user')
  const key = { KeyId, EncryptionContext }
  const { CiphertextBlob, Plaintext } = await invoke(GenerateDataKey, through(plain), { ...key, KeySpec: 'AES_256' })
  expect((await invoke(Decrypt, through(plain), { ...key, CiphertextBlob })).Plaintext).toEqual(Plaintext)
  expect(await lastEvent('Decrypt')).toMatchObject({
    userIdentity: { type: 'IAMUser', userName: 'user', invokedBy: 'codecommit.amazonaws.com' },
    sourceIPAddress: 'codecommit.amazonaws.com',
    requestParameters: { encryptionContext: EncryptionContext },
    resources: [{ ARN: Arn }],
  })
  const denied = await userWith('cannotDecrypt', deny('kms:Decrypt', Arn))
  expect((await refusal(invoke(Decrypt, through(denied), { ...key, CiphertextBlob }))).message).toContain('with an explicit deny')
  expect((await invoke(GenerateDataKey, through(denied), { ...key, KeySpec: 'AES_256' })).KeyId).toBe(Arn)
  const oneRepository = { StringEquals: { 'kms:EncryptionContext:aws:codecommit:repository-id': EncryptionContext['aws:codecommit:repository-id'] } }
  const byContext = await userWith('notThisRepository', { ...deny('kms:*'), Condition: oneRepository })
  expect((await refusal(invoke(Decrypt, through(byContext), { ...key, CiphertextBlob }))).message).toContain('with an explicit deny')
  const others = { KeyId, EncryptionContext: { 'aws:codecommit:repository-id': 'another' }, KeySpec: 'AES_256' }
  expect((await invoke(GenerateDataKey, through(byContext), others)).KeyId).toBe(Arn)
})

test('its metadata may be read by whom IAM allows, and by no one else', async () => {
  const { KeyId } = await managedKey()
  const auditor = await userWith('auditor', allow(['kms:Describe*', 'kms:Get*', 'kms:List*']))
  const reads: [AnyOperation, object][] = [[DescribeKey, { KeyId }], [GetKeyPolicy, { KeyId }], [GetKeyRotationStatus, { KeyId }], [ListResourceTags, { KeyId }]]
  const stranger = await userWith('stranger')
  for (const [operation, input] of reads) {
    await invoke(operation, auditor, input)
    expect((await refusal(invoke(operation, stranger, input))).code, operation.name).toBe('AccessDeniedException')
  }
  expect(await invoke(GetKeyRotationStatus, auditor, { KeyId })).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 365 })
})

test('nobody makes an alias under alias/aws/', async () => {
  const { KeyId } = await newKey()
  const reserved = { code: 'NotAuthorizedException', message: '', status: 400 }
  expect(await refusal(invoke(CreateAlias, rootContext(), { AliasName: 'alias/aws/mine', TargetKeyId: KeyId }))).toEqual(reserved)
  expect((await refusal(invoke(DeleteAlias, rootContext(), { AliasName: 'alias/aws/mine' }))).code).toBe('NotFoundException')
})
