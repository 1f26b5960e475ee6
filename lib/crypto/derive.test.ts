import { expect, test } from 'vitest'
import { deriveKey } from '#lib/crypto/derive'
import vectors from './testdata/derive.json'

const hex = (text: string): Buffer => Buffer.from(text, 'hex')

test.each(vectors)('agrees with two other implementations: $name', ({ key, label, context, length, derived }) => {
  expect(Buffer.from(deriveKey(hex(key), label, hex(context), length)).toString('hex')).toBe(derived)
})

test('another key, label, context or length gives another key', () => {
  const key = new Uint8Array(32)
  const context = new Uint8Array(16)
  const all = [
    deriveKey(key, 'label', context),
    deriveKey(new Uint8Array(32).fill(1), 'label', context),
    deriveKey(key, 'labels', context),
    deriveKey(key, 'label', new Uint8Array(17)),
    deriveKey(key, 'label', context, 33).subarray(0, 32),
  ]
  expect(new Set(all.map((each) => Buffer.from(each).toString('hex'))).size).toBe(all.length)
})

test('a label with a zero byte could pass for the context: refused', () => {
  expect(() => deriveKey(new Uint8Array(32), 'a\0b', new Uint8Array())).toThrow('zero byte')
})

test('an empty key and impossible lengths are refused', () => {
  expect(() => deriveKey(new Uint8Array(), 'a', new Uint8Array())).toThrow(RangeError)
  for (const length of [0, -1, 1.5, 8161, NaN]) {
    expect(() => deriveKey(new Uint8Array(32), 'a', new Uint8Array(), length)).toThrow(RangeError)
  }
  expect(deriveKey(new Uint8Array(32), 'a', new Uint8Array(), 8160)).toHaveLength(8160)
})
