import { Readable, type Writable } from 'node:stream'
import { type Piece, pourPieces, type Pouring } from '#lib/crypto/written'

/** Where a copy of an answer goes: it never fails towards who writes. */
type Copy = Readonly<{ write: (bytes: Uint8Array) => Promise<void> }>

/** What becomes of the copy: of all of an answer, or of one that broke off or whose reader went away. */
type Outcome = Readonly<{ keep: (bytes: number) => Promise<void>; forget: () => Promise<void> }>

/** An answer that is copied while it passes. It gives its bytes when the copy has them too, in memory that both have read. */
export class CopiedAnswer extends Readable implements Pouring {
  readonly #source: Readable
  readonly #next: () => Promise<Piece | undefined>
  readonly #copy: Copy
  readonly #outcome: Outcome
  #bytes = 0
  #whole = false

  constructor(source: Readable, copy: Copy, outcome: Outcome) {
    super({ highWaterMark: 1 })
    this.#source = source
    this.#next = piecesOf(source)
    this.#copy = copy
    this.#outcome = outcome
  }

  override _read(): void {
    this.#take().catch((error: unknown) => this.destroy(error as Error))
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#source.destroy()
    const { keep, forget } = this.#outcome
    void (this.#whole ? keep(this.#bytes) : forget()).catch(() => undefined)
    done(error)
  }

  async pourInto(destination: Writable, signal?: AbortSignal): Promise<void> {
    const also = (bytes: Uint8Array): Promise<void> => {
      this.#bytes += bytes.length
      return this.#copy.write(bytes)
    }
    try {
      await pourPieces(this.#next, destination, { signal, also })
      this.#whole = true
    } finally {
      this.destroy()
    }
  }

  async #take(): Promise<void> {
    const piece = await this.#next()
    // Whoever reads a stream keeps its chunks for as long as they like.
    const chunk = piece && Buffer.from(piece.bytes)
    piece?.release()
    if (chunk) await this.#copy.write(chunk)
    this.#bytes += chunk?.length ?? 0
    this.#whole = chunk === undefined
    if (!this.destroyed) this.push(chunk ?? null)
  }
}

/** The pieces of a stream; of one without any of its own, its chunks. */
function piecesOf(source: Readable | (Readable & Readonly<{ next: () => Promise<Piece | undefined> }>)): () => Promise<Piece | undefined> {
  if ('next' in source) return () => source.next()
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  return async () => {
    const result = await chunks.next()
    return result.done === true ? undefined : { bytes: result.value, release: () => undefined }
  }
}
