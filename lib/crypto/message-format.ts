import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { concat, equal, utf8 } from '#lib/crypto/bytes'
import { IntegrityError } from '#lib/crypto/integrity-error'
import { commitmentLength, dataKeyLength, ivLength, tagLength, type MessageHeader } from '#lib/crypto/message-header'

/**
 * The key of a message's frames, and the commitment to its data key, both from the data key with the message id as salt.
 *
 * Source: AWS Encryption SDK specification, framework/algorithm-suites.md, "Algorithm Suites Encryption Key Derivation
 * Settings" and "Commit Key Derivation Settings".
 */
export function messageKeys(dataKey: Uint8Array, messageId: Uint8Array): { frameKey: Uint8Array; commitment: Uint8Array } {
  const derive = (info: Uint8Array, length: number): Uint8Array =>
    new Uint8Array(hkdfSync('sha512', dataKey, messageId, info, length))
  return { frameKey: derive(frameKeyInfo, 32), commitment: derive(commitmentInfo, commitmentLength) }
}

/** Wraps a message's data key as a Raw AES keyring does; the tag is at the end. */
export function wrapDataKey(wrappingKey: Uint8Array, iv: Uint8Array, dataKey: Uint8Array, encodedContext: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', wrappingKey, iv)
  cipher.setAAD(encodedContext)
  const encrypted = cipher.update(dataKey)
  cipher.final()
  return concat(encrypted, cipher.getAuthTag())
}

/** The tag over a header: GCM with a zero IV, which no frame uses, and nothing to encrypt. */
export function headerTag(frameKey: Uint8Array, authenticated: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', frameKey, zeroIv)
  cipher.setAAD(authenticated)
  cipher.final()
  return cipher.getAuthTag()
}

/**
 * Verifies a header and gives the key of its frames: the context is the expected one, the wrapping key opens the data key,
 * the data key is the one committed to, the header's tag is right.
 *
 * @throws IntegrityError when any of these fails
 */
export function verifyHeader(header: MessageHeader, wrappingKey: Uint8Array, expectedContext: Uint8Array): Uint8Array {
  if (!equal(header.encodedContext, expectedContext)) {
    throw new IntegrityError('message was sealed with another encryption context')
  }
  const decipher = createDecipheriv('aes-256-gcm', wrappingKey, header.wrapIv, { authTagLength: tagLength })
  decipher.setAAD(expectedContext)
  decipher.setAuthTag(header.wrappedDataKey.subarray(dataKeyLength))
  const dataKey = decipher.update(header.wrappedDataKey.subarray(0, dataKeyLength))
  try {
    decipher.final()
  } catch (cause) {
    throw new IntegrityError('wrapping key does not open the data key of a message', { cause })
  }
  const { frameKey, commitment } = messageKeys(dataKey, header.messageId)
  dataKey.fill(0)
  if (!equal(commitment, header.commitment)) throw new IntegrityError('message does not commit to its data key')
  if (!equal(headerTag(frameKey, header.authenticated), header.tag)) {
    throw new IntegrityError('the tag of a message header does not match')
  }
  return frameKey
}

const zeroIv = new Uint8Array(ivLength)
const frameKeyInfo = concat(new Uint8Array([0x04, 0x78]), utf8('DERIVEKEY'))
const commitmentInfo = utf8('COMMITKEY')
