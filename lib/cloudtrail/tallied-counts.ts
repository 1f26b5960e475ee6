import { setImmediate as turn } from 'node:timers/promises'
import { countEvents, type EventCount } from '#lib/cloudtrail/count-events'
import type { EventFilter } from '#lib/cloudtrail/find-events'
import { lengths } from '#lib/cloudtrail/kept-tallies'
import { countRest, hour, minute, openTallies } from '#lib/cloudtrail/open-tallies'
import { placed, readTallies, talliesWithin, tallyMemory, type ReadTallies, type ReadTally, type Stretch } from '#lib/cloudtrail/read-tallies'
import { addMatching, eventCounts, sumsOver, type Sums } from '#lib/cloudtrail/tally-sums'

/**
 * Counts all events of a filter by what was counted of each hour, with those of the last seconds: none is left out, however many
 * there are.
 *
 * @param length  of a bucket, in milliseconds
 * @returns the counts, and where there are too many that differ the time back to which they go; undefined where this way does not
 *   count: single events, stretches shorter than a minute, and while much is not counted yet
 */
export async function talliedCounts(filter: EventFilter, length: number): Promise<{ counts: EventCount[]; until: number | undefined } | undefined> {
  if (filter.eventId !== undefined || length % minute !== 0) return undefined
  // What lies between the ends of the range and whole minutes is looked up.
  const [from, to] = [Math.ceil(filter.from / minute) * minute, Math.floor(filter.to / minute) * minute]
  if (from >= to) return undefined
  if (!(await countRest(mostBehind))) return undefined
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { keptUpTo, hours } = openTallies(filter.region)
    const kept = await talliesWithin(filter.region, { from, to, upTo: keptUpTo }, lengths.filter((each) => each === hour || length % each === 0))
    const memory = tallyMemory()
    const open = hours.filter(({ start }) => start < to && start + hour > from).map(({ start, tally }) => ({ start, length: hour, tally: placed(memory, tally) }))
    const sums = sumsOver(filter, memory.known)
    const until = await sumUp(memory, sums, { region: filter.region, from, to, length }, [...open, ...kept].sort((one, other) => other.start - one.start))
    if (until === 'changed') continue
    const newest = await countEdge({ ...filter, from: to }, length)
    if (newest.until) return undefined
    const oldest = until === undefined ? await countEdge({ ...filter, to: from }, length) : noEdge
    const counts = [...eventCounts(sums), ...newest.counts]
    return oldest.until ? { counts, until: from } : { counts: [...counts, ...oldest.counts], until }
  }
  return undefined
}

const noEdge = { counts: [], until: undefined }

/** Less than a minute at an end of the range. */
async function countEdge(edge: EventFilter, length: number): ReturnType<typeof countEvents> {
  return edge.from < edge.to ? countEvents(edge, length) : noEdge
}

type Range = Readonly<{ region: string; from: number; to: number; length: number }>
type OpenStretch = Readonly<{ start: number; length: number; tally: ReadTally }>

/** Adds up from the newest stretch to the oldest. */
async function sumUp(memory: ReadTallies, sums: Sums, range: Range, stretches: readonly (Stretch | OpenStretch)[]): Promise<number | undefined | 'changed'> {
  let [examined, sinceTurn] = [0, 0]
  for (let first = 0; first < stretches.length; first += stretchesAtOnce) {
    const these = stretches.slice(first, first + stretchesAtOnce)
    const read = await readTallies(memory, range.region, these.filter((each) => 'upTo' in each))
    if (!read) return 'changed'
    for (const each of these) {
      const tally = 'tally' in each ? each.tally : read.get(each)
      if (!tally) continue
      if (examined > mostExamined) return each.start + each.length
      addMatching(sums, tally, { ...range, start: each.start })
      examined += tally.counts.length
      sinceTurn += tally.counts.length
      if (sinceTurn < combinationsOfTurn) continue
      sinceTurn = 0
      await turn()
    }
  }
  return undefined
}

/** Events that a request waits for to be counted; where more are behind, millions may be. */
const mostBehind = 20_000
/** Combinations that one request goes through: a day of an installation of ten million events has twenty thousand. */
const mostExamined = 2_500_000
/** Of one turn: some milliseconds, in which nobody else has any. */
const combinationsOfTurn = 200_000
const stretchesAtOnce = 8
/** A stretch that was put together anew while it was read. */
const attempts = 3
