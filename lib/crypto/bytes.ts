import { timingSafeEqual } from 'node:crypto'

/** The parts one after another, in new memory. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const whole = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

/**
 * Whether two byte strings are the same, in a time that depends on their lengths alone. Lengths are not secret: where they
 * differ the answer is false at once.
 */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

/** The number as 2 bytes, big-endian. @throws RangeError unless it is a whole number that fits. */
export function uint16(value: number): Uint8Array {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

/** The number as 4 bytes, big-endian. @throws RangeError unless it is a whole number that fits. */
export function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/**
 * The UTF-8 of a text.
 * @throws Error for a lone surrogate: encoders write U+FFFD for it, and two different texts would become the same bytes.
 */
export function utf8(text: string): Uint8Array {
  if (/\p{Surrogate}/u.test(text)) throw new Error('text with a lone surrogate has no UTF-8')
  return Buffer.from(text, 'utf8')
}
