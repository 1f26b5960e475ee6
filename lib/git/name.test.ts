import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareNames, decodeName, encodeName, nameAsArgument } from '#lib/git/name'

test('every name comes back to its bytes, whatever they are, and is well-formed text on the way', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const name = decodeName(bytes)
      expect(encodeName(name).equals(Buffer.from(bytes))).toBe(true)
      expect(name.isWellFormed()).toBe(true)
      expect(decodeURIComponent(encodeURIComponent(name))).toBe(name)
    }),
    { numRuns: 2000 },
  )
})

test('two different names never become the same text', () => {
  // The private-use character that stands for byte 0xff, written by someone in real UTF-8.
  const real = Buffer.from('\uF7FF')
  const escaped = Buffer.from([0xff])
  expect(decodeName(real)).not.toBe(decodeName(escaped))
  expect(encodeName(decodeName(real)).equals(real)).toBe(true)
})

test('ordinary names are what they look like, U+FFFD included', () => {
  for (const name of ['README.md', 'Größe', '日本語', '🎉', 'a\uFFFDb', '']) {
    expect(decodeName(Buffer.from(name))).toBe(name)
    expect(nameAsArgument(name)).toBe(name)
  }
  expect(nameAsArgument(decodeName(Buffer.from([0x61, 0xe9])))).toBeNull()
})

test('names are ordered by their bytes: U+1F389 after U+FF5E, which UTF-16 would turn round', () => {
  expect(compareNames('\u{1F389}', '\uFF5E')).toBe(1)
  expect(['\uFF5E', '\u{1F389}'].sort()[0]).toBe('\u{1F389}')
})
