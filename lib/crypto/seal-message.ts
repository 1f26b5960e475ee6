import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto'
import { concat } from '#lib/crypto/bytes'
import { encodeEncryptionContext, type EncryptionContext } from '#lib/crypto/encryption-context'
import { runFrames } from '#lib/crypto/frame-workers'
import { divide, finalFrameOverhead, regularFrameOverhead, sealFrame, type Frames } from '#lib/crypto/message-frame'
import { headerTag, messageKeys, wrapDataKey } from '#lib/crypto/message-format'
import {
  dataKeyLength,
  defaultFrameLength,
  encodeMessageHeader,
  ivLength,
  maximumFrameLength,
  messageIdLength,
} from '#lib/crypto/message-header'
import { type OpenFile, readFrom } from '#lib/crypto/new-file'

export type SealOptions = Readonly<{
  /** 32 bytes: the plaintext of a KMS data key. The message's own data key is random and wrapped under it. */
  wrappingKey: Uint8Array
  /** Whose key names these are; a Raw AES keyring has the same. */
  keyNamespace: string
  /** Which wrapping key this is; stands in the header, in the clear. */
  keyName: string
  /** Authenticated with the message, and in its header in the clear. */
  encryptionContext: EncryptionContext
  /** Bytes of content in a frame, 1 MiB unless given. */
  frameLength?: number
}>

/**
 * The message of a plaintext that is in memory (docs/formats.md section 7).
 *
 * @throws Error for a context or name that has no encoding; RangeError for a key or frame length that cannot be used
 */
export function sealBytes(options: SealOptions, plaintext: Uint8Array): Uint8Array {
  const { header, frames } = beginMessage(options)
  const { frameLength } = frames
  const { regularFrames } = divide(plaintext.length, frameLength)
  const message = Buffer.allocUnsafeSlow(header.length + bodySize(plaintext.length, frameLength))
  message.set(header)
  let offset = header.length
  for (let index = 0; index <= regularFrames; index++) {
    const content = plaintext.subarray(index * frameLength, (index + 1) * frameLength)
    for (const part of sealFrame(createCipheriv, frames, index + 1, index === regularFrames, content)) {
      message.set(part, offset)
      offset += part.length
    }
  }
  return message
}

/**
 * Seals a file into another that is open and empty, on all cores. It stays its opener's, and is not synced.
 *
 * @returns the bytes read and written
 * @throws what `sealBytes` and the file system throw; Error when the source gets shorter meanwhile
 */
export async function sealMessageFile(
  sourcePath: string,
  destination: OpenFile,
  options: SealOptions,
): Promise<{ plaintextBytes: number; bytes: number }> {
  const { header, frames } = beginMessage(options)
  return readFrom(sourcePath, async (source) => {
    const { size } = await source.stat()
    const division = divide(size, frames.frameLength)
    await destination.write(header, 0, header.length, 0)
    await runFrames('seal', { source: source.fd, destination: destination.fd, bodyOffset: header.length, frames, ...division })
    return { plaintextBytes: size, bytes: header.length + bodySize(size, frames.frameLength) }
  })
}

/** Bytes of the message that a plaintext of this length becomes. */
export function sealedSize(plaintextLength: number, options: Omit<SealOptions, 'wrappingKey'>): number {
  const { header, frames } = beginMessage({ ...options, wrappingKey: new Uint8Array(32) })
  return header.length + bodySize(plaintextLength, frames.frameLength)
}

function bodySize(plaintextLength: number, frameLength: number): number {
  return plaintextLength + divide(plaintextLength, frameLength).regularFrames * regularFrameOverhead + finalFrameOverhead
}

/** Draws a message's data key and id, and makes its header. @throws as `sealBytes` */
export function beginMessage(options: SealOptions): { header: Uint8Array; frames: Frames } {
  const { wrappingKey, keyNamespace, keyName, encryptionContext, frameLength = defaultFrameLength } = options
  if (wrappingKey.length !== 32) throw new RangeError('a wrapping key has 32 bytes')
  if (!Number.isInteger(frameLength) || frameLength < 1 || frameLength > maximumFrameLength) {
    throw new RangeError(`frame length ${frameLength} is out of range`)
  }
  const encodedContext = encodeEncryptionContext(encryptionContext)
  const random = randomBytes(messageIdLength + dataKeyLength + ivLength)
  const messageId = random.subarray(0, messageIdLength)
  const dataKey = random.subarray(messageIdLength, messageIdLength + dataKeyLength)
  const wrapIv = random.subarray(messageIdLength + dataKeyLength)
  const wrappedDataKey = wrapDataKey(wrappingKey, wrapIv, dataKey, encodedContext)
  const { frameKey, commitment } = messageKeys(dataKey, messageId)
  dataKey.fill(0)
  const fields = { messageId, encodedContext, keyNamespace, keyName, wrapIv, wrappedDataKey, frameLength, commitment }
  const authenticated = encodeMessageHeader(fields)
  const header = concat(authenticated, headerTag(frameKey, authenticated))
  const frames = { frameKey: createSecretKey(frameKey), messageId, frameLength }
  frameKey.fill(0)
  return { header, frames }
}
