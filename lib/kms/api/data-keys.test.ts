import { afterAll, beforeAll, expect, test } from 'vitest'
import { invoke } from '#lib/invoke'
import { Decrypt, GenerateDataKey, GenerateDataKeyWithoutPlaintext, GenerateRandom } from '#lib/kms/api'
import { lastEvent, newKey } from '#lib/kms/test-story'
import { rootContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { refusal } from '#lib/testing/refusal'

let database: TestDatabase
beforeAll(async () => void (database = await testDatabase()))
afterAll(async () => database[Symbol.asyncDispose]())

const EncryptionContext = { 'aws:codecommit:repository-id': 'f7579e13-b83e-4027-aaef-650c0EXAMPLE' }

test.each([
  [{ KeySpec: 'AES_256' }, 32],
  [{ KeySpec: 'AES_128' }, 16],
  [{ NumberOfBytes: 1 }, 1],
  [{ NumberOfBytes: 1024 }, 1024],
])('a data key of %j comes in the clear and encrypted, %i bytes', async (size, length) => {
  const key = await newKey()
  const made = await invoke(GenerateDataKey, rootContext(), { KeyId: key.Arn, EncryptionContext, ...size })
  expect(made).toMatchObject({ KeyId: key.Arn, KeyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/) as string })
  expect(made.Plaintext.length).toBe(length)
  const { CiphertextBlob } = made
  expect((await invoke(Decrypt, rootContext(), { CiphertextBlob, EncryptionContext })).Plaintext).toEqual(made.Plaintext)
  expect(await lastEvent('GenerateDataKey')).toMatchObject({ readOnly: true, resources: [{ ARN: key.Arn }] })
  expect(JSON.stringify(await lastEvent('GenerateDataKey'))).not.toContain(Buffer.from(made.CiphertextBlob).toString('base64'))
})

test('without plaintext, only Decrypt gives it', async () => {
  const key = await newKey()
  const made = await invoke(GenerateDataKeyWithoutPlaintext, rootContext(), { KeyId: key.KeyId, KeySpec: 'AES_256', EncryptionContext })
  expect(Object.keys(made)).toEqual(['CiphertextBlob', 'KeyId', 'KeyMaterialId'])
  const { CiphertextBlob } = made
  expect((await invoke(Decrypt, rootContext(), { CiphertextBlob, EncryptionContext })).Plaintext.length).toBe(32)
  expect((await lastEvent('GenerateDataKeyWithoutPlaintext')).requestParameters).toEqual({
    keyId: key.KeyId,
    keySpec: 'AES_256',
    encryptionContext: EncryptionContext,
  })
})

test.each([
  [{}, 'Please specify either number of bytes or key spec.'],
  [{ KeySpec: 'AES_256', NumberOfBytes: 32 }, 'Please specify either number of bytes or key spec.'],
  [{ NumberOfBytes: 0 }, "1 validation error detected: Value '0' at 'numberOfBytes' failed to satisfy constraint: Member must have value greater than or equal to 1"],
  [{ NumberOfBytes: 1025 }, "1 validation error detected: Value '1025' at 'numberOfBytes' failed to satisfy constraint: Member must have value less than or equal to 1024"],
  [{ KeySpec: 'AES_512' }, "1 validation error detected: Value 'AES_512' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: [AES_256, AES_128]"],
])('a size of %j is not valid', async (size, message) => {
  const { KeyId } = await newKey()
  expect(await refusal(invoke(GenerateDataKey, rootContext(), { KeyId, ...size }))).toEqual({ code: 'ValidationException', message, status: 400 })
})

test('random bytes are of the size that was asked for, and never the same', async () => {
  const one = await invoke(GenerateRandom, rootContext(), { NumberOfBytes: 32 })
  const two = await invoke(GenerateRandom, rootContext(), { NumberOfBytes: 32 })
  expect(one.Plaintext.length).toBe(32)
  expect(one.Plaintext).not.toEqual(two.Plaintext)
  expect((await lastEvent('GenerateRandom')).requestParameters).toEqual({ numberOfBytes: 32 })
  expect((await refusal(invoke(GenerateRandom, rootContext(), {}))).message).toBe('NumberOfBytes is required.')
  expect((await refusal(invoke(GenerateRandom, rootContext(), { NumberOfBytes: 0 }))).message).toContain("Value '0' at 'numberOfBytes'")
})
