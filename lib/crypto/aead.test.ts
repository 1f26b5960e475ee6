import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open, seal, sealOverhead } from '#lib/crypto/aead'
import { isIntegrityError } from '#lib/crypto/integrity-error'
import vectors from './testdata/aead.json'

const hex = (text: string): Buffer => Buffer.from(text, 'hex')

test.each(vectors)('opens what another implementation sealed: $name', ({ key, plaintext, associatedData, sealed }) => {
  expect(Buffer.from(open(hex(key), hex(sealed), hex(associatedData))).toString('hex')).toBe(plaintext)
})

test('every plaintext comes back, longer by a nonce and a tag while it is sealed', () => {
  const key = new Uint8Array(32).fill(7)
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (plaintext, associatedData) => {
      const sealed = seal(key, plaintext, associatedData)
      expect(sealed).toHaveLength(plaintext.length + sealOverhead)
      expect(new Uint8Array(open(key, sealed, associatedData))).toEqual(plaintext)
    }),
  )
})

test('a nonce is not used again', () => {
  const nonces = Array.from({ length: 100 }, () => Buffer.from(seal(new Uint8Array(32), new Uint8Array(1), new Uint8Array())).toString('hex', 0, 12))
  expect(new Set(nonces).size).toBe(100)
})

test('any flipped bit, any cut, another key and other associated data fail in the same way', () => {
  const key = new Uint8Array(32).fill(7)
  const associatedData = Buffer.from('context')
  const sealed = seal(key, Buffer.from('secret'), associatedData)
  const attempts: (() => unknown)[] = [
    () => open(new Uint8Array(32), sealed, associatedData),
    () => open(key, sealed, Buffer.from('other')),
    () => open(key, sealed, new Uint8Array()),
  ]
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const altered = Buffer.from(sealed)
    altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    attempts.push(() => open(key, altered, associatedData))
  }
  for (let length = 0; length < sealed.length; length++) attempts.push(() => open(key, sealed.slice(0, length), associatedData))
  for (const attempt of attempts) {
    let thrown: unknown
    try {
      attempt()
    } catch (error) {
      thrown = error
    }
    expect(isIntegrityError(thrown)).toBe(true)
  }
})

test('a key of another length is the program’s mistake, not damage', () => {
  expect(() => seal(new Uint8Array(16), new Uint8Array(), new Uint8Array())).toThrow(RangeError)
  expect(() => open(new Uint8Array(16), new Uint8Array(40), new Uint8Array())).toThrow(RangeError)
})

test('an IntegrityError of another copy of the module is known by its name', () => {
  class IntegrityError extends Error {
    override readonly name = 'IntegrityError'
  }
  expect(isIntegrityError(new IntegrityError())).toBe(true)
  expect(isIntegrityError(new Error('IntegrityError'))).toBe(false)
  expect(isIntegrityError({ name: 'IntegrityError' })).toBe(false)
})
