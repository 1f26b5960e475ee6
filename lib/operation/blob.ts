import { z } from 'zod'

/**
 * A blob member: bytes inside, standard base64 with padding on the wire.
 *
 * Callers in the same process hand over a Uint8Array; the JSON protocol hands over the text. Text that is not base64 is a
 * SerializationException, as AWS answers.
 */
export function blob(bounds: { min?: number; max?: number; secret?: boolean } = {}) {
  const { min = 0, max = Infinity } = bounds
  return z
    .union([z.instanceof(Uint8Array), z.string()])
    .transform((value, context): Uint8Array => {
      const bytes = typeof value === 'string' ? decodeBase64(value) : value
      if (!bytes) {
        context.issues.push({ code: 'custom', message: 'not base64', params: { serialization: true }, input: undefined })
        return z.NEVER
      }
      if (bytes.length < min) {
        context.issues.push({ code: 'too_small', minimum: min, inclusive: true, origin: 'string', message: 'blob', input: undefined })
      }
      if (bytes.length > max) {
        context.issues.push({ code: 'too_big', maximum: max, inclusive: true, origin: 'string', message: 'blob', input: undefined })
      }
      return bytes
    })
}

/** The wire's text of a blob. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

/** The bytes of standard, padded base64; null for anything else. */
export function decodeBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? new Uint8Array(bytes) : null
}
