import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { appendEvents } from '#lib/cloudtrail/append-events'
import { appendToJournal, beginLap, openJournal, removeJournal, type EventJournal } from '#lib/cloudtrail/event-journal'
import type { NewTrailEvent } from '#lib/cloudtrail/trail-event'
import { config } from '#lib/config'
import { beforeClosing, db, sqlite } from '#lib/db'
import { remember } from '#lib/remember'

/**
 * Makes events durable, in the order given; all of them or, where it throws, none that anybody may count on. They are in the
 * table soon, and at once for whoever reads it after {@link enterEvents}. One caller at a time (lib/cloudtrail/event-queue.ts).
 *
 * @throws Error of the file system; or of the database, where it has not taken what waits for it for too long
 */
export async function journalEvents(events: readonly NewTrailEvent[]): Promise<void> {
  const held = state()
  if (held.bytes > mostBytesHeld || held.failed || (held.journal?.end ?? 0) > mostBytesOfLap) await enterEvents()
  const journal = await opened(held)
  if (held.events.length === 0 && held.syncedTo === journal.end) {
    beginLap(journal)
    held.syncedTo = 0
  }
  try {
    await appendToJournal(journal, events)
  } catch (error) {
    // What a sync has once failed to write it may never write, and not say so again: this file is not trusted any more.
    held.failed = true
    throw error
  }
  for (const event of events) {
    held.events.push(event)
    held.bytes += event.record.length
  }
  held.end = journal.end
  enterLater(held)
}

/**
 * Enters all events that are durable into the table. To be called before it is read: what was acknowledged is then found.
 * @throws Error where the database does not take them; they stay in the journal
 */
export function enterEvents(): Promise<void> {
  const held = state()
  if (held.journal && !held.failed && held.events.length === 0) return Promise.resolve()
  held.entering = held.entering.catch(() => undefined).then(() => enterHeld(held))
  return held.entering
}

/** The journal's file in a data folder. */
export function journalFile(dataDir: string): string {
  return join(dataDir, 'events.journal')
}

type Held = {
  journal: EventJournal | null
  opening: Promise<EventJournal> | null
  /** Where the journal ends that `events` are of. */
  end: number
  /** All of the journal before this place is in the table, and the table on disk. */
  syncedTo: number
  /** A write or a sync failed: the journal is made anew once all that it holds is in the table. */
  failed: boolean
  /** In the journal and not yet in the table, oldest first. */
  events: NewTrailEvent[]
  /** Their records' length. */
  bytes: number
  entering: Promise<void>
  timer: NodeJS.Timeout | null
}

/** Milliseconds that events wait for company before they are entered: the table's indexes cost less for many at once. */
const linger = 100
const afterFailure = 1000

/** Of one commit: a commit holds up whatever else the process does. */
const eventsOfCommit = 64
const mostBytesHeld = 64 * 1024 * 1024
const mostBytesOfLap = 16 * 1024 * 1024
/** After this much of a lap the table is synced, so that the next one can begin. */
const bytesWorthALap = 256 * 1024

function state(): Held {
  return remember<Held>('cloudtrail.journaled', () => ({ journal: null, opening: null, end: 0, syncedTo: 0, failed: false, events: [], bytes: 0, entering: Promise.resolve(), timer: null }))
}

function enterLater(held: Held, milliseconds = linger): void {
  held.timer ??= setTimeout(() => {
    held.timer = null
    enterEvents().catch((error: unknown) => {
      console.error('events wait in the journal for a database that does not take them', error)
      enterLater(held, afterFailure)
    })
  }, milliseconds)
}

async function enterHeld(held: Held): Promise<void> {
  if (!held.journal) await opened(held)
  while (held.events.length > 0) {
    const batch = held.events.slice(0, eventsOfCommit)
    await appendEvents(batch)
    held.events.splice(0, batch.length)
    for (const { record } of batch) held.bytes -= record.length
    await turn()
  }
  if (held.failed || held.end > bytesWorthALap) {
    // While that is waited for, others may add to the journal: what they add is not in the table yet.
    const { end } = held
    await sqlite()?.sync()
    held.syncedTo = end
  }
  if (held.journal && held.failed) {
    await removeJournal(held.journal, journalFile(config().dataDir))
    // Not before: whoever records meanwhile would open the file that is removed.
    held.journal = null
    held.end = 0
    held.syncedTo = 0
    held.failed = false
  }
}

/** Opens the journal at first use, and takes up what a process that was killed had left in it. */
async function opened(held: Held): Promise<EventJournal> {
  if (held.journal) return held.journal
  held.opening ??= open(held).finally(() => (held.opening = null))
  return held.opening
}

async function open(held: Held): Promise<EventJournal> {
  const { journal, events } = await openJournal(journalFile(config().dataDir))
  const left = await notInTable(events).catch(async (error: unknown) => {
    await journal.file.close()
    throw error
  })
  held.events.unshift(...left)
  for (const { record } of left) held.bytes += record.length
  held.journal = journal
  held.end = journal.end
  beforeClosing('cloudtrail.journaled', () => close(held))
  return journal
}

/** Enters what is left; where the database does not take it, the next start does. */
async function close(held: Held): Promise<void> {
  if (held.timer) clearTimeout(held.timer)
  try {
    await enterEvents()
  } catch (error) {
    console.error('events stay in the journal until the next start', error)
  }
  await held.journal?.file.close()
}

async function notInTable(events: readonly NewTrailEvent[]): Promise<NewTrailEvent[]> {
  const known = new Set<string>()
  for (let first = 0; first < events.length; first += 500) {
    const eventId = { in: events.slice(first, first + 500).map((event) => event.eventId) }
    for (const row of await db().trailEvent.findMany({ where: { eventId }, select: { eventId: true } })) known.add(row.eventId)
  }
  return events.filter(({ eventId }) => !known.has(eventId))
}
