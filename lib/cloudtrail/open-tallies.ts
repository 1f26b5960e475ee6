import { setImmediate as turn } from 'node:timers/promises'
import { Prisma } from '#prisma/sqlite/generated/client.ts'
import { enterEvents } from '#lib/cloudtrail/journaled-events'
import { addToTally, openTally, tallyOf, type OpenTally, type Tally } from '#lib/cloudtrail/tally'
import { eventHistoryDays } from '#lib/cloudtrail/time-range'
import { beforeClosing, db, sqlite } from '#lib/db'
import { remember } from '#lib/remember'

/** Milliseconds: what is counted as it comes. */
export const hour = 3_600_000
export const minute = 60_000
export const day = 24 * hour

/**
 * Counts events that were recorded since the last time, about `most`, in the order of recording: so each is counted once, whatever
 * its time says. An operation's is the one when it began, and a long one is recorded in a later hour.
 *
 * @returns whether all are counted
 */
export function countOpen(most: number): Promise<boolean> {
  return inTurn((counting) => countNext(counting, most))
}

/** Counts all that were recorded since, unless more than `most` were. Whether all are counted. */
export function countRest(most: number): Promise<boolean> {
  return inTurn(async (counting) => {
    const [last] = await db().$queryRaw<{ sequence: number | bigint | null }[]>`SELECT MAX("sequence") AS "sequence" FROM "TrailEvent"`
    return Number(last?.sequence ?? 0) - counting.upTo <= most && countNext(counting, most + eventsOfTurn)
  })
}

/**
 * What is counted and not kept yet, of one Region, hour by hour; and the sequence up to which all before it is kept
 * (lib/cloudtrail/kept-tallies.ts). Both of one moment: what is in one is not in the other.
 */
export function openTallies(region: string): { keptUpTo: number; hours: { start: number; tally: Tally }[] } {
  const { keptUpTo, open, closing } = state()
  const hours = [...open.values(), ...closing.values()].filter((each) => each.region === region)
  return { keptUpTo, hours: hours.map(({ start, counted }) => ({ start, tally: tallyOf(counted) })) }
}

/** Counts of one Region in one hour. */
export type OpenHour = Readonly<{ region: string; start: number; counted: OpenTally }>

export type Counting = {
  /** False until it is known what is kept. */
  begun: boolean
  /** The last sequence whose count is in the database. */
  keptUpTo: number
  /** The last sequence that is counted at all. */
  upTo: number
  open: Map<string, OpenHour>
  /** What is on its way into the database. */
  closing: Map<string, OpenHour>
  queue: Promise<unknown>
  /** Which quarter of a day the last stretch is of that was put together; undefined where there may be others. */
  folded: number | undefined
}

export function state(): Counting {
  return remember<Counting>('cloudtrail.counting', () => {
    // The next database that is opened has its own.
    beforeClosing('cloudtrail.counting', () => Promise.resolve())
    return { begun: false, keptUpTo: 0, upTo: 0, open: new Map(), closing: new Map(), queue: Promise.resolve(), folded: undefined }
  })
}

/** Forgets what is counted and not kept: it is counted again, from what the database has. */
export async function beginAgain(counting: Counting): Promise<void> {
  await inTurn(() => Promise.resolve(Object.assign(counting, { begun: false, open: new Map(), closing: new Map() })))
}

/** One count at a time, after all events that are durable are in the table. */
function inTurn<Result>(work: (counting: Counting) => Promise<Result>): Promise<Result> {
  const counting = state()
  const done = counting.queue
    .catch(() => undefined)
    .then(async () => {
      await enterEvents()
      if (!counting.begun) await begin(counting)
      return work(counting)
    })
  counting.queue = done
  return done
}

async function countNext(counting: Counting, most: number): Promise<boolean> {
  const oldest = Date.now() - (eventHistoryDays + 1) * day
  for (let counted = 0; counted < most; counted += eventsOfTurn) {
    const events = await recordedAfter(counting.upTo)
    const last = events.at(-1)?.[0]
    if (last === undefined) return true
    const resources = await resourcesOf(counting.upTo, last)
    for (const [sequence, at, region, readOnly, ...values] of events) {
      if (at >= oldest) add(counting, region, at, [...values, readOnly ? 'true' : 'false', resources.get(sequence) ?? ''])
    }
    counting.upTo = last
    if (events.length < eventsOfTurn) return true
    await turn()
  }
  return false
}

async function begin(counting: Counting): Promise<void> {
  const [kept] = await db().$queryRaw<{ upTo: number | bigint | null }[]>`SELECT MAX("upTo") AS "upTo" FROM "TrailTally"`
  counting.keptUpTo = Number(kept?.upTo ?? 0)
  counting.upTo = counting.keptUpTo
  counting.begun = true
}

function add({ open }: Counting, region: string, at: number, values: readonly string[]): void {
  const start = at - (at % hour)
  const name = `${region} ${start}`
  let known = open.get(name)
  if (!known) open.set(name, (known = { region, start, counted: openTally(true) }))
  addToTally(known.counted, values, Math.floor((at - start) / minute), 1)
}

/** Sequence, time, Region, whether it only reads, then what it is found by in the order of a tally's attributes. */
type Recorded = [sequence: number, at: number, region: string, readOnly: number | boolean, ...values: string[]]

// As one text of JSON: a row through the client costs more than finding and counting it.

async function recordedAfter(sequence: number): Promise<Recorded[]> {
  return listed<Recorded>(
    Prisma.sql`"sequence", "at", "region", "readOnly", "eventName", "eventSource", "username", "errorCode", "repositoryId", "accessKeyId"`,
    Prisma.sql`SELECT * FROM "TrailEvent" WHERE "sequence" > ${sequence} ORDER BY "sequence" LIMIT ${eventsOfTurn}`,
  )
}

/** The resources of some events, by their sequence, as a tally has them. */
async function resourcesOf(after: number, upTo: number): Promise<ReadonlyMap<number, string>> {
  const rows = await listed<[sequence: number, type: string, name: string]>(
    Prisma.sql`"sequence", "type", "name"`,
    Prisma.sql`SELECT * FROM "TrailEventResource" WHERE "sequence" > ${after} AND "sequence" <= ${upTo} ORDER BY "sequence", "name"`,
  )
  const resources = new Map<number, string>()
  for (const [sequence, type, name] of rows) {
    const others = resources.get(sequence)
    resources.set(sequence, `${others === undefined ? '' : `${others}\0`}${type}\0${name}`)
  }
  return resources
}

async function listed<Row>(columns: Prisma.Sql, rows: Prisma.Sql): Promise<Row[]> {
  const list = sqlite() ? Prisma.sql`json_group_array(json_array(${columns}))` : Prisma.sql`CAST(json_agg(json_build_array(${columns})) AS TEXT)`
  const [found] = await db().$queryRaw<{ list: string | null }[]>`SELECT ${list} AS "list" FROM (${rows}) AS listed`
  return JSON.parse(found?.list ?? '[]') as Row[]
}

/** Of one statement: it holds up whatever else the process does. */
const eventsOfTurn = 500
