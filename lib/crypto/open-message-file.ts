import { open } from 'node:fs/promises'
import { Readable, type Writable } from 'node:stream'
import { runFrames } from '#lib/crypto/frame-workers'
import { FramesAhead, type ReadJob } from '#lib/crypto/frames-ahead'
import { IntegrityError } from '#lib/crypto/integrity-error'
import { divisionOfBody } from '#lib/crypto/message-frame'
import { parseMessageHeader, type MessageHeader } from '#lib/crypto/message-header'
import { readFrom, writeNewFile, type OpenFile } from '#lib/crypto/new-file'
import { beginOpening, wrongFrame, type OpenOptions } from '#lib/crypto/opening'
import { pourPieces, type Pouring } from '#lib/crypto/written'

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

/** A message's plaintext to come, and its length in bytes. */
export type ReadMessage = Readonly<{ plaintext: Readable & Pouring; bytes: number }>

/**
 * The plaintext of a message file as a stream, its frames opened ahead on other threads: this thread, which may have TLS to
 * do, gets them ready-made. As with `openMessage` each frame is released only after its tag is verified, and the end may
 * turn out to be wrong. Memory: two frames a core. `pourInto` passes it on without garbage.
 *
 * @returns once the header is verified
 * @throws IntegrityError as `openBytes` for a wrong header; the stream fails with it for a wrong frame
 */
export async function readMessageFile(
  sourcePath: string,
  options: OpenOptions,
): Promise<ReadMessage> {
  const source = await open(sourcePath, 'r')
  try {
    const job = await beginFile(source, options)
    return { plaintext: new MessageFileReader(new FramesAhead(source, job)), bytes: plaintextLength(job) }
  } catch (error) {
    await source.close()
    throw error
  }
}

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

/** A message's plaintext as a stream; into another stream it pours without garbage. */
class MessageFileReader extends Readable implements Pouring {
  readonly #frames: FramesAhead

  constructor(frames: FramesAhead) {
    super({ highWaterMark: 1 })
    this.#frames = frames
  }

  override _read(): void {
    this.#release().catch((error: unknown) => this.destroy(error as Error))
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#frames.close().then(
      () => done(error),
      (failure: unknown) => done(error ?? (failure as Error)),
    )
  }

  async pourInto(destination: Writable, signal?: AbortSignal): Promise<void> {
    try {
      await pourPieces(() => this.#frames.next(), destination, { signal })
    } finally {
      this.destroy()
    }
  }

  async #release(): Promise<void> {
    const frame = await this.#frames.next()
    // Whoever reads a stream keeps its chunks for as long as they like.
    const chunk = frame && Buffer.from(frame.bytes)
    frame?.release()
    if (!this.destroyed) this.push(chunk ?? null)
  }
}
