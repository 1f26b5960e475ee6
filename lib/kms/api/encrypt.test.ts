import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { invoke } from '#lib/invoke'
import { CancelKeyDeletion, CreateAlias, Decrypt, DisableKey, EnableKey, Encrypt, GenerateDataKey, ReEncrypt, RotateKeyOnDemand, ScheduleKeyDeletion } from '#lib/kms/api'
import { allow, deny, lastEvent, newKey, userWith } from '#lib/kms/test-story'
import { rootContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { refusal } from '#lib/testing/refusal'
import { trailTable } from '#lib/testing/event-disk'

let database: TestDatabase
beforeAll(async () => void (database = await testDatabase()))
afterAll(async () => database[Symbol.asyncDispose]())

const secret = new TextEncoder().encode('a very secret plaintext')
const EncryptionContext = { tenant: 'alice', purpose: 'test' }
const invalid = { code: 'InvalidCiphertextException', message: '', status: 400 }
const hiddenText =
  'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.'

async function encrypted(KeyId: string, context: object = EncryptionContext): Promise<Uint8Array> {
  const { CiphertextBlob } = await invoke(Encrypt, rootContext(), { KeyId, Plaintext: secret, EncryptionContext: context })
  return CiphertextBlob
}

test('what Encrypt made, Decrypt opens with the same context in any order, with and without the key named', async () => {
  const key = await newKey()
  const answer = await invoke(Encrypt, rootContext(), { KeyId: key.KeyId, Plaintext: secret, EncryptionContext })
  expect(answer).toMatchObject({ KeyId: key.Arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' })
  const { CiphertextBlob } = answer
  for (const KeyId of [undefined, key.KeyId, key.Arn]) {
    const opened = await invoke(Decrypt, rootContext(), { KeyId, CiphertextBlob, EncryptionContext: { purpose: 'test', tenant: 'alice' } })
    expect(opened).toMatchObject({ KeyId: key.Arn, Plaintext: secret, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' })
    expect(opened.KeyMaterialId).toMatch(/^[0-9a-f]{64}$/)
  }
})

test('whatever is encrypted comes back, under whatever context', async () => {
  const key = await newKey()
  const contexts = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), { maxKeys: 4 })
  const plaintexts = fc.uint8Array({ minLength: 1, maxLength: 4096 })
  const roundTrip = fc.asyncProperty(plaintexts, contexts, async (Plaintext, pairs) => {
    const { CiphertextBlob } = await invoke(Encrypt, rootContext(), { KeyId: key.KeyId, Plaintext, EncryptionContext: pairs })
    const opened = await invoke(Decrypt, rootContext(), { CiphertextBlob, EncryptionContext: pairs })
    expect(opened.Plaintext).toEqual(Plaintext)
  })
  await fc.assert(roundTrip, { numRuns: 25 })
})

test.each([
  ['none', undefined],
  ['an empty one', {}],
  ['a pair more', { ...EncryptionContext, more: '' }],
  ['a pair less', { tenant: 'alice' }],
  ['another value', { ...EncryptionContext, tenant: 'bob' }],
  ['another case', { ...EncryptionContext, tenant: 'Alice' }],
  ['a re-cut one', { tenan: 'talice', purpose: 'test' }],
  ['__proto__ beside', JSON.parse('{"tenant":"alice","purpose":"test","__proto__":"x"}') as object],
])('an attacker offers another encryption context, %s: refused without a word why', async (_name, context) => {
  const key = await newKey()
  const CiphertextBlob = await encrypted(key.KeyId)
  expect(await refusal(invoke(Decrypt, rootContext(), { CiphertextBlob, EncryptionContext: context }))).toEqual(invalid)
})

test('a pair named __proto__ is a pair: what was encrypted with it opens only with it', async () => {
  const key = await newKey()
  const context = JSON.parse('{"__proto__":"x"}') as object
  const CiphertextBlob = await encrypted(key.KeyId, context)
  expect((await lastEvent('Encrypt')).requestParameters).toHaveProperty('encryptionContext', context)
  expect(await refusal(invoke(Decrypt, rootContext(), { CiphertextBlob }))).toEqual(invalid)
  expect((await invoke(Decrypt, rootContext(), { CiphertextBlob, EncryptionContext: context })).Plaintext).toEqual(secret)
})

test('an attacker flips a bit in each field of a blob: refused without a word why, named key or not', async () => {
  const key = await newKey()
  const blob = await encrypted(key.KeyId)
  const fields = { version: 0, form: 1, type: 2, zero: 3, kind: 4, materialId: 5, materialIdEnd: 36, marker: 37, nonce: 38, length: 54, ciphertext: 58, tag: blob.length - 1 }
  for (const [field, offset] of Object.entries(fields)) {
    const CiphertextBlob = blob.slice()
    CiphertextBlob[offset] = (CiphertextBlob[offset] ?? 0) ^ 1
    for (const KeyId of [undefined, key.KeyId]) {
      expect(await refusal(invoke(Decrypt, rootContext(), { CiphertextBlob, EncryptionContext, KeyId })), field).toEqual(invalid)
    }
  }
  expect(await refusal(invoke(Decrypt, rootContext(), { CiphertextBlob: 'bm90IGEgYmxvYg==' }))).toEqual(invalid)
})

test('a blob named as another key’s is the wrong key; one of another Region is no blob here', async () => {
  const key = await newKey()
  const other = await newKey()
  const CiphertextBlob = await encrypted(key.KeyId)
  expect(await refusal(invoke(Decrypt, rootContext(), { CiphertextBlob, EncryptionContext, KeyId: other.KeyId }))).toEqual({
    code: 'IncorrectKeyException',
    message: 'The key ID in the request does not identify a CMK that can perform this operation.',
    status: 400,
  })
  expect((await lastEvent('Decrypt')).errorCode).toBe('IncorrectKeyException')
  const tokyo = rootContext({ region: 'ap-northeast-1' })
  expect(await refusal(invoke(Decrypt, tokyo, { CiphertextBlob, EncryptionContext }))).toEqual(invalid)
  const keyInTokyo = await newKey({}, tokyo)
  expect(await refusal(invoke(Decrypt, tokyo, { CiphertextBlob, EncryptionContext, KeyId: keyInTokyo.KeyId }))).toEqual(invalid)
})

test('an attacker without permission decrypts: is not told whether there is such a key', async () => {
  const mallory = await userWith('mallory')
  const key = await newKey()
  const CiphertextBlob = await encrypted(key.KeyId)
  const unknown = CiphertextBlob.slice()
  unknown[5] = (unknown[5] ?? 0) ^ 1
  const existing = await refusal(invoke(Decrypt, mallory, { CiphertextBlob, EncryptionContext }))
  expect(existing).toEqual({ code: 'AccessDeniedException', message: hiddenText, status: 400 })
  expect(await lastEvent('Decrypt')).toMatchObject({ errorCode: 'AccessDenied', resources: [{ ARN: key.Arn, type: 'AWS::KMS::Key' }] })
  expect(await refusal(invoke(Decrypt, mallory, { CiphertextBlob: unknown, EncryptionContext }))).toEqual(existing)
  expect(await refusal(invoke(ReEncrypt, mallory, { CiphertextBlob, DestinationKeyId: key.KeyId }))).toEqual(existing)
  const named = await refusal(invoke(Decrypt, mallory, { CiphertextBlob, EncryptionContext, KeyId: key.KeyId }))
  expect(named.message).toContain(`is not authorized to perform: kms:Decrypt on resource: ${key.Arn}`)
})

test('a user may encrypt for one tenant and no other, by the encryption context', async () => {
  const key = await newKey()
  const condition = { StringEquals: { 'kms:EncryptionContext:tenant': 'alice' }, 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['tenant', 'purpose'] } }
  const alice = await userWith('alice', { ...allow(['kms:Encrypt', 'kms:Decrypt'], key.Arn), Condition: condition })
  const { CiphertextBlob } = await invoke(Encrypt, alice, { KeyId: key.KeyId, Plaintext: secret, EncryptionContext })
  expect((await invoke(Decrypt, alice, { CiphertextBlob, EncryptionContext })).Plaintext).toEqual(secret)
  for (const context of [{ tenant: 'bob' }, {}, { ...EncryptionContext, third: 'x' }]) {
    const refused = await refusal(invoke(Encrypt, alice, { KeyId: key.KeyId, Plaintext: secret, EncryptionContext: context }))
    expect(refused.code, JSON.stringify(context)).toBe('AccessDeniedException')
  }
})

test('the alias that a request names its key by counts: kms:RequestAlias, kms:ResourceAliases', async () => {
  const key = await newKey()
  await invoke(CreateAlias, rootContext(), { AliasName: 'alias/one', TargetKeyId: key.KeyId })
  await invoke(CreateAlias, rootContext(), { AliasName: 'alias/two', TargetKeyId: key.KeyId })
  const byAlias = await userWith('byAlias', { ...allow('kms:Encrypt'), Condition: { StringEquals: { 'kms:RequestAlias': 'alias/one' } } })
  const input = { Plaintext: secret }
  expect((await invoke(Encrypt, byAlias, { ...input, KeyId: 'alias/one' })).KeyId).toBe(key.Arn)
  for (const KeyId of ['alias/two', key.KeyId]) {
    expect((await refusal(invoke(Encrypt, byAlias, { ...input, KeyId }))).code).toBe('AccessDeniedException')
  }
  const anyAlias = { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/two' } }
  const ofAliased = await userWith('ofAliased', { ...allow('kms:Encrypt'), Condition: anyAlias })
  expect((await invoke(Encrypt, ofAliased, { ...input, KeyId: key.KeyId })).KeyId).toBe(key.Arn)
  const unaliased = await newKey()
  expect((await refusal(invoke(Encrypt, ofAliased, { ...input, KeyId: unaliased.KeyId }))).code).toBe('AccessDeniedException')
})

test('a disabled key and one that waits for its deletion encrypt and decrypt nothing; an enabled one does again', async () => {
  const { KeyId, Arn } = await newKey()
  const CiphertextBlob = await encrypted(KeyId)
  const uses = () => [
    refusal(invoke(Encrypt, rootContext(), { KeyId, Plaintext: secret })),
    refusal(invoke(Decrypt, rootContext(), { CiphertextBlob, EncryptionContext })),
    refusal(invoke(GenerateDataKey, rootContext(), { KeyId, KeySpec: 'AES_256' })),
    refusal(invoke(ReEncrypt, rootContext(), { CiphertextBlob, SourceEncryptionContext: EncryptionContext, DestinationKeyId: KeyId })),
  ]
  await invoke(DisableKey, rootContext(), { KeyId })
  for (const use of uses()) expect(await use).toEqual({ code: 'DisabledException', message: `${Arn} is disabled.`, status: 400 })
  await invoke(ScheduleKeyDeletion, rootContext(), { KeyId })
  for (const use of uses()) {
    expect(await use).toEqual({ code: 'KMSInvalidStateException', message: `${Arn} is pending deletion.`, status: 400 })
  }
  await invoke(CancelKeyDeletion, rootContext(), { KeyId })
  await invoke(EnableKey, rootContext(), { KeyId })
  expect((await invoke(Decrypt, rootContext(), { CiphertextBlob, EncryptionContext })).Plaintext).toEqual(secret)
})

test('ReEncrypt moves to newer key material without the plaintext, and to another key and context', async () => {
  const from = await newKey()
  const to = await newKey()
  const old = await encrypted(from.KeyId)
  await invoke(RotateKeyOnDemand, rootContext(), { KeyId: from.KeyId })
  const source = { SourceKeyId: from.KeyId, SourceEncryptionContext: EncryptionContext }
  const same = await invoke(ReEncrypt, rootContext(), { ...source, CiphertextBlob: old, DestinationKeyId: from.KeyId, DestinationEncryptionContext: EncryptionContext })
  expect(same).toMatchObject({ SourceKeyId: from.Arn, KeyId: from.Arn })
  expect(same.DestinationKeyMaterialId).not.toBe(same.SourceKeyMaterialId)
  expect(same).not.toHaveProperty('Plaintext')
  const moved = await invoke(ReEncrypt, rootContext(), { CiphertextBlob: same.CiphertextBlob, SourceEncryptionContext: EncryptionContext, DestinationKeyId: to.KeyId, DestinationEncryptionContext: { new: 'context' } })
  const opened = await invoke(Decrypt, rootContext(), { CiphertextBlob: moved.CiphertextBlob, EncryptionContext: { new: 'context' } })
  expect(opened).toMatchObject({ KeyId: to.Arn, Plaintext: secret })
  const event = await lastEvent('ReEncrypt')
  expect(event.resources?.map(({ ARN }) => ARN)).toEqual([from.Arn, to.Arn])
  expect(event.additionalEventData).toEqual({ sourceKeyMaterialId: moved.SourceKeyMaterialId, destinationKeyMaterialId: moved.DestinationKeyMaterialId })
})

test('ReEncrypt asks for ReEncryptFrom on the source and ReEncryptTo on the destination; a Deny of kms:ReEncrypt counts', async () => {
  const from = await newKey()
  const to = await newKey()
  const CiphertextBlob = await encrypted(from.KeyId)
  const input = { CiphertextBlob, SourceKeyId: from.KeyId, SourceEncryptionContext: EncryptionContext, DestinationKeyId: to.KeyId }
  const both = [allow('kms:ReEncryptFrom', from.Arn), allow('kms:ReEncryptTo', to.Arn)]
  expect((await invoke(ReEncrypt, await userWith('both', ...both), input)).KeyId).toBe(to.Arn)
  const swapped = await userWith('swapped', allow('kms:ReEncryptFrom', to.Arn), allow('kms:ReEncryptTo', from.Arn))
  expect((await refusal(invoke(ReEncrypt, swapped, input))).message).toContain(`kms:ReEncryptFrom on resource: ${from.Arn}`)
  const fromOnly = await userWith('fromOnly', allow('kms:ReEncryptFrom'))
  expect((await refusal(invoke(ReEncrypt, fromOnly, input))).message).toContain(`kms:ReEncryptTo on resource: ${to.Arn}`)
  const bare = await userWith('bare', ...both, { ...deny('kms:ReEncrypt'), Sid: 'NoReEncrypt' })
  expect((await refusal(invoke(ReEncrypt, bare, input))).message).toContain(
    `kms:ReEncrypt on resource: ${from.Arn} with an explicit deny in an identity-based policy: policy bare-policy (statement NoReEncrypt)`,
  )
  const onSame = { Bool: { 'kms:ReEncryptOnSameKey': 'true' } }
  const sameOnly = await userWith('sameOnly', { ...allow('kms:ReEncrypt*'), Condition: onSame })
  expect((await refusal(invoke(ReEncrypt, sameOnly, input))).code).toBe('AccessDeniedException')
  expect((await invoke(ReEncrypt, sameOnly, { ...input, DestinationKeyId: from.KeyId })).KeyId).toBe(from.Arn)
})

test('DryRun answers whether it would succeed, and does nothing; the ciphertext may then be left out', async () => {
  const key = await newKey()
  const CiphertextBlob = await encrypted(key.KeyId)
  const succeeds = { code: 'DryRunOperationException', message: 'The request would have succeeded, but the DryRun option is set.', status: 400 }
  const { KeyId } = key
  const ignoring = { DryRun: true, DryRunModifiers: ['IGNORE_CIPHERTEXT'] }
  expect(await refusal(invoke(Encrypt, rootContext(), { KeyId, Plaintext: secret, DryRun: true }))).toEqual(succeeds)
  expect(await refusal(invoke(GenerateDataKey, rootContext(), { KeyId, KeySpec: 'AES_256', DryRun: true }))).toEqual(succeeds)
  expect(await refusal(invoke(Decrypt, rootContext(), { CiphertextBlob, EncryptionContext, DryRun: true }))).toEqual(succeeds)
  expect(await refusal(invoke(Decrypt, rootContext(), { KeyId, ...ignoring }))).toEqual(succeeds)
  expect(await refusal(invoke(ReEncrypt, rootContext(), { SourceKeyId: KeyId, DestinationKeyId: KeyId, ...ignoring }))).toEqual(succeeds)
  expect(await refusal(invoke(Decrypt, rootContext(), { CiphertextBlob, DryRun: true }))).toEqual(invalid)
  const nobody = await userWith('nobody')
  expect((await refusal(invoke(Decrypt, nobody, { KeyId, ...ignoring }))).code).toBe('AccessDeniedException')
  expect((await refusal(invoke(Decrypt, rootContext(), { KeyId }))).message).toContain("Value null at 'ciphertextBlob'")
})

test.each([
  [{ Plaintext: '' }, "Value at 'plaintext' failed to satisfy constraint: Member must have length greater than or equal to 1"],
  [{ Plaintext: new Uint8Array(4097) }, "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096"],
  [{ KeyId: '' }, "Value '' at 'keyId' failed to satisfy constraint: Member must have length greater than or equal to 1"],
  [{ KeyId: undefined }, "Value null at 'keyId' failed to satisfy constraint: Member must not be null"],
  [{ EncryptionAlgorithm: 'ROT13' }, "Value 'ROT13' at 'encryptionAlgorithm' failed to satisfy constraint: Member must satisfy enum value set: [SYMMETRIC_DEFAULT, RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256, SM2PKE]"],
  [{ EncryptionContext: { a: 'x'.repeat(70_000) } }, "Value at 'encryptionContext' failed to satisfy constraint: Member must have length less than or equal to 65535"],
  [{ EncryptionContext: { a: '\ud800' } }, "Value at 'encryptionContext'"],
  [{ EncryptionContext: { 'a\ud83d': '\ude00' } }, "Value at 'encryptionContext'"],
])('%j is not valid', async (input, message) => {
  const refused = await refusal(invoke(Encrypt, rootContext(), { KeyId: 'alias/app', Plaintext: 'YQ==', ...input }))
  expect(refused.code).toBe('ValidationException')
  expect(refused.message).toContain(message)
})

test.each([
  [{ Plaintext: 'not base64!' }, 'SerializationException'],
  [{ Plaintext: 7 }, 'SerializationException'],
  [{ EncryptionContext: [] }, 'SerializationException'],
  [{ EncryptionContext: 'a=b' }, 'SerializationException'],
  [{ EncryptionContext: { a: { b: 'c' } } }, 'SerializationException'],
  [{ EncryptionContext: { a: null } }, 'SerializationException'],
  [{ GrantTokens: ['token'] }, 'InvalidGrantTokenException'],
  [{ EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }, 'InvalidKeyUsageException'],
  [{ KeyId: 'alias/none' }, 'NotFoundException'],
])('%j is refused: %s', async (input, code) => {
  const { KeyId } = await newKey()
  expect((await refusal(invoke(Encrypt, rootContext(), { KeyId, Plaintext: 'YQ==', ...input }))).code).toBe(code)
})

test('events tell the key, the context and the algorithm, and hold neither plaintext nor ciphertext', async () => {
  const key = await newKey()
  await invoke(CreateAlias, rootContext(), { AliasName: 'alias/told', TargetKeyId: key.KeyId })
  const { CiphertextBlob } = await invoke(Encrypt, rootContext(), { KeyId: 'alias/told', Plaintext: secret, EncryptionContext })
  const { KeyMaterialId } = await invoke(Decrypt, rootContext(), { CiphertextBlob, EncryptionContext })
  const common = { readOnly: true, responseElements: null, additionalEventData: { keyMaterialId: KeyMaterialId }, resources: [{ ARN: key.Arn, type: 'AWS::KMS::Key' }] }
  expect(await lastEvent('Encrypt')).toMatchObject(common)
  expect((await lastEvent('Encrypt')).requestParameters).toEqual({ keyId: 'alias/told', encryptionAlgorithm: 'SYMMETRIC_DEFAULT', encryptionContext: EncryptionContext })
  expect(await lastEvent('Decrypt')).toMatchObject(common)
  expect((await lastEvent('Decrypt')).requestParameters).toEqual({ encryptionAlgorithm: 'SYMMETRIC_DEFAULT', encryptionContext: EncryptionContext })
  const everything = (await (await trailTable()).findMany({ select: { record: true } })).map(({ record }) => record).join('\n')
  expect(everything).not.toContain('a very secret plaintext')
  expect(everything).not.toContain(Buffer.from(secret).toString('base64'))
  expect(everything).not.toContain(Buffer.from(CiphertextBlob).toString('base64'))
})
