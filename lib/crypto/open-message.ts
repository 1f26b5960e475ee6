import { createDecipheriv } from 'node:crypto'
import { Transform, type TransformCallback } from 'node:stream'
import { IntegrityError } from '#lib/crypto/integrity-error'
import {
  divisionOfBody,
  finalFrameOverhead,
  openFrame,
  regularFrameOverhead,
  type Frames,
} from '#lib/crypto/message-frame'
import { parseMessageHeader, readMessageHeader, type MessageHeader } from '#lib/crypto/message-header'
import { beginOpening, wrongFrame, type OpenOptions } from '#lib/crypto/opening'

export { openMessageFile, readMessageFile, type ReadMessage } from '#lib/crypto/open-message-file'
export { readMessageHeader, type MessageHeader, type OpenOptions }

/**
 * The plaintext of a message that is in memory.
 *
 * @throws IntegrityError when the message was altered, cut or lengthened, or key or context are not those it was sealed with
 */
export function openBytes(options: OpenOptions, message: Uint8Array): Uint8Array {
  const header = readMessageHeader(message)
  const frames = beginOpening(header, options)
  const body = message.subarray(header.headerLength)
  const division = divisionOfBody(body.length, frames.frameLength)
  if (division === undefined) throw new IntegrityError('message ends within a frame')
  const { regularFrames } = division
  const regularLength = frames.frameLength + regularFrameOverhead
  const plaintext = Buffer.allocUnsafeSlow(regularFrames * frames.frameLength + division.finalLength)
  for (let index = 0; index <= regularFrames; index++) {
    const final = index === regularFrames
    const frame = body.subarray(index * regularLength, final ? undefined : (index + 1) * regularLength)
    const content = openFrame(createDecipheriv, frames, index + 1, final, frame) ?? wrongFrame(index + 1)
    plaintext.set(content, index * frames.frameLength)
  }
  return plaintext
}

/**
 * Opens the message that is written to it: message in, plaintext out, one frame in memory. A frame is released only after
 * its tag is verified; whoever uses the plaintext before the end must be able to take it back, for the end may be missing.
 *
 * The stream fails with IntegrityError as `openBytes` throws it.
 */
export function openMessage(options: OpenOptions): Transform {
  return new OpenMessage(options)
}

class OpenMessage extends Transform {
  readonly #options: OpenOptions
  #frames: Frames | undefined
  /** What has arrived of the header, or of the frame that comes next. Grows to a frame's size. */
  #pending = Buffer.alloc(4096)
  #filled = 0
  #sequenceNumber = 1
  #ended = false

  constructor(options: OpenOptions) {
    super()
    this.#options = options
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      this.#take(chunk)
    } catch (error) {
      done(error as Error)
      return
    }
    done()
  }

  override _flush(done: TransformCallback): void {
    done(this.#ended ? null : new IntegrityError('message ends before its final frame'))
  }

  #take(chunk: Buffer): void {
    let rest = this.#frames === undefined ? this.#takeHeader(chunk) : chunk
    while (rest.length > 0 && this.#frames !== undefined) {
      if (this.#ended) throw new IntegrityError('bytes follow the final frame of a message')
      const needed = this.#frameSize(this.#frames)
      const length = Math.min(needed - this.#filled, rest.length)
      this.#append(rest.subarray(0, length))
      rest = rest.subarray(length)
      if (this.#filled === this.#frameSize(this.#frames)) this.#releaseFrame(this.#frames)
    }
  }

  /** Adds to the header; gives what of the chunk comes after it. */
  #takeHeader(chunk: Buffer): Buffer {
    this.#append(chunk)
    const arrived = this.#pending.subarray(0, this.#filled)
    const header = parseMessageHeader(arrived)
    if (header === undefined) return Buffer.alloc(0)
    this.#frames = beginOpening(header, this.#options)
    this.#filled = 0
    return chunk.subarray(chunk.length - (arrived.length - header.headerLength))
  }

  /** Bytes of the frame that is arriving, as far as can be told: its mark first, then its header, then all of it. */
  #frameSize({ frameLength }: Frames): number {
    if (this.#filled < 4) return 4
    if (this.#pending.readUInt32BE(0) !== endMark) return frameLength + regularFrameOverhead
    if (this.#filled < finalHeaderLength) return finalHeaderLength
    const contentLength = this.#pending.readUInt32BE(finalHeaderLength - 4)
    if (contentLength > frameLength) throw new IntegrityError('final frame of a message is longer than a frame')
    return contentLength + finalFrameOverhead
  }

  #releaseFrame(frames: Frames): void {
    const final = this.#pending.readUInt32BE(0) === endMark
    const frame = this.#pending.subarray(0, this.#filled)
    const plaintext = openFrame(createDecipheriv, frames, this.#sequenceNumber, final, frame)
    this.push(plaintext ?? wrongFrame(this.#sequenceNumber))
    this.#ended = final
    this.#sequenceNumber += 1
    this.#filled = 0
  }

  #append(bytes: Buffer): void {
    const length = this.#filled + bytes.length
    if (length > this.#pending.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, Math.min(this.#pending.length * 4, this.#largest())))
      this.#pending.copy(larger, 0, 0, this.#filled)
      this.#pending = larger
    }
    bytes.copy(this.#pending, this.#filled)
    this.#filled = length
  }

  #largest(): number {
    return (this.#frames?.frameLength ?? 0) + finalFrameOverhead
  }
}

const endMark = 0xffffffff
const finalHeaderLength = finalFrameOverhead - 16
