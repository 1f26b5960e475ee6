import { afterAll, beforeAll, expect, test } from 'vitest'
import { invoke } from '#lib/invoke'
import { CreateAlias, CreateKey, DescribeKey, DisableKey, EnableKey, Encrypt, kmsOperations, ListResourceTags, ScheduleKeyDeletion, UpdateKeyDescription } from '#lib/kms/api'
import { allow, deny, lastEvent, newKey, userWith } from '#lib/kms/test-story'
import { rootContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { refusal } from '#lib/testing/refusal'

let database: TestDatabase
beforeAll(async () => void (database = await testDatabase()))
afterAll(async () => database[Symbol.asyncDispose]())

const absentId = '00000000-0000-4000-8000-000000000000'

test('a key is made, described, disabled, described again and enabled', async () => {
  const { KeyMetadata } = await invoke(CreateKey, rootContext(), { Description: 'for the story' })
  const { KeyId, Arn } = KeyMetadata
  expect(KeyMetadata).toEqual({
    AWSAccountId: '111122223333',
    KeyId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/) as string,
    Arn: `arn:aws:kms:us-east-2:111122223333:key/${KeyId}`,
    CreationDate: expect.any(Date) as Date,
    Enabled: true,
    Description: 'for the story',
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: 'Enabled',
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: false,
    CurrentKeyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  })
  expect(await invoke(DescribeKey, rootContext(), { KeyId: Arn })).toEqual({ KeyMetadata })
  expect(await invoke(DisableKey, rootContext(), { KeyId })).toBeUndefined()
  expect((await invoke(DescribeKey, rootContext(), { KeyId })).KeyMetadata).toMatchObject({ KeyState: 'Disabled', Enabled: false })
  await invoke(EnableKey, rootContext(), { KeyId })
  await invoke(UpdateKeyDescription, rootContext(), { KeyId, Description: 'told' })
  expect((await invoke(DescribeKey, rootContext(), { KeyId })).KeyMetadata).toMatchObject({ KeyState: 'Enabled', Enabled: true, Description: 'told' })
})

test('its events name it, in their answer too', async () => {
  const { KeyId, Arn } = await newKey({ Description: 'seen', Tags: [{ TagKey: 'team', TagValue: 'blue' }] })
  expect(await lastEvent('CreateKey')).toMatchObject({
    readOnly: false,
    requestParameters: { description: 'seen', keySpec: 'SYMMETRIC_DEFAULT', tags: [{ tagKey: 'team', tagValue: 'blue' }] },
    responseElements: { keyMetadata: { keyId: KeyId, arn: Arn, keyState: 'Enabled' } },
    resources: [{ ARN: Arn, type: 'AWS::KMS::Key' }],
  })
  expect((await lastEvent('CreateKey')).requestParameters).not.toHaveProperty('policy')
  await invoke(DisableKey, rootContext(), { KeyId })
  expect(await lastEvent('DisableKey')).toMatchObject({ requestParameters: { keyId: KeyId }, responseElements: { keyId: Arn }, resources: [{ ARN: Arn }] })
})

test('an absent key is said to be absent only to whom its use would be allowed', async () => {
  const arn = `arn:aws:kms:us-east-2:111122223333:key/${absentId}`
  const KeyId = absentId
  expect(await refusal(invoke(DescribeKey, rootContext(), { KeyId }))).toEqual({ code: 'NotFoundException', message: `Key '${arn}' does not exist`, status: 400 })
  const stranger = await userWith('stranger')
  const existing = await newKey()
  const refused = await refusal(invoke(DescribeKey, stranger, { KeyId }))
  expect(refused.code).toBe('AccessDeniedException')
  const refusedExisting = await refusal(invoke(DescribeKey, stranger, { KeyId: existing.KeyId }))
  expect(refused.message.replace(arn, existing.Arn)).toBe(refusedExisting.message)
  const foreign = arn.replace('111122223333', '444455556666')
  expect((await refusal(invoke(DescribeKey, rootContext(), { KeyId: foreign }))).message).toBe(`Key '${foreign}' does not exist`)
  expect((await refusal(invoke(DescribeKey, rootContext(), { KeyId: arn.replace('us-east-2', 'eu-west-1') }))).message).toBe('Invalid arn eu-west-1')
  expect((await refusal(invoke(DescribeKey, rootContext(), { KeyId: 'alias/none' }))).message).toBe(
    'Alias arn:aws:kms:us-east-2:111122223333:alias/none is not found.',
  )
})

test('an alias names a key for DescribeKey and Encrypt, and not for what changes the key', async () => {
  const { KeyId, Arn } = await newKey()
  await invoke(CreateAlias, rootContext(), { AliasName: 'alias/app', TargetKeyId: KeyId })
  const aliasArn = 'arn:aws:kms:us-east-2:111122223333:alias/app'
  for (const name of ['alias/app', aliasArn]) {
    expect((await invoke(DescribeKey, rootContext(), { KeyId: name })).KeyMetadata.Arn).toBe(Arn)
    expect((await invoke(Encrypt, rootContext(), { KeyId: name, Plaintext: 'YQ==' })).KeyId).toBe(Arn)
    expect(await refusal(invoke(DisableKey, rootContext(), { KeyId: name }))).toMatchObject({ code: 'NotFoundException', message: `Invalid keyId '${name}'` })
  }
})

test('two administrators at once: the later one is judged by what the earlier one left', async () => {
  const { KeyId, Arn } = await newKey()
  const outcomes = await Promise.allSettled([
    invoke(ScheduleKeyDeletion, rootContext(), { KeyId }),
    invoke(EnableKey, rootContext(), { KeyId }),
    invoke(DisableKey, rootContext(), { KeyId }),
  ])
  const { KeyState } = (await invoke(DescribeKey, rootContext(), { KeyId })).KeyMetadata
  expect(outcomes[0].status).toBe('fulfilled')
  expect(KeyState).toBe('PendingDeletion')
  expect(await refusal(invoke(EnableKey, rootContext(), { KeyId }))).toMatchObject({ code: 'KMSInvalidStateException', message: `${Arn} is pending deletion.` })
})

test('tags at creation need kms:TagResource; conditions see the request’s tags', async () => {
  const Tags = [{ TagKey: 'team', TagValue: 'blue' }]
  const maker = await userWith('maker', allow('kms:CreateKey'))
  expect((await invoke(CreateKey, maker, {})).KeyMetadata.KeyState).toBe('Enabled')
  expect((await refusal(invoke(CreateKey, maker, { Tags }))).message).toContain('kms:TagResource')
  const blue = { StringEquals: { 'aws:RequestTag/team': 'blue' } }
  const tagger = await userWith('tagger', { ...allow(['kms:CreateKey', 'kms:TagResource']), Condition: blue })
  const { KeyId } = (await invoke(CreateKey, tagger, { Tags })).KeyMetadata
  expect((await invoke(ListResourceTags, rootContext(), { KeyId })).Tags).toEqual(Tags)
  expect((await refusal(invoke(CreateKey, tagger, {}))).code).toBe('AccessDeniedException')
})

test.each([
  [{ KeySpec: 'RSA_2048' }, 'KeySpec RSA_2048'],
  [{ CustomerMasterKeySpec: 'ECC_NIST_P256' }, 'KeySpec ECC_NIST_P256'],
  [{ KeyUsage: 'SIGN_VERIFY' }, 'KeyUsage SIGN_VERIFY'],
  [{ Origin: 'EXTERNAL' }, 'Origin EXTERNAL'],
  [{ MultiRegion: true }, 'MultiRegion'],
  [{ CustomKeyStoreId: 'cks-1234567890abcdef0' }, 'CustomKeyStoreId'],
])('a key with %j is refused clearly', async (input, what) => {
  expect(await refusal(invoke(CreateKey, rootContext(), input))).toEqual({
    code: 'UnsupportedOperationException',
    message: `${what} is not supported: Codekeep has symmetric encryption keys only.`,
    status: 400,
  })
})

test('what the real service has beside symmetric keys is refused clearly, and recorded', async () => {
  for (const name of ['CreateGrant', 'Sign', 'GenerateDataKeyPair', 'ImportKeyMaterial', 'ReplicateKey']) {
    const operation = kmsOperations[name]
    if (!operation) throw new Error(`${name} is not in the table`)
    expect(await refusal(invoke(operation, rootContext(), { KeyId: 'x' }))).toMatchObject({
      code: 'UnsupportedOperationException',
      message: `${name} is not supported: Codekeep has symmetric encryption keys only.`,
    })
    expect((await lastEvent(name)).errorCode).toBe('UnsupportedOperationException')
  }
  expect(kmsOperations['constructor']).toBeUndefined()
  expect(kmsOperations['RotateKey']).toBeUndefined()
  expect(kmsOperations['DeleteKey']).toBeUndefined()
})

test('each operation needs its own permission: whoever has all but one is refused that one, and the trail has it', async () => {
  const { KeyId } = await newKey()
  await invoke(CreateAlias, rootContext(), { AliasName: 'alias/all', TargetKeyId: KeyId })
  const { CiphertextBlob } = await invoke(Encrypt, rootContext(), { KeyId, Plaintext: 'YQ==' })
  const inputs: Record<string, object> = {
    CancelKeyDeletion: { KeyId }, CreateAlias: { AliasName: 'alias/new', TargetKeyId: KeyId }, CreateKey: {},
    Decrypt: { KeyId, CiphertextBlob }, DeleteAlias: { AliasName: 'alias/all' }, DescribeKey: { KeyId }, DisableKey: { KeyId },
    DisableKeyRotation: { KeyId }, EnableKey: { KeyId }, EnableKeyRotation: { KeyId }, Encrypt: { KeyId, Plaintext: 'c2VjcmV0' },
    GenerateDataKey: { KeyId, KeySpec: 'AES_256' }, GenerateDataKeyWithoutPlaintext: { KeyId, KeySpec: 'AES_256' },
    GenerateRandom: { NumberOfBytes: 1 }, GetKeyPolicy: { KeyId }, GetKeyRotationStatus: { KeyId }, ListAliases: {},
    ListKeyPolicies: { KeyId }, ListKeyRotations: { KeyId }, ListKeys: {}, ListResourceTags: { KeyId },
    PutKeyPolicy: { KeyId, Policy: '{}' }, ReEncrypt: { CiphertextBlob, SourceKeyId: KeyId, DestinationKeyId: KeyId },
    RotateKeyOnDemand: { KeyId }, ScheduleKeyDeletion: { KeyId }, TagResource: { KeyId, Tags: [] }, UntagResource: { KeyId, TagKeys: [] },
    UpdateAlias: { AliasName: 'alias/all', TargetKeyId: KeyId }, UpdateKeyDescription: { KeyId, Description: '' },
  }
  const supported = Object.entries(kmsOperations).filter(([name]) => name in inputs)
  expect(supported.length).toBe(Object.keys(inputs).length)
  for (const [name, operation] of supported) {
    const user = await userWith(`allBut${name}`, allow('kms:*'), { ...deny(`kms:${name}`), Sid: 'AllBut' })
    const refused = await refusal(invoke(operation, user, inputs[name]))
    expect(refused.code, name).toBe('AccessDeniedException')
    expect(refused.message, name).toContain(`not authorized to perform: kms:${name}`)
    expect(refused.message, name).toContain(`policy allBut${name}-policy (statement AllBut)`)
    const event = await lastEvent(name)
    expect(event, name).toMatchObject({ errorCode: 'AccessDenied', userIdentity: { userName: `allBut${name}` } })
    expect(JSON.stringify(event)).not.toContain('c2VjcmV0')
  }
})
