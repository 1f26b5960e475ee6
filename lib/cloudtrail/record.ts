import { eventRecord, type Entry } from '#lib/cloudtrail/event-record'
import { appendEvents } from '#lib/cloudtrail/append-events'
import { trailEvent, type NewTrailEvent } from '#lib/cloudtrail/trail-event'
import { db } from '#lib/db'
import { remember } from '#lib/remember'

/**
 * Records one operation in the event history. The event is on disk when this resolves; events that are recorded at the same
 * time share a commit.
 *
 * @throws Error where the event cannot be stored, or too many wait already: the operation that asked must then fail. And
 *   from within a transaction's work, since the event would wait for the transaction that waits for it
 */
export async function recordEvent(entry: Entry): Promise<void> {
  // Whoever may not ask now would have others' events fail with theirs, or wait for themselves.
  db()
  const event = trailEvent(eventRecord(entry), entry)
  const queue = remember<Queue>('cloudtrail.queue', () => ({ waiting: [], bytes: 0, running: false }))
  if (queue.bytes > mostBytesWaiting) throw new Error('too many events wait to be recorded')
  await new Promise<void>((resolve, reject) => {
    queue.waiting.push({ event, resolve, reject })
    queue.bytes += event.record.length
    if (!queue.running) {
      queue.running = true
      void drain(queue)
    }
  })
}

/** Events that wait for a commit, whichever copy of this module they came through. */
type Queue = {
  waiting: Waiting[]
  bytes: number
  running: boolean
}

type Waiting = Readonly<{ event: NewTrailEvent; resolve: () => void; reject: (reason: unknown) => void }>

const mostBytesWaiting = 64 * 1024 * 1024

/** Bounds of one commit: the placeholders that a statement may have, and how long others are worth holding up for. */
const mostEventsOfCommit = 500
const mostBytesOfCommit = 8 * 1024 * 1024

function countOfCommit(waiting: readonly Waiting[]): number {
  let count = 0
  for (let bytes = 0; count < Math.min(waiting.length, mostEventsOfCommit) && bytes < mostBytesOfCommit; count++) {
    bytes += waiting[count]?.event.record.length ?? 0
  }
  return count
}

async function drain(queue: Queue): Promise<void> {
  while (queue.waiting.length > 0) {
    // Lets whatever is ready to record do so first: these share the commit.
    await new Promise((resolve) => setImmediate(resolve))
    const batch = queue.waiting.splice(0, countOfCommit(queue.waiting))
    try {
      await appendEvents(batch.map(({ event }) => event))
      for (const { resolve } of batch) resolve()
    } catch (error) {
      for (const { reject } of batch) reject(error)
    } finally {
      for (const { event } of batch) queue.bytes -= event.record.length
    }
  }
  queue.running = false
}
