import { expect, test } from 'vitest'
import { concat, equal, uint16, uint32, utf8 } from '#lib/crypto/bytes'

test('concat gives new memory, in order', () => {
  const part = new Uint8Array([1, 2])
  const whole = concat(part, new Uint8Array(), new Uint8Array([3]))
  part[0] = 9
  expect([...whole]).toEqual([1, 2, 3])
  expect(concat()).toHaveLength(0)
})

test('equal compares content, and answers for any lengths', () => {
  expect(equal(new Uint8Array([1, 2]), Buffer.from([1, 2]))).toBe(true)
  expect(equal(new Uint8Array([1, 2]), new Uint8Array([1, 3]))).toBe(false)
  expect(equal(new Uint8Array([1, 2]), new Uint8Array([1, 2, 0]))).toBe(false)
  expect(equal(new Uint8Array(), new Uint8Array())).toBe(true)
})

test('numbers are big-endian and must fit', () => {
  expect([...uint16(0x0102)]).toEqual([1, 2])
  expect([...uint32(0x01020304)]).toEqual([1, 2, 3, 4])
  expect(() => uint16(0x10000)).toThrow(RangeError)
  expect(() => uint32(-1)).toThrow(RangeError)
})

test('a lone surrogate has no UTF-8, a pair has', () => {
  expect(() => utf8('a\ud800')).toThrow('surrogate')
  expect(() => utf8('\udc00b')).toThrow('surrogate')
  expect([...utf8('\u{10000}')]).toEqual([0xf0, 0x90, 0x80, 0x80])
})
