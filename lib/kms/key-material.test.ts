import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { keyMaterialId, unwrapKeyMaterial, wrapKeyMaterial } from '#lib/kms/key-material'

type Vector = Readonly<{
  rootKey: string
  keyArn: string
  rotation: number
  keyMaterial: string
  keyMaterialId: string
  wrapped: string
}>

const vectors = JSON.parse(readFileSync(new URL('testdata/wrapped-key-material.json', import.meta.url), 'utf8')) as Vector[]
const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))
const root = hex('0d'.repeat(32))
const place = { keyArn: 'arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab', rotation: 3 }
const bytes = hex('4e'.repeat(32))
const id = keyMaterialId(bytes, place.keyArn)

test.each(vectors)('unwraps what docs/formats.md, section 5, describes: rotation $rotation', (vector) => {
  const where = { keyArn: vector.keyArn, rotation: vector.rotation }
  expect(keyMaterialId(hex(vector.keyMaterial), vector.keyArn)).toBe(vector.keyMaterialId)
  expect(unwrapKeyMaterial(hex(vector.rootKey), vector.keyMaterialId, hex(vector.wrapped), where)).toEqual(
    Buffer.from(vector.keyMaterial, 'hex'),
  )
})

test('an attacker who can write the database moves a row to another key, rotation or id: it does not unwrap', () => {
  const wrapped = wrapKeyMaterial(root, { id, bytes }, place)
  expect(Buffer.from(unwrapKeyMaterial(root, id, wrapped, place))).toEqual(Buffer.from(bytes))
  const otherId = keyMaterialId(hex('4f'.repeat(32)), place.keyArn)
  expect(() => unwrapKeyMaterial(root, otherId, wrapped, place)).toThrow('does not match')
  expect(() => unwrapKeyMaterial(root, id, wrapped, { ...place, rotation: 4 })).toThrow('does not match')
  expect(() => unwrapKeyMaterial(root, id, wrapped, { ...place, keyArn: place.keyArn.replace('us-east-2', 'us-east-1') })).toThrow('does not match')
})

test('an attacker who can write the database flips any one bit: it does not unwrap', () => {
  const wrapped = wrapKeyMaterial(root, { id, bytes }, place)
  for (let bit = 0; bit < wrapped.length * 8; bit++) {
    const altered = wrapped.slice()
    altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(() => unwrapKeyMaterial(root, id, altered, place), `bit ${bit}`).toThrow()
  }
  expect(() => unwrapKeyMaterial(root, id, wrapped.slice(1), place)).toThrow('unknown form')
})

test('another root key says so, where a failed tag could only say damaged', () => {
  const wrapped = wrapKeyMaterial(root, { id, bytes }, place)
  expect(() => unwrapKeyMaterial(hex('0e'.repeat(32)), id, wrapped, place)).toThrow('the root key is not the one that wrapped this key material')
})
