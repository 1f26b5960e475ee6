import { availableParallelism } from 'node:os'
import { giveSlot, takeSlot } from '#lib/crypto/frame-slots'
import { openFrameAt, type FileJob } from '#lib/crypto/frame-workers'
import type { OpenFile } from '#lib/crypto/new-file'
import { wrongFrame } from '#lib/crypto/opening'
import type { Piece } from '#lib/crypto/written'

/** A message's file and its frames, to be read. */
export type ReadJob = Omit<FileJob, 'destination'>

/** The frames of a message in their order, some opened ahead of their reader on other threads. Takes the file over: `close` closes it. */
export class FramesAhead {
  readonly #source: OpenFile
  readonly #job: ReadJob
  readonly #ahead: Promise<Piece>[] = []
  #begun = 0

  constructor(source: OpenFile, job: ReadJob) {
    this.#source = source
    this.#job = job
  }

  /**
   * The next frame, verified; undefined after the final one. Its reader releases it.
   * @throws IntegrityError where it does not open; what the file system throws
   */
  async next(): Promise<Piece | undefined> {
    while (this.#ahead.length < framesAhead && this.#begun <= this.#job.regularFrames) {
      const frame = this.#open(this.#begun)
      // Who awaits it later sees its failure; until then it is not an unhandled one.
      frame.catch(() => undefined)
      this.#ahead.push(frame)
      this.#begun += 1
    }
    return this.#ahead.shift()
  }

  /** Closes the file, once no thread reads from it: its descriptor may mean another file by then. */
  async close(): Promise<void> {
    this.#begun = Number.POSITIVE_INFINITY
    for (const frame of await Promise.allSettled(this.#ahead)) if (frame.status === 'fulfilled') frame.value.release()
    await this.#source.close()
  }

  async #open(index: number): Promise<Piece> {
    const { regularFrames, finalLength, frames } = this.#job
    const slot = takeSlot(regularFrames === 0 ? finalLength : frames.frameLength)
    const length = await openFrameAt(this.#job, index, slot)
    return length === undefined ? wrongFrame(index + 1) : { bytes: slot.subarray(0, length), release: () => giveSlot(slot) }
  }
}

const framesAhead = 2 * Math.min(availableParallelism(), 8)
