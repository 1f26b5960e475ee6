import type { Readable } from 'node:stream'
import { spawnGit, type GitProcess } from '#lib/git/command'
import type { ObjectType } from '#lib/git/object-type'

/** How a read is bounded. Without a signal of the caller's it may take a minute. */
export type ReadOptions = Readonly<{
  signal?: AbortSignal | undefined
  /** Share one pair of git processes between several reads. */
  objects?: ObjectReader | undefined
}>

export type ObjectInfo = Readonly<{ oid: string; type: ObjectType; size: number }>

/** The signal that bounds a read. */
export function readSignal(options: ReadOptions): AbortSignal {
  return options.signal ?? AbortSignal.timeout(60_000)
}

/** Runs `read` with the reader of `options`, or with one that lives as long as `read`. */
export async function withObjects<T>(
  gitDir: string,
  options: ReadOptions,
  read: (objects: ObjectReader) => Promise<T>,
): Promise<T> {
  if (options.objects !== undefined) return read(options.objects)
  await using objects = new ObjectReader(gitDir, readSignal(options))
  return await read(objects)
}

/**
 * Reads objects of one repository through `git cat-file --batch` and `--batch-check`, each started when first needed and
 * ended with the reader: hundreds of reads for the price of two processes.
 *
 * What is asked for goes in on standard input, so no name can be taken for an option, and any bytes but a line feed may
 * be part of it.
 */
export class ObjectReader implements AsyncDisposable {
  readonly gitDir: string
  readonly signal: AbortSignal
  #batch: Batch | null = null
  #check: Batch | null = null

  constructor(gitDir: string, signal: AbortSignal) {
    this.gitDir = gitDir
    this.signal = signal
  }

  /** What `spec` (an oid, `refs/heads/main^{tree}`…) names, or null if it names nothing or more than one thing. */
  async info(spec: string | Uint8Array): Promise<ObjectInfo | null> {
    const request = line(spec)
    if (request === null) return null
    this.#check ??= new Batch(this.gitDir, '--batch-check', this.signal)
    return this.#check.ask(request, async (header) => header)
  }

  /** The object itself. Throws for one above `maxBytes` (64 MiB unless told): ask {@link info} first for blobs. */
  async read(
    spec: string | Uint8Array,
    { maxBytes = 64 * 1024 * 1024 }: { maxBytes?: number } = {},
  ): Promise<(ObjectInfo & Readonly<{ content: Buffer }>) | null> {
    const info = await this.info(spec)
    if (info === null) return null
    if (info.size > maxBytes) throw new Error(`the ${info.type} has ${info.size} bytes, more than ${maxBytes}`)
    this.#batch ??= new Batch(this.gitDir, '--batch', this.signal)
    return this.#batch.ask(`${info.oid}\n`, async (header, bytes) => {
      const content = await bytes.take(header.size)
      await bytes.take(1)
      return { ...header, content }
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#batch?.stop(), this.#check?.stop()])
  }
}

/** One long-lived process; requests are answered one after another. */
class Batch {
  readonly #process: GitProcess
  readonly #output: ByteQueue
  #last: Promise<unknown> = Promise.resolve()

  constructor(gitDir: string, mode: '--batch' | '--batch-check', signal: AbortSignal) {
    this.#process = spawnGit(['cat-file', mode], { gitDir, signal, stdin: 'pipe' })
    this.#output = new ByteQueue(this.#process.stdout)
  }

  ask<T>(request: string | Uint8Array, answer: (header: ObjectInfo, bytes: ByteQueue) => Promise<T>): Promise<T | null> {
    const next = this.#last.then(async () => {
      this.#process.stdin?.write(request)
      try {
        const header = parseHeader((await this.#output.line()).toString('utf8'))
        return header === null ? null : await answer(header, this.#output)
      } catch (error) {
        // The output ended: what matters is why the process did.
        await this.#process.done
        throw error
      }
    })
    this.#last = next.catch(() => undefined)
    return next
  }

  async stop(): Promise<void> {
    await this.#process.stop().catch(() => undefined)
  }
}

/** Lines and counts of bytes from a stream. */
class ByteQueue {
  readonly #source: AsyncIterator<Buffer>
  #chunks: Buffer[] = []
  #size = 0

  constructor(source: Readable) {
    this.#source = (source as AsyncIterable<Buffer>)[Symbol.asyncIterator]()
  }

  async line(): Promise<Buffer> {
    for (;;) {
      const all = this.#joined()
      const end = all.indexOf(0x0a)
      if (end !== -1) return this.#cut(all, end, end + 1)
      await this.#more()
    }
  }

  async take(count: number): Promise<Buffer> {
    while (this.#size < count) await this.#more()
    return this.#cut(this.#joined(), count, count)
  }

  #joined(): Buffer {
    const all = this.#chunks.length === 1 && this.#chunks[0] !== undefined ? this.#chunks[0] : Buffer.concat(this.#chunks)
    this.#chunks = [all]
    return all
  }

  #cut(all: Buffer, end: number, next: number): Buffer {
    this.#chunks = [all.subarray(next)]
    this.#size = all.length - next
    return all.subarray(0, end)
  }

  async #more(): Promise<void> {
    const next = await this.#source.next()
    if (next.done === true) throw new Error('git cat-file ended before its answer')
    this.#chunks.push(next.value)
    this.#size += next.value.length
  }
}

/** Null for `<spec> missing` and `<spec> ambiguous`. */
function parseHeader(text: string): ObjectInfo | null {
  const [, oid = '', type = '', size = ''] = /^([0-9a-f]{40}) (commit|tree|blob|tag) ([0-9]+)$/.exec(text) ?? []
  return oid === '' ? null : { oid, type: type as ObjectType, size: Number(size) }
}

/** A request line, or null for a spec that cannot be on one line and so names nothing here. */
function line(spec: string | Uint8Array): Buffer | null {
  const bytes = Buffer.from(spec)
  return bytes.length === 0 || bytes.includes(0x0a) || bytes.includes(0) ? null : Buffer.concat([bytes, Buffer.from('\n')])
}
