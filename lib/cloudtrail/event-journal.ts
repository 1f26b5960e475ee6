import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { constants, writeSync } from 'node:fs'
import { open, rm, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { NewTrailEvent } from '#lib/cloudtrail/trail-event'
import { readFrom } from '#lib/crypto/new-file'

/**
 * The file that makes events durable with one write and one sync, before they are in the table with its dozen indexes
 * (docs/formats.md, section 11). Plain data: it is shared by module copies. One writer at a time.
 */
export type EventJournal = {
  readonly file: FileHandle
  /** Names the frames that count: those of laps before are what is overwritten. */
  lap: Uint8Array
  /** Where the next frame goes, in bytes. */
  end: number
}

/**
 * Opens the journal at `path`, or makes it.
 * @returns with the events of its lap, oldest first: what a process that was killed had made durable, in the table or not
 * @throws Error of the file system
 */
export async function openJournal(path: string): Promise<{ journal: EventJournal; events: NewTrailEvent[] }> {
  const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600)
  try {
    const bytes = await file.readFile()
    if (bytes.length < firstSize) {
      // Bytes that are there already are written over with less ado than a file is made longer with.
      await file.write(Buffer.alloc(firstSize - bytes.length), 0, undefined, bytes.length)
      await file.sync()
      await readFrom(dirname(path), (folder) => folder.sync())
    }
    const { lap, end, events } = readFrames(bytes)
    return { journal: { file, lap, end }, events }
  } catch (error) {
    await file.close()
    throw error
  }
}

/**
 * Adds events: on disk when this resolves.
 * @throws Error of the file system; then it is not known what of them is on disk, and nothing may be added to this journal
 */
export async function appendToJournal(journal: EventJournal, events: readonly NewTrailEvent[]): Promise<void> {
  const frame = frameOf(journal.lap, events)
  // Into the system's cache, at once: to have another thread do it costs more than doing it. The sync is another thread's.
  for (let at = 0; at < frame.length; ) at += writeSync(journal.file.fd, frame, at, frame.length - at, journal.end + at)
  await journal.file.datasync()
  journal.end += frame.length
}

/** Begins a new lap, at the file's beginning: all that was in the journal is in the table. */
export function beginLap(journal: EventJournal): void {
  journal.lap = randomBytes(lapSize)
  journal.end = 0
}

/** Closes a journal and removes its file: where it failed, or where all of it is in the table. */
export async function removeJournal(journal: EventJournal, path: string): Promise<void> {
  await journal.file.close()
  await rm(path, { force: true })
}

/** The events of a journal's bytes: of the first frame's lap, up to the first frame that is not whole. */
export function readFrames(bytes: Buffer): { lap: Uint8Array; end: number; events: NewTrailEvent[] } {
  const lap = bytes.length >= lapSize ? bytes.subarray(0, lapSize) : randomBytes(lapSize)
  const events: NewTrailEvent[] = []
  let end = 0
  while (bytes.length >= end + headSize) {
    const head = bytes.subarray(end, end + lapSize + lengthSize)
    const body = bytes.subarray(end + headSize, end + headSize + head.readUInt32BE(lapSize))
    const digest = bytes.subarray(end + lapSize + lengthSize, end + headSize)
    if (!head.subarray(0, lapSize).equals(lap) || !timingSafeEqual(digestOf(head, body), digest)) break
    events.push(...(JSON.parse(body.toString()) as NewTrailEvent[]))
    end += headSize + body.length
  }
  return { lap: end > 0 ? lap : randomBytes(lapSize), end, events }
}

function frameOf(lap: Uint8Array, events: readonly NewTrailEvent[]): Buffer {
  const body = Buffer.from(JSON.stringify(events))
  const head = Buffer.alloc(lapSize + lengthSize)
  head.set(lap)
  head.writeUInt32BE(body.length, lapSize)
  return Buffer.concat([head, digestOf(head, body), body])
}

function digestOf(head: Uint8Array, body: Uint8Array): Buffer {
  return createHash('sha256').update(head).update(body).digest()
}

const lapSize = 16
const lengthSize = 4
const headSize = lapSize + lengthSize + 32
const firstSize = 1024 * 1024
