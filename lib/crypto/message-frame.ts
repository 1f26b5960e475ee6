import type { createCipheriv, createDecipheriv, KeyObject } from 'node:crypto'

/** What all frames of a message share. */
export type Frames = Readonly<{
  frameKey: KeyObject
  messageId: Uint8Array
  /** Bytes of content in every frame but the last. */
  frameLength: number
}>

/**
 * Seals one frame; gives its three parts, to be written one after another (docs/formats.md section 7, Body).
 *
 * Like its inverse it refers to nothing outside itself, because worker threads are given its text (frame-workers.ts).
 *
 * @param sequenceNumber  from 1; no number twice under one key, since it is the IV
 */
export function sealFrame(
  create: typeof createCipheriv,
  { frameKey, messageId }: Frames,
  sequenceNumber: number,
  final: boolean,
  content: Uint8Array,
): [header: Uint8Array, ciphertext: Uint8Array, tag: Uint8Array] {
  const header = Buffer.alloc(final ? 24 : 16)
  header.writeUInt32BE(final ? 0xffffffff : sequenceNumber, 0)
  header.writeUInt32BE(sequenceNumber, header.length - (final ? 8 : 4))
  if (final) {
    header.writeUInt32BE(sequenceNumber, 4)
    header.writeUInt32BE(content.length, 20)
  }
  const kind = Buffer.from(final ? 'AWSKMSEncryptionClient Final Frame' : 'AWSKMSEncryptionClient Frame')
  const numbers = Buffer.alloc(12)
  numbers.writeUInt32BE(sequenceNumber, 0)
  numbers.writeUInt32BE(content.length, 8)
  const iv = Buffer.alloc(12)
  iv.writeUInt32BE(sequenceNumber, 8)
  const cipher = create('aes-256-gcm', frameKey, iv, { authTagLength: 16 })
  cipher.setAAD(Buffer.concat([messageId, kind, numbers]))
  const ciphertext = cipher.update(content)
  cipher.final()
  return [header, ciphertext, cipher.getAuthTag()]
}

/**
 * Opens one frame: exactly its bytes, header and tag included. Undefined when it is not the frame that was sealed at this
 * place of this message; then nothing of the plaintext is given.
 *
 * @param into  where its plaintext is to be, and what is given is a part of; without it memory of its own
 */
export function openFrame(
  create: typeof createDecipheriv,
  { frameKey, messageId }: Frames,
  sequenceNumber: number,
  final: boolean,
  frame: Uint8Array,
  into?: Uint8Array,
): Uint8Array | undefined {
  const headerLength = final ? 24 : 16
  const contentLength = frame.length - headerLength - 16
  if (contentLength < 0) return undefined
  const header = Buffer.alloc(headerLength)
  header.writeUInt32BE(final ? 0xffffffff : sequenceNumber, 0)
  header.writeUInt32BE(sequenceNumber, headerLength - (final ? 8 : 4))
  if (final) {
    header.writeUInt32BE(sequenceNumber, 4)
    header.writeUInt32BE(contentLength, 20)
  }
  if (header.compare(frame, 0, headerLength) !== 0) return undefined
  const kind = Buffer.from(final ? 'AWSKMSEncryptionClient Final Frame' : 'AWSKMSEncryptionClient Frame')
  const numbers = Buffer.alloc(12)
  numbers.writeUInt32BE(sequenceNumber, 0)
  numbers.writeUInt32BE(contentLength, 8)
  const iv = Buffer.alloc(12)
  iv.writeUInt32BE(sequenceNumber, 8)
  const decipher = create('aes-256-gcm', frameKey, iv, { authTagLength: 16 })
  decipher.setAAD(Buffer.concat([messageId, kind, numbers]))
  decipher.setAuthTag(frame.subarray(frame.length - 16))
  const ciphertext = frame.subarray(headerLength, frame.length - 16)
  if (into !== undefined) {
    // Piece by piece: what OpenSSL returns is still in the processor's cache when it is copied.
    for (let at = 0; at < contentLength; at += 65536) into.set(decipher.update(ciphertext.subarray(at, at + 65536)), at)
  }
  const plaintext = into?.subarray(0, contentLength) ?? decipher.update(ciphertext)
  try {
    decipher.final()
  } catch {
    plaintext.fill(0)
    return undefined
  }
  return plaintext
}

/** Bytes that a regular frame adds to its content: number, IV, tag. */
export const regularFrameOverhead = 4 + 12 + 16
/** Bytes that the final frame adds to its content: mark, number, IV, length, tag. */
export const finalFrameOverhead = 4 + 4 + 12 + 4 + 16

/** How many frames come before the final one, and what that holds. */
export type Division = Readonly<{ regularFrames: number; finalLength: number }>

/**
 * How we divide a plaintext: the final frame is empty only when all is.
 * @throws RangeError when it needs more frames than a sequence number counts
 */
export function divide(plaintextLength: number, frameLength: number): Division {
  const regularFrames = Math.max(Math.ceil(plaintextLength / frameLength) - 1, 0)
  if (regularFrames > 0xffffffff - 2) throw new RangeError('plaintext has too many frames for one message')
  return { regularFrames, finalLength: plaintextLength - regularFrames * frameLength }
}

/** The division of a body of this many bytes, ours or another writer's; undefined when no body is this long. */
export function divisionOfBody(bodyLength: number, frameLength: number): Division | undefined {
  const regularLength = frameLength + regularFrameOverhead
  const regularFrames = Math.floor((bodyLength - finalFrameOverhead) / regularLength)
  const finalLength = bodyLength - finalFrameOverhead - regularFrames * regularLength
  if (regularFrames < 0 || regularFrames > 0xffffffff - 2 || finalLength > frameLength) return undefined
  return { regularFrames, finalLength }
}
