import { existsSync, readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import BetterSqlite3 from 'better-sqlite3'
import { readFrames } from '#lib/cloudtrail/event-journal'
import { enterEvents, journalFile } from '#lib/cloudtrail/journaled-events'
import { databaseFile } from '#lib/database/open'
import { db } from '#lib/db'

/** The table of events with all that was recorded so far in it. */
export async function trailTable() {
  await enterEvents()
  return db().trailEvent
}

/** Names and errors of the events that a process killed now would have left behind, oldest first: in the table, and in the journal alone. */
export function eventsOnDisk(dataDir: string): { eventName: string; errorCode: string }[] {
  const other = new BetterSqlite3(databaseFile(dataDir), { readonly: true })
  try {
    const rows = other.prepare('SELECT eventId, eventName, errorCode FROM TrailEvent ORDER BY sequence').all() as { eventId: string; eventName: string; errorCode: string }[]
    const known = new Set(rows.map(({ eventId }) => eventId))
    const file = journalFile(dataDir)
    const { events } = readFrames(existsSync(file) ? readFileSync(file) : Buffer.alloc(0))
    return [...rows, ...events.filter(({ eventId }) => !known.has(eventId))].map(({ eventName, errorCode }) => ({ eventName, errorCode }))
  } finally {
    other.close()
  }
}

/** What becomes of this process's syncs of data, as the disk would have it. */
export type SyncedDisk = {
  syncs: number
  /** Every sync waits for it. */
  gate: Promise<unknown>
  /** Whether the next sync fails. */
  fails: () => boolean
  [Symbol.dispose]: () => void
}

/** Stands between this process and `fdatasync`, which is what makes events durable. */
export async function syncedDisk(): Promise<SyncedDisk> {
  const file = await open('/dev/null')
  const prototype = Object.getPrototypeOf(file) as { datasync: () => Promise<void> }
  await file.close()
  const { datasync } = prototype
  const disk: SyncedDisk = {
    syncs: 0,
    gate: Promise.resolve(),
    fails: () => false,
    [Symbol.dispose]: () => void (prototype.datasync = datasync),
  }
  prototype.datasync = async function () {
    disk.syncs += 1
    await disk.gate
    if (disk.fails()) throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' })
    await datasync.call(this)
  }
  return disk
}
