import { open } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { Readable } from 'node:stream'
import { openFrameAt, runFrames, type FileJob } from '#lib/crypto/frame-workers'
import { IntegrityError } from '#lib/crypto/integrity-error'
import { divisionOfBody } from '#lib/crypto/message-frame'
import { parseMessageHeader, type MessageHeader } from '#lib/crypto/message-header'
import { readFrom, writeNewFile, type OpenFile } from '#lib/crypto/new-file'
import { beginOpening, wrongFrame, type OpenOptions } from '#lib/crypto/opening'

/**
 * Opens a message file into a plaintext file, on all cores and without blocking this thread: frames are independent, so
 * worker threads read, open and write one each at a time. The destination is made anew (mode 0600) and is gone again when
 * this fails: all of the message or nothing.
 *
 * @returns the bytes of plaintext
 * @throws IntegrityError as `openBytes`; what the file system throws
 */
export async function openMessageFile(
  sourcePath: string,
  destinationPath: string,
  options: OpenOptions,
): Promise<{ bytes: number }> {
  return readFrom(sourcePath, async (source) => {
    const job = await beginFile(source, options)
    await writeNewFile(destinationPath, async (destination) => {
      const wrong = await runFrames('open', { ...job, destination: destination.fd })
      if (wrong !== undefined) wrongFrame(wrong)
    })
    return { bytes: plaintextLength(job) }
  })
}

/**
 * The plaintext of a message file as a stream, its frames opened ahead on other threads: this thread, which may have TLS to
 * do, gets them ready-made. As with `openMessage` each frame is released only after its tag is verified, and the end may
 * turn out to be wrong. Memory: two frames a core.
 *
 * @returns once the header is verified: the stream, and how many bytes it will give
 * @throws IntegrityError as `openBytes` for a wrong header; the stream fails with it for a wrong frame
 */
export async function readMessageFile(
  sourcePath: string,
  options: OpenOptions,
): Promise<{ plaintext: Readable; bytes: number }> {
  const source = await open(sourcePath, 'r')
  try {
    const job = await beginFile(source, options)
    return { plaintext: new MessageFileReader(source, job), bytes: plaintextLength(job) }
  } catch (error) {
    await source.close()
    throw error
  }
}

type ReadJob = Omit<FileJob, 'destination'>

/** Verifies the header of a message file and finds its frames. */
async function beginFile(source: OpenFile, options: OpenOptions): Promise<ReadJob> {
  const { size } = await source.stat()
  const header = await readHeaderOfFile(source)
  const frames = beginOpening(header, options)
  const bodyOffset = header.headerLength
  const division = divisionOfBody(size - bodyOffset, frames.frameLength)
  if (division === undefined) throw new IntegrityError('message ends within a frame')
  return { source: source.fd, bodyOffset, frames, ...division }
}

function plaintextLength({ regularFrames, frames, finalLength }: ReadJob): number {
  return regularFrames * frames.frameLength + finalLength
}

async function readHeaderOfFile(source: OpenFile): Promise<MessageHeader> {
  let bytes = Buffer.alloc(4096)
  for (;;) {
    const { bytesRead } = await source.read(bytes, 0, bytes.length, 0)
    const header = parseMessageHeader(bytes.subarray(0, bytesRead))
    if (header !== undefined) return header
    if (bytesRead < bytes.length) throw new IntegrityError('message ends within its header')
    bytes = Buffer.alloc(bytes.length * 4)
  }
}

class MessageFileReader extends Readable {
  readonly #source: OpenFile
  readonly #job: ReadJob
  /** Frames being opened, in their order. */
  readonly #ahead: Promise<Uint8Array | undefined>[] = []
  /** Index of the next frame to begin, and of the next to release. */
  #next = 0
  #released = 0

  constructor(source: OpenFile, job: ReadJob) {
    super({ highWaterMark: job.frames.frameLength })
    this.#source = source
    this.#job = job
  }

  override _read(): void {
    while (this.#ahead.length < framesAhead && this.#next <= this.#job.regularFrames) {
      const frame = openFrameAt(this.#job, this.#next)
      // Who awaits it later sees its failure; until then it is not an unhandled one.
      frame.catch(() => undefined)
      this.#ahead.push(frame)
      this.#next += 1
    }
    this.#release().catch((error: unknown) => this.destroy(error as Error))
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // A thread must not read from a descriptor that already means another file.
    const closed = Promise.allSettled(this.#ahead).then(async () => this.#source.close())
    void closed.then(
      () => done(error),
      (failure: unknown) => done(error ?? (failure as Error)),
    )
  }

  async #release(): Promise<void> {
    const plaintext = await this.#ahead[0]
    void this.#ahead.shift()
    this.#released += 1
    if (this.destroyed) return
    this.push(plaintext ?? wrongFrame(this.#released))
    if (this.#released > this.#job.regularFrames) this.push(null)
  }
}

const framesAhead = 2 * Math.min(availableParallelism(), 8)
