import { z } from 'zod'
import { invalidTimeRange } from '#lib/cloudtrail/exceptions'

/** A timestamp member: seconds since the epoch on the wire, a Date in the process. */
export const timestamp = z.union([z.date(), z.number().transform((seconds) => new Date(seconds * 1000))])

/**
 * The range that a lookup sees, as milliseconds: `from` inclusive, `to` exclusive. Both ends of the request are inclusive and
 * count whole seconds, as the times of events do; what is older than the event history is not seen.
 *
 * @throws InvalidTimeRangeException
 */
export function timeRange(start: Date | undefined, end: Date | undefined, now: Date): { from: number; to: number } {
  for (const time of [start, end]) {
    if (time && Number.isNaN(time.getTime())) throw invalidTimeRange('The time is not valid.')
  }
  if (start && end && start > end) throw invalidTimeRange('The start time must be before the end time.')
  const oldest = now.getTime() - eventHistoryDays * 24 * 60 * 60 * 1000
  return {
    from: Math.max(start ? Math.ceil(start.getTime() / 1000) * 1000 : oldest, oldest),
    to: end ? (Math.floor(end.getTime() / 1000) + 1) * 1000 : latest,
  }
}

/** How far back the event history goes. Older rows stay: nothing deletes what was recorded. */
export const eventHistoryDays = 90

/** The latest time that JavaScript has. */
const latest = 8.64e15
