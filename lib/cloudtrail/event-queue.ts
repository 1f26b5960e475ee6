import { journalEvents } from '#lib/cloudtrail/journaled-events'
import type { NewTrailEvent } from '#lib/cloudtrail/trail-event'
import { remember } from '#lib/remember'

/**
 * Puts an event in the queue for a commit and returns what settles with it. It is stored with the next commit that
 * `storeWaiting` or another event's asking begins, and after `linger` milliseconds in any case.
 *
 * @throws Error where too many wait already
 */
export function enqueue(event: NewTrailEvent): Promise<void> {
  const queue = theQueue()
  if (queue.bytes > mostBytesWaiting) throw new Error('too many events wait to be recorded')
  return new Promise<void>((resolve, reject) => {
    queue.waiting.push({ event, resolve, reject })
    queue.bytes += event.record.length
    storeLater(queue)
  })
}

/** Has a commit begin, if none runs, for all that waits at this moment: it takes up whatever is ready to be recorded by then. */
export function storeWaiting(): void {
  const queue = theQueue()
  queue.wanted = queue.waiting.length
  if (queue.wanted > 0 && !queue.running) void drain(queue)
}

/** Events that wait for a commit, whichever copy of this module they came through. */
type Queue = {
  waiting: Waiting[]
  /** How many of them, from the first, somebody waits for. */
  wanted: number
  bytes: number
  running: boolean
  timer: NodeJS.Timeout | null
}

type Waiting = Readonly<{ event: NewTrailEvent; resolve: () => void; reject: (reason: unknown) => void }>

/**
 * How long an event waits for company while nobody waits for it. Longer than a short operation takes, so that its events
 * share a commit; short enough that a long one's are stored while it still works.
 */
const linger = 25

const mostBytesWaiting = 64 * 1024 * 1024

/** Bounds of one commit: the placeholders that a statement may have, and how long others are worth holding up for. */
const mostEventsOfCommit = 500
const mostBytesOfCommit = 8 * 1024 * 1024

function theQueue(): Queue {
  return remember<Queue>('cloudtrail.queue', () => ({ waiting: [], wanted: 0, bytes: 0, running: false, timer: null }))
}

function storeLater(queue: Queue): void {
  if (queue.running || queue.timer) return
  queue.timer = setTimeout(() => {
    queue.timer = null
    storeWaiting()
  }, linger)
}

async function drain(queue: Queue): Promise<void> {
  queue.running = true
  while (queue.wanted > 0) {
    await gather(queue)
    const batch = queue.waiting.splice(0, countOfCommit(queue.waiting))
    queue.wanted = Math.max(0, queue.wanted - batch.length)
    try {
      await journalEvents(batch.map(({ event }) => event))
      for (const { resolve } of batch) resolve()
    } catch (error) {
      for (const { reject } of batch) reject(error)
    } finally {
      for (const { event } of batch) queue.bytes -= event.record.length
    }
  }
  queue.running = false
  if (queue.waiting.length > 0) storeLater(queue)
}

/** Lets whatever is ready to record do so first, for as long as more comes with every turn of the loop: these share the commit. */
async function gather(queue: Queue): Promise<void> {
  const end = performance.now() + longestGathering
  let before: number
  do {
    before = queue.waiting.length
    await new Promise((resolve) => setImmediate(resolve))
  } while (queue.waiting.length > before && queue.waiting.length < mostEventsOfCommit && performance.now() < end)
}

/** Milliseconds: what a sync to a good disk takes. */
const longestGathering = 4

function countOfCommit(waiting: readonly Waiting[]): number {
  let count = 0
  for (let bytes = 0; count < Math.min(waiting.length, mostEventsOfCommit) && bytes < mostBytesOfCommit; count++) {
    bytes += waiting[count]?.event.record.length ?? 0
  }
  return count
}
