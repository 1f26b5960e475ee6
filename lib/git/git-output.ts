import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'

/** Bytes of an output, in memory that is used again once they are released. */
export type Piece = Readonly<{ bytes: Uint8Array; release: () => void }>

/**
 * What a git writes, read from a connection into the same few pieces of memory in turn. A stream gives every chunk memory of its own, which lies
 * outside V8's heap: it then collects the whole heap for every 64 MB that passes, and that cost more than passing them
 * (docs/decisions/017-frame-memory.md).
 *
 * Taken by `next`, piece by piece, or read as a stream, whose chunks are copies; not by both.
 */
export class GitOutput extends Readable {
  /** Those that hold something, and last the one that is read into. */
  readonly #memories: Memory[] = []
  /** One that was read to its end. */
  #spare: Memory | undefined
  #socket: Socket | undefined
  #ended = false
  #paused = false
  #wake: (() => void) | undefined

  constructor() {
    super({ highWaterMark: 1 })
  }

  /** Joins it to a socket that listens at `path`; the caller says there whose output is wanted. */
  connect(path: string): Socket {
    const socket = connect({ path, allowHalfOpen: true, onread: { buffer: () => this.#room(), callback: (count) => this.#arrived(count) } })
    this.#socket = socket
    const end = (): void => {
      this.#ended = true
      this.#wake?.()
    }
    // How git ended tells whether this was all.
    socket.on('error', end)
    socket.once('end', end)
    socket.once('close', end)
    return socket
  }

  /**
   * What has arrived since the last piece, which must have been released; undefined at the end. A piece that somebody may still read
   * is never released.
   * @throws Error where the output was destroyed before its end
   */
  async next(): Promise<Piece | undefined> {
    for (;;) {
      if (this.destroyed) throw new Error('the output of git was given up before its end')
      const memory = this.#memories.find(({ taken, filled }) => taken < filled)
      if (memory) return this.#piece(memory)
      if (this.#ended) return undefined
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  override _read(): void {
    this.next().then(
      (piece) => {
        const chunk = piece ? Buffer.from(piece.bytes) : null
        piece?.release()
        if (!this.destroyed) this.push(chunk)
      },
      (error: unknown) => this.destroy(error as Error),
    )
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket?.destroy()
    this.#wake?.()
    done(error)
  }

  /** Where the next bytes go: behind those of the last memory, while it has room for as many as come at once. */
  #room(): Uint8Array {
    const last = this.#memories.at(-1)
    if (last && last.bytes.length - last.filled >= leastRoom) return last.bytes.subarray(last.filled)
    const memory = this.#spare ?? { bytes: Buffer.allocUnsafeSlow(memoryLength), filled: 0, taken: 0 }
    this.#spare = undefined
    this.#memories.push(memory)
    return memory.bytes
  }

  #arrived(count: number): boolean {
    const last = this.#memories.at(-1)
    if (last) last.filled += count
    this.#wake?.()
    // Three pieces of memory at most: two that are full, and the one that waits for what comes next.
    this.#paused = this.#memories.length > 1 && last !== undefined && last.bytes.length - last.filled < leastRoom
    return !this.#paused
  }

  #piece(memory: Memory): Piece {
    const end = memory.filled
    const bytes = memory.bytes.subarray(memory.taken, end)
    const release = (): void => {
      memory.taken = end
      if (memory === this.#memories.at(-1) || memory.taken < memory.filled) return
      this.#memories.splice(this.#memories.indexOf(memory), 1)
      this.#spare = { bytes: memory.bytes, filled: 0, taken: 0 }
      if (this.#paused) {
        this.#paused = false
        this.#socket?.resume()
      }
    }
    return { bytes, release }
  }
}

/** Filled up to `filled`, and given away up to `taken`. */
type Memory = { readonly bytes: Buffer; filled: number; taken: number }

const memoryLength = 1024 * 1024
/** What a socket's buffer holds. */
const leastRoom = 256 * 1024
