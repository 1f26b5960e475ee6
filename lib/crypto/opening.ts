import { createSecretKey } from 'node:crypto'
import { encodeEncryptionContext, type EncryptionContext } from '#lib/crypto/encryption-context'
import { IntegrityError } from '#lib/crypto/integrity-error'
import { verifyHeader } from '#lib/crypto/message-format'
import type { Frames } from '#lib/crypto/message-frame'
import type { MessageHeader } from '#lib/crypto/message-header'

/** What every way of opening a message needs. */
export type OpenOptions = Readonly<{
  /**
   * 32 bytes: the wrapping key of this message, or a look-up by the key name in its header. The name is not authentic
   * before the key has verified it: look it up among the keys that may be used here. A look-up that knows no such key
   * gives undefined.
   */
  wrappingKey: Uint8Array | ((keyName: string) => Uint8Array | undefined)
  /** Must be the header's context exactly: every pair, and no other. */
  encryptionContext: EncryptionContext
}>

/** Finds the wrapping key and verifies the header with it; gives what opens the frames. @throws IntegrityError */
export function beginOpening(header: MessageHeader, { wrappingKey, encryptionContext }: OpenOptions): Frames {
  const key = typeof wrappingKey === 'function' ? wrappingKey(header.keyName) : wrappingKey
  if (key === undefined) throw new IntegrityError('message is sealed under a wrapping key that is not known here')
  if (key.length !== 32) throw new RangeError('a wrapping key has 32 bytes')
  const frameKey = verifyHeader(header, key, encodeEncryptionContext(encryptionContext))
  const frames = { frameKey: createSecretKey(frameKey), messageId: header.messageId, frameLength: header.frameLength }
  frameKey.fill(0)
  return frames
}

/** @throws IntegrityError, always */
export function wrongFrame(sequenceNumber: number): never {
  throw new IntegrityError(`frame ${sequenceNumber} of a message is not the one that was sealed there`)
}
