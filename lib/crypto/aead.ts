import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { concat } from '#lib/crypto/bytes'
import { IntegrityError } from '#lib/crypto/integrity-error'

const nonceLength = 12
const tagLength = 16

/** Bytes that `seal` adds to its plaintext. */
export const sealOverhead = nonceLength + tagLength

/**
 * Encrypts and authenticates with AES-256-GCM under a random nonce (NIST SP 800-38D; layout: docs/formats.md section 2).
 * The same associated data must be given to `open`. One key seals at most 2^32 times.
 *
 * @throws RangeError when the key has not 32 bytes
 */
export function seal(key: Uint8Array, plaintext: Uint8Array, associatedData: Uint8Array): Uint8Array {
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
  cipher.setAAD(associatedData)
  const ciphertext = cipher.update(plaintext)
  cipher.final()
  return concat(nonce, ciphertext, cipher.getAuthTag())
}

/**
 * The plaintext of what `seal` made.
 *
 * @throws IntegrityError when it was altered or cut, or key or associated data are not those it was sealed with
 * @throws RangeError when the key has not 32 bytes
 */
export function open(key: Uint8Array, sealed: Uint8Array, associatedData: Uint8Array): Uint8Array {
  if (sealed.length < sealOverhead) throw new IntegrityError('sealed bytes are shorter than nonce and tag')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceLength), { authTagLength: tagLength })
  decipher.setAAD(associatedData)
  decipher.setAuthTag(sealed.subarray(sealed.length - tagLength))
  const plaintext = decipher.update(sealed.subarray(nonceLength, sealed.length - tagLength))
  try {
    decipher.final()
  } catch (cause) {
    throw new IntegrityError('the tag of sealed bytes does not match', { cause })
  }
  return plaintext
}
