import { AsyncLocalStorage } from 'node:async_hooks'
import { eventRecord, type Entry } from '#lib/cloudtrail/event-record'
import { enqueue, storeWaiting } from '#lib/cloudtrail/event-queue'
import { trailEvent } from '#lib/cloudtrail/trail-event'
import { db } from '#lib/db'
import { remember } from '#lib/remember'

/**
 * Records one operation in the event history. Within `recordTogether` the event only takes its place in the trail, and is
 * durable before that answers; elsewhere it is on disk when this resolves.
 *
 * @throws Error where the event cannot be stored, or too many wait already: the operation that asked must then fail. And
 *   from within a transaction's work, since the event would wait for the transaction that waits for it
 */
export async function recordEvent(entry: Entry): Promise<void> {
  // Whoever may not ask now would have others' events fail with theirs, or wait for themselves.
  db()
  const stored = enqueue(trailEvent(eventRecord(entry), entry))
  const together = current()
  if (together) {
    together.waiting.add(stored)
    stored.then(
      () => together.waiting.delete(stored),
      (error: unknown) => (together.failure ??= { error }),
    )
    return
  }
  storeWaiting()
  await stored
}

/**
 * Runs one operation with all that it asks of others: their events and its own are durable, in one commit where time
 * allows, before this answers, whether `work` succeeds or not.
 *
 * Called within another `recordTogether` it adds nothing: the outermost answers for all.
 *
 * @throws Error where an event could not be stored, in place of what came of `work`; else what `work` throws
 */
export async function recordTogether<Result>(work: () => Promise<Result>): Promise<Result> {
  if (current()) return work()
  const together: Together = { open: true, waiting: new Set(), failure: null }
  let result: Result
  try {
    result = await scopes().run(together, work)
  } catch (error) {
    await close(together)
    throw error
  }
  await close(together)
  return result
}

/**
 * Waits until what this operation's parts have recorded so far is durable: before a change that lasts and that must not
 * be without the events that led to it. What long work recorded a while ago is stored already.
 * @throws Error where one of them could not be stored
 */
export async function untilRecorded(): Promise<void> {
  const together = current()
  if (together) await stored(together)
}

/** @throws Error where an event of this operation's parts is already known not to be stored */
export function requireRecorded(): void {
  const failure = current()?.failure
  if (failure) throw failure.error
}

/** What is recorded under one outermost operation. */
type Together = {
  /** False once it has answered: what goes on behind it records for itself. */
  open: boolean
  waiting: Set<Promise<void>>
  failure: { error: unknown } | null
}

function current(): Together | null {
  const together = scopes().getStore()
  return together?.open ? together : null
}

async function close(together: Together): Promise<void> {
  together.open = false
  await stored(together)
}

async function stored(together: Together): Promise<void> {
  if (together.waiting.size > 0) {
    storeWaiting()
    await Promise.allSettled(together.waiting)
  }
  if (together.failure) throw together.failure.error
}

function scopes(): AsyncLocalStorage<Together> {
  return remember('cloudtrail.together', () => new AsyncLocalStorage<Together>())
}
