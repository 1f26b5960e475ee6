import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decryptBlob, encryptBlob, parseBlob } from '#lib/kms/ciphertext-blob'

type Vector = Readonly<{
  name: string
  keyMaterial: string
  keyMaterialId: string
  type: 'Encrypt' | 'GenerateDataKey'
  nonce: string
  pairs: [string, string][]
  plaintext: string
  blob: string
}>

const vectors = JSON.parse(readFileSync(new URL('testdata/ciphertext-blob.json', import.meta.url), 'utf8')) as Vector[]
const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))
const material = { id: 'b8'.repeat(32), bytes: hex('4e'.repeat(32)) }
const context = { 'aws:codecommit:repository-id': 'f7579e13-b83e-4027-aaef-650c0EXAMPLE' }

test.each(vectors)('the bytes are those of docs/formats.md, section 6: $name', (vector) => {
  const named = { id: vector.keyMaterialId, bytes: hex(vector.keyMaterial) }
  const pairs = Object.fromEntries(vector.pairs)
  const blob = encryptBlob(named, vector.type, hex(vector.plaintext), pairs, hex(vector.nonce))
  expect(Buffer.from(blob).toString('hex')).toBe(vector.blob)
  const parsed = parseBlob(blob)
  expect(parsed?.keyMaterialId).toBe(vector.keyMaterialId)
  expect(parsed && decryptBlob(parsed, named.bytes, pairs)).toEqual(hex(vector.plaintext))
})

test('an attacker flips any one bit of any field: the blob is refused, or names key material that does not exist', () => {
  const plaintext = hex('af4718c2a1af6bc0114755148c4e16ec62bf87c4730169550c672c29eacbbd03')
  const blob = encryptBlob(material, 'GenerateDataKey', plaintext, context)
  for (let bit = 0; bit < blob.length * 8; bit++) {
    const altered = blob.slice()
    altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    const parsed = parseBlob(altered)
    // Even where a look-up by the altered id would give the same material, the tag does not match.
    expect(parsed && decryptBlob(parsed, material.bytes, context), `bit ${bit}`).toBeNull()
  }
})

test('an attacker cuts the blob anywhere or appends to it: it is refused, and nothing beyond its end is read', () => {
  const blob = encryptBlob(material, 'Encrypt', hex('00'.repeat(20)), {})
  for (let length = 0; length < blob.length; length++) expect(parseBlob(blob.slice(0, length)), `${length} bytes`).toBeNull()
  expect(parseBlob(Buffer.concat([blob, Buffer.of(0)]))).toBeNull()
  expect(parseBlob(new Uint8Array(6144))).toBeNull()
})

test('an attacker moves context between key and value, leaves it out or renames it: each is another context', () => {
  const blob = encryptBlob(material, 'Encrypt', hex('00'), { a: 'bc' })
  const parsed = parseBlob(blob)
  if (!parsed) throw new Error('not a blob')
  for (const other of [{ ab: 'c' }, {}, { a: 'bc', b: '' }, { A: 'bc' }, { a: 'BC' }, { '': 'abc' }]) {
    expect(decryptBlob(parsed, material.bytes, other), JSON.stringify(other)).toBeNull()
  }
  expect(decryptBlob(parsed, material.bytes, { a: 'bc' })).toEqual(hex('00'))
})

test('whatever is encrypted, under whatever context in whatever order, comes back; two encryptions never look alike', () => {
  const contexts = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), { maxKeys: 5 })
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 4096 }), contexts, (plaintext, pairs) => {
      const blob = encryptBlob(material, 'Encrypt', plaintext, pairs)
      expect(blob.length).toBe(plaintext.length + 74)
      expect(encryptBlob(material, 'Encrypt', plaintext, pairs)).not.toEqual(blob)
      const parsed = parseBlob(blob)
      const reversed = Object.fromEntries(Object.entries(pairs).reverse())
      expect(parsed && decryptBlob(parsed, material.bytes, reversed)).toEqual(plaintext)
    }),
    { numRuns: 50 },
  )
})

test('base64 begins as AWS’s does: AQIC for Encrypt, AQID for GenerateDataKey', () => {
  expect(Buffer.from(encryptBlob(material, 'Encrypt', hex('00'), {})).toString('base64')).toMatch(/^AQIC/)
  expect(Buffer.from(encryptBlob(material, 'GenerateDataKey', hex('00'), {})).toString('base64')).toMatch(/^AQID/)
})
