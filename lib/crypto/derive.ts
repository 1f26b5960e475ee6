import { createHmac } from 'node:crypto'
import { concat, uint32, utf8 } from '#lib/crypto/bytes'

/**
 * Derives a key for one purpose from another key: the KDF in counter mode of NIST SP 800-108r1 §4.1 with HMAC-SHA-256, a
 * 32-bit counter before the fixed input `label ‖ 0x00 ‖ context ‖ length in bits` (docs/formats.md section 3).
 *
 * @param label  what the derived key is for; each purpose has its own
 * @param context  what it is bound to: an identifier, a nonce
 * @param length  bytes wanted
 * @throws RangeError for an empty key, a label with a zero byte (it would blur where the context begins), or a length
 *   that is not 1 to 8160
 */
export function deriveKey(key: Uint8Array, label: string, context: Uint8Array, length = 32): Uint8Array {
  if (key.length === 0) throw new RangeError('a key to derive from has at least one byte')
  if (label.includes('\0')) throw new RangeError('a label holds no zero byte')
  if (!Number.isInteger(length) || length < 1 || length > longest) throw new RangeError(`cannot derive ${length} bytes`)
  const fixedInput = concat(utf8(label), zero, context, uint32(length * 8))
  const blocks: Uint8Array[] = []
  for (let counter = 1; counter <= Math.ceil(length / blockLength); counter++) {
    blocks.push(createHmac('sha256', key).update(uint32(counter)).update(fixedInput).digest())
  }
  return concat(...blocks).subarray(0, length)
}

const blockLength = 32
const longest = 255 * blockLength
const zero = new Uint8Array(1)
