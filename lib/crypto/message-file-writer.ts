import { availableParallelism } from 'node:os'
import { finalFrameOverhead, regularFrameOverhead, type Frames } from '#lib/crypto/message-frame'
import { giveSlot, takeSlot } from '#lib/crypto/frame-slots'
import { sealFrameAt } from '#lib/crypto/frame-workers'
import type { OpenFile } from '#lib/crypto/new-file'
import { beginMessage, type SealOptions } from '#lib/crypto/seal-message'

/**
 * Seals what is written to it, chunk by chunk, into a file that is open and empty: full frames on other threads, from memory that
 * is used again. Memory: two frames a core and one that fills. The file stays its opener's, and is not synced; `finish` or `close`
 * must have returned before it is closed.
 *
 * @throws as `sealBytes`
 */
export class MessageFileWriter {
  readonly #file: OpenFile
  readonly #header: Uint8Array
  readonly #frames: Frames
  /** Frames that threads are at work on. */
  readonly #sealing = new Set<Promise<void>>()
  /** The frame that fills, its bytes so far, and how many full ones came before it. */
  #slot: Uint8Array
  #filled = 0
  #full = 0
  #failure: Error | undefined
  #closed = false

  constructor(file: OpenFile, options: SealOptions) {
    const { header, frames } = beginMessage(options)
    this.#file = file
    this.#header = header
    this.#frames = frames
    this.#slot = takeSlot(frames.frameLength)
  }

  /** Takes a chunk, which may be used again once this returns; waits where threads or disk are slower. @throws what writing the file failed with */
  async write(chunk: Uint8Array): Promise<void> {
    const { frameLength } = this.#frames
    for (let offset = 0; offset < chunk.length; ) {
      // Only now is it known that the full frame is not the last.
      if (this.#filled === frameLength) await this.#sealFullFrame()
      const length = Math.min(frameLength - this.#filled, chunk.length - offset)
      this.#slot.set(chunk.subarray(offset, offset + length), this.#filled)
      this.#filled += length
      offset += length
    }
  }

  /**
   * Writes the last frame and the header.
   * @returns the bytes of the message
   * @throws what writing the file failed with
   */
  async finish(): Promise<number> {
    const { frameLength } = this.#frames
    const bodyOffset = this.#header.length
    if (this.#closed) throw new Error(afterClose)
    await this.#file.write(this.#header, 0, bodyOffset, 0)
    this.#seal(true)
    await this.close()
    if (this.#failure) throw this.#failure
    return bodyOffset + this.#full * (frameLength + regularFrameOverhead) + this.#filled + finalFrameOverhead
  }

  /** Waits for the threads, and lets them write no more: the descriptor may soon mean another file. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.all(this.#sealing)
  }

  async #sealFullFrame(): Promise<void> {
    while (this.#sealing.size >= framesAtOnce) await Promise.race(this.#sealing)
    if (this.#failure) throw this.#failure
    this.#seal(false)
    this.#slot = takeSlot(this.#frames.frameLength)
    this.#filled = 0
    this.#full += 1
  }

  #seal(final: boolean): void {
    if (this.#closed) throw new Error(afterClose)
    const slot = this.#slot
    const frame = { destination: this.#file.fd, bodyOffset: this.#header.length, frames: this.#frames, index: this.#full, final, content: slot.subarray(0, this.#filled) }
    const sealing: Promise<void> = sealFrameAt(frame)
      .catch((error: unknown) => {
        this.#failure ??= error as Error
      })
      .then(() => {
        this.#sealing.delete(sealing)
        giveSlot(slot)
      })
    this.#sealing.add(sealing)
  }
}

const afterClose = 'the message was closed before its end'
const framesAtOnce = 2 * Math.min(availableParallelism(), 8)
