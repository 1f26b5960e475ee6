import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeEncryptionContext, encodeEncryptionContext } from '#lib/crypto/encryption-context'
import vectors from './testdata/encryption-context.json'

const contextOf = (pairs: readonly (readonly string[])[]): Record<string, string> =>
  Object.fromEntries(pairs.map(([key = '', value = '']) => [key, value]))

test.each(vectors)('agrees with another implementation: $name', ({ pairs, encoded }) => {
  expect(Buffer.from(encodeEncryptionContext(contextOf(pairs))).toString('hex')).toBe(encoded)
})

test('an attacker re-cuts a context: {"ab":"c"} for {"a":"bc"}, {"tenant":"alice"} for {"tenan":"talice"}', () => {
  expect(encodeEncryptionContext({ ab: 'c' })).not.toEqual(encodeEncryptionContext({ a: 'bc' }))
  expect(encodeEncryptionContext({ tenant: 'alice' })).not.toEqual(encodeEncryptionContext({ tenan: 'talice' }))
  expect(encodeEncryptionContext({ a: 'b', c: 'd' })).not.toEqual(encodeEncryptionContext({ a: 'bcd' }))
})

test('two contexts have the same bytes only when they are the same; order has no meaning', () => {
  // A small alphabet, so that pairs that only framing tells apart come up often.
  const context = fc.dictionary(fc.string({ unit: fc.constantFrom('a', 'b', '\0', 'ü'), maxLength: 3 }), fc.string({ unit: fc.constantFrom('a', 'b', '\0'), maxLength: 3 }), { maxKeys: 3 })
  fc.assert(
    fc.property(context, context, (one, other) => {
      const sameContext = JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort())
      expect(Buffer.compare(encodeEncryptionContext(one), encodeEncryptionContext(other)) === 0).toBe(sameContext)
      const reversed = Object.fromEntries(Object.entries(one).reverse())
      expect(encodeEncryptionContext(reversed)).toEqual(encodeEncryptionContext(one))
    }),
    { numRuns: 2000 },
  )
})

test('no context is no bytes', () => {
  expect(encodeEncryptionContext({})).toHaveLength(0)
})

test('decoding gives the context back, and refuses every other bytes', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })), (context) => {
      expect(Object.entries(decodeEncryptionContext(encodeEncryptionContext(context)) ?? {}).sort()).toEqual(Object.entries(context).sort())
    }),
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      const context = decodeEncryptionContext(bytes)
      if (context) expect(Buffer.compare(encodeEncryptionContext(context), bytes)).toBe(0)
    }),
    { numRuns: 2000 },
  )
  for (const malformed of ['00', '0000', '0001', '00010001', '0002000161000100000161000100', '00010001610001', '0001000161000162ff', '00010001ff0000']) {
    expect(decodeEncryptionContext(Buffer.from(malformed, 'hex'))).toBeUndefined()
  }
})

test('a lone surrogate, which encoders would turn into another text, is refused', () => {
  expect(() => encodeEncryptionContext({ a: '\ud800' })).toThrow('surrogate')
  expect(() => encodeEncryptionContext({ '\udfff': 'a' })).toThrow('surrogate')
})

test('what does not fit its length is refused', () => {
  expect(() => encodeEncryptionContext({ a: 'x'.repeat(65_536) })).toThrow('longer than 65535')
  expect(() => encodeEncryptionContext({ ['x'.repeat(65_536)]: 'a' })).toThrow('longer than 65535')
  expect(() => encodeEncryptionContext({ a: 'x'.repeat(65_530) })).toThrow('longer than 65535')
  const many = Object.fromEntries(Array.from({ length: 65_536 }, (_, index) => [`${index}`, '']))
  expect(() => encodeEncryptionContext(many)).toThrow('more than 65535 pairs')
  expect(encodeEncryptionContext({ a: 'x'.repeat(65_528) })).toHaveLength(65_535)
})
