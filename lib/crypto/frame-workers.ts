import crypto from 'node:crypto'
import fs from 'node:fs'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { openFrame, regularFrameOverhead, sealFrame, type Division, type Frames } from '#lib/crypto/message-frame'

/** A message and its plaintext as open files, to be opened or sealed frame by frame. */
export type FileJob = Division &
  Readonly<{
    /** File descriptors; closed only after `runFrames` has returned. */
    source: number
    destination: number
    /** Where the first frame begins in the message's file. */
    bodyOffset: number
    frames: Frames
  }>

/**
 * Seals or opens all frames from the source into the destination, several at once: each worker thread claims the next
 * frame, reads it at its place, and writes the result at its place, so memory is bounded by a frame a thread.
 *
 * Worker threads rather than `crypto.subtle` on libuv's pool, because that copies each frame in and out on this thread:
 * with two cores it gained a tenth over one core, threads double it (docs/decisions/002-message-format.md).
 *
 * @returns undefined, or the sequence number of a frame that does not open
 * @throws Error when reading or writing fails (with the system's `code`), or a source got shorter
 */
export async function runFrames(kind: 'seal' | 'open', job: FileJob): Promise<number | undefined> {
  if (job.regularFrames >= stop) throw new RangeError('message has too many frames')
  const task = { kind, ...job, overhead: regularFrameOverhead, next: new Int32Array(new SharedArrayBuffer(4)), stop }
  if (job.regularFrames < fewFrames) return resultOf([workOnFrames(fs, crypto, sealFrame, openFrame, writeParts, task)])
  const pool = workers()
  return resultOf(await Promise.all(pool.map((worker) => worker.run(task))))
}

/**
 * Opens one frame of the source on another thread.
 *
 * @param index  from 0; the final frame's is the number of regular frames
 * @param slot  memory that threads share, of a frame's length at least: where the plaintext is put (frame-slots.ts)
 * @returns the bytes of plaintext, or undefined when the frame does not open
 * @throws Error when reading fails, or the source got shorter
 */
export async function openFrameAt(job: Omit<FileJob, 'destination'>, index: number, slot: Uint8Array): Promise<number | undefined> {
  const task = { kind: 'read' as const, ...job, overhead: regularFrameOverhead, index, slot }
  const outcome =
    job.regularFrames < fewFrames
      ? readFrame(fs, crypto, openFrame, task, {})
      : await leastBusy().run(task)
  resultOf([outcome])
  return outcome.plaintextLength
}

/** One frame to be sealed from memory into its place in a message's file. */
export type FrameToSeal = Pick<FileJob, 'destination' | 'bodyOffset' | 'frames'> &
  Readonly<{
    /** From 0. */
    index: number
    final: boolean
    /** In memory that threads share (frame-slots.ts). */
    content: Uint8Array
  }>

/** Seals one frame on another thread, or on this one where it is the only one. @throws Error when writing fails (with the system's `code`) */
export async function sealFrameAt(frame: FrameToSeal): Promise<void> {
  const task = { kind: 'write' as const, ...frame, overhead: regularFrameOverhead }
  const outcome = frame.final && frame.index === 0 ? writeFrame(fs, crypto, sealFrame, writeParts, task) : await leastBusy().run(task)
  resultOf([outcome])
}

type WriteTask = FrameToSeal & Readonly<{ kind: 'write'; overhead: number }>

type ReadTask = Omit<FileJob, 'destination'> & Readonly<{ kind: 'read'; overhead: number; index: number; slot: Uint8Array }>

type Task = FileJob &
  Readonly<{
    kind: 'seal' | 'open'
    /** Bytes that a regular frame adds. */
    overhead: number
    /** Shared by the threads: index of the next frame that nobody has claimed. */
    next: Int32Array
    /** What that is set to when something failed. */
    stop: number
  }>

/** What a thread says of its part: nothing wrong, the bytes of the one frame it was asked for, a frame that does not open, or an error of the file system. */
type Outcome = Readonly<{ wrongFrame?: number; plaintextLength?: number; error?: string; code?: string | undefined }>

/** A message of fewer frames is opened on this thread sooner than a worker would answer. */
const fewFrames = 2

/** What the claim counter is set to so that no thread claims another frame. */
const stop = 0x40000000

/** More threads than this would wait for memory, not for a core. */
const mostWorkers = 8

/**
 * Works on frames until none is left to claim. Refers to nothing outside itself: worker threads are given its text, which
 * needs no file that a bundler would have to find.
 */
function workOnFrames(
  { readSync, writevSync }: Pick<typeof fs, 'readSync' | 'writevSync'>,
  { createCipheriv, createDecipheriv }: Pick<typeof crypto, 'createCipheriv' | 'createDecipheriv'>,
  seal: typeof sealFrame,
  open: typeof openFrame,
  writeAll: typeof writeParts,
  task: Task,
): Outcome {
  const { kind, source, destination, bodyOffset, frames, regularFrames, finalLength, overhead, next, stop } = task
  const regularLength = frames.frameLength + overhead
  const buffer = Buffer.allocUnsafeSlow(Math.max(regularLength, finalLength + overhead + 8))
  const opened = Buffer.allocUnsafeSlow(kind === 'open' ? Math.max(frames.frameLength, finalLength) : 0)
  try {
    for (;;) {
      const index = Atomics.add(next, 0, 1)
      if (index > regularFrames) return {}
      const final = index === regularFrames
      const contentLength = final ? finalLength : frames.frameLength
      const frameLength = contentLength + overhead + (final ? 8 : 0)
      const frameOffset = bodyOffset + index * regularLength
      const contentOffset = index * frames.frameLength
      const input = buffer.subarray(0, kind === 'open' ? frameLength : contentLength)
      const from = kind === 'open' ? frameOffset : contentOffset
      for (let read = 0; read < input.length; ) {
        const count = readSync(source, input, read, input.length - read, from + read)
        if (count === 0) throw new Error('file got shorter while it was read')
        read += count
      }
      let output: Uint8Array[]
      if (kind === 'open') {
        const plaintext = open(createDecipheriv, frames, index + 1, final, input, opened)
        if (plaintext === undefined) {
          Atomics.store(next, 0, stop)
          return { wrongFrame: index + 1 }
        }
        output = [plaintext]
      } else output = seal(createCipheriv, frames, index + 1, final, input)
      writeAll(writevSync, destination, output, kind === 'open' ? contentOffset : frameOffset)
    }
  } catch (error) {
    Atomics.store(next, 0, stop)
    const { message, code } = error as NodeJS.ErrnoException
    return { error: message, code }
  } finally {
    buffer.fill(0)
    opened.fill(0)
  }
}

/** Opens the one frame that is asked for. `own` keeps its memory from one frame to the next. Refers to nothing outside itself either. */
function readFrame(
  { readSync }: Pick<typeof fs, 'readSync'>,
  { createDecipheriv }: Pick<typeof crypto, 'createDecipheriv'>,
  open: typeof openFrame,
  { source, bodyOffset, frames, regularFrames, finalLength, overhead, index, slot }: ReadTask,
  own: { memory?: Buffer },
): Outcome {
  const final = index === regularFrames
  const frameLength = final ? finalLength + overhead + 8 : frames.frameLength + overhead
  if (own.memory === undefined || own.memory.length < frameLength) own.memory = Buffer.allocUnsafeSlow(frameLength)
  const frame = own.memory.subarray(0, frameLength)
  try {
    const offset = bodyOffset + index * (frames.frameLength + overhead)
    for (let read = 0; read < frame.length; ) {
      const count = readSync(source, frame, read, frame.length - read, offset + read)
      if (count === 0) throw new Error('file got shorter while it was read')
      read += count
    }
    const plaintext = open(createDecipheriv, frames, index + 1, final, frame, slot)
    return plaintext === undefined ? { wrongFrame: index + 1 } : { plaintextLength: plaintext.length }
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    return { error: message, code }
  }
}

/** Seals the one frame that is given, and writes it at its place. Refers to nothing outside itself either. */
function writeFrame(
  { writevSync }: Pick<typeof fs, 'writevSync'>,
  { createCipheriv }: Pick<typeof crypto, 'createCipheriv'>,
  seal: typeof sealFrame,
  writeAll: typeof writeParts,
  { destination, bodyOffset, frames, index, final, content, overhead }: WriteTask,
): Outcome {
  try {
    const output = seal(createCipheriv, frames, index + 1, final, content)
    writeAll(writevSync, destination, output, bodyOffset + index * (frames.frameLength + overhead))
    return {}
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    return { error: message, code }
  }
}

/** Writes the parts one after another, all of them, however little the system takes at once; empties the list. Refers to nothing outside itself either. */
function writeParts(writevSync: typeof fs.writevSync, destination: number, parts: Uint8Array[], position: number): void {
  while (parts.length > 0) {
    let written = writevSync(destination, parts, position)
    position += written
    while (parts[0] !== undefined && written >= parts[0].length) written -= parts.shift()?.length ?? 0
    if (parts[0] !== undefined) parts[0] = parts[0].subarray(written)
  }
}

function resultOf(outcomes: readonly Outcome[]): number | undefined {
  const failed = outcomes.find(({ error }) => error !== undefined)
  if (failed) throw Object.assign(new Error(failed.error), failed.code === undefined ? {} : { code: failed.code })
  return outcomes.find(({ wrongFrame }) => wrongFrame !== undefined)?.wrongFrame
}

type FrameWorker = Readonly<{ run: (task: Task | ReadTask | WriteTask) => Promise<Outcome>; waiting: () => number }>

const poolKey = Symbol.for('codekeep.crypto.frame-workers')

/** The process's worker threads, started at first use; idle ones do not keep the process alive. */
function workers(): readonly FrameWorker[] {
  const holder = globalThis as { [poolKey]?: FrameWorker[] | undefined }
  const pool = (holder[poolKey] ??= [])
  while (pool.length < Math.min(availableParallelism(), mostWorkers)) {
    const worker = startWorker(() => pool.splice(pool.indexOf(worker), 1))
    pool.push(worker)
  }
  return pool
}

function leastBusy(): FrameWorker {
  return workers().reduce((one, other) => (other.waiting() < one.waiting() ? other : one))
}

function startWorker(onExit: () => void): FrameWorker {
  const text = `
    const fs = require('node:fs'), crypto = require('node:crypto'), { parentPort } = require('node:worker_threads')
    const seal = ${sealFrame.toString()}, open = ${openFrame.toString()}, work = ${workOnFrames.toString()}, read = ${readFrame.toString()}, write = ${writeFrame.toString()}, writeAll = ${writeParts.toString()}
    const own = {}
    parentPort.on('message', (task) => {
      if (task.kind === 'read') parentPort.postMessage(read(fs, crypto, open, task, own))
      else if (task.kind === 'write') parentPort.postMessage(write(fs, crypto, seal, writeAll, task))
      else parentPort.postMessage(work(fs, crypto, seal, open, writeAll, task))
    })`
  const worker = new Worker(text, { eval: true, name: 'frames', execArgv: [], argv: [], env: {} })
  worker.unref()
  const waiting: { resolve: (outcome: Outcome) => void; reject: (error: Error) => void }[] = []
  let failure = new Error('worker thread ended')
  worker.on('message', (outcome: Outcome) => {
    waiting.shift()?.resolve(outcome)
    if (waiting.length === 0) worker.unref()
  })
  worker.on('error', (error) => (failure = error))
  worker.on('exit', () => {
    onExit()
    for (const { reject } of waiting) reject(failure)
  })
  return {
    waiting: () => waiting.length,
    run: async (task) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        worker.ref()
        worker.postMessage(task)
      }),
  }
}
