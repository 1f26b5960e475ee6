import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import { beginAgain, countOpen, day, hour, minute, state, type Counting, type OpenHour } from '#lib/cloudtrail/open-tallies'
import { decodeTally, encodeTally, merging, openTally, tallyOf } from '#lib/cloudtrail/tally'
import { eventHistoryDays } from '#lib/cloudtrail/time-range'
import { db, transaction } from '#lib/db'

/** The stretches that are kept, in milliseconds: an hour, and what is put together of these. */
export const lengths = [hour, 6 * hour, day] as const

/**
 * Counts what was recorded, and keeps it hour by hour: the chart and the filters beside it are then of all events, however many
 * there are (docs/decisions/018-counted-hours.md). To be run every few seconds. It rests in between: an installation of before has
 * millions to count.
 *
 * @param rest  milliseconds, after each thousand events
 */
export async function tallyEvents(now = Date.now(), rest = 10): Promise<void> {
  const counting = state()
  for (let whole = false; !whole; ) {
    whole = await countOpen(eventsOfRun)
    if (isDue(counting, now, whole)) await keep(counting)
    if (!whole) await pause(rest)
  }
  const quarter = Math.floor((now - settled) / (6 * hour))
  if (counting.folded === quarter) return
  for (const length of lengths.slice(1)) await putTogether(length, now, counting.keptUpTo)
  await db().$executeRaw`DELETE FROM "TrailTally" WHERE "start" < ${BigInt(now - (eventHistoryDays + 2) * day)}`
  counting.folded = quarter
}

/** True where much has come, which after a crash would be counted again; and, once all is counted, where an hour is over. */
function isDue({ open, upTo, keptUpTo }: Counting, now: number, whole: boolean): boolean {
  return upTo - keptUpTo >= mostNotKept || (whole && [...open.values()].some(({ start }) => start + hour + settled <= now))
}

/** Stores what is open, with the sequence that it goes up to, in one transaction. */
async function keep(counting: Counting): Promise<void> {
  const { open, upTo } = counting
  counting.closing = open
  counting.open = new Map()
  try {
    const rows: (OpenHour & { combinations: number; bytes: Uint8Array<ArrayBuffer> })[] = []
    for (const each of open.values()) {
      rows.push({ ...each, combinations: each.counted.counts.length, bytes: encodeTally(tallyOf(each.counted)) })
      await turn()
    }
    await transaction(async (tx) => {
      for (const { region, start, combinations, bytes } of rows) {
        await tx.$executeRaw`INSERT INTO "TrailTally" ("region", "length", "start", "upTo", "combinations", "tally") VALUES (${region}, ${hour}, ${BigInt(start)}, ${upTo}, ${combinations}, ${bytes})`
        // What was put together lacks this, and is put together again.
        for (const length of lengths.slice(1)) await tx.$executeRaw`DELETE FROM "TrailTally" WHERE "region" = ${region} AND "length" = ${length} AND "start" = ${BigInt(start - (start % length))}`
      }
    })
  } catch (error) {
    await beginAgain(counting)
    throw error
  }
  counting.keptUpTo = upTo
  counting.closing = new Map()
  counting.folded = undefined
}

/** Makes one tally of those within each longer stretch that is over: a chart of months reads tens of them, not thousands. */
async function putTogether(length: number, now: number, upTo: number): Promise<void> {
  const stretches = await db().$queryRaw<{ region: string; start: bigint; combinations: bigint }[]>`
    SELECT "region", "start" - "start" % ${BigInt(length)} AS "start", SUM("combinations") AS "combinations" FROM "TrailTally" AS part
    WHERE "length" = ${hour} AND "start" < ${BigInt(now - settled - ((now - settled) % length))}
      AND NOT EXISTS (SELECT 1 FROM "TrailTally" AS whole WHERE whole."region" = part."region" AND whole."length" = ${length} AND whole."start" = part."start" - part."start" % ${BigInt(length)})
    GROUP BY 1, 2`
  for (const { region, start, combinations } of stretches) {
    if (Number(combinations) > mostOfStretch) continue
    const whole = openTally(false)
    for (const place of await partsOf(region, length, start)) {
      const [part] = await db().$queryRaw<{ tally: Uint8Array }[]>`
        SELECT "tally" FROM "TrailTally" WHERE "region" = ${region} AND "length" = ${place.length} AND "start" = ${place.start} AND "upTo" = ${place.upTo}`
      if (!part) return
      const tally = decodeTally(part.tally)
      const add = merging(whole, tally)
      for (let place = 0; place < tally.counts.length; place += combinationsOfTurn) {
        add(place, place + combinationsOfTurn)
        await turn()
      }
    }
    const bytes = encodeTally(tallyOf(whole))
    await db().$executeRaw`INSERT INTO "TrailTally" ("region", "length", "start", "upTo", "combinations", "tally") VALUES (${region}, ${length}, ${start}, ${upTo}, ${whole.counts.length}, ${bytes})`
  }
}

type Part = Readonly<{ length: number; start: bigint; upTo: number }>

/** The longest tallies that make up a stretch. */
async function partsOf(region: string, length: number, start: bigint): Promise<Part[]> {
  const within = await db().$queryRaw<Part[]>`
    SELECT "length", "start", "upTo" FROM "TrailTally"
    WHERE "region" = ${region} AND "length" < ${length} AND "start" >= ${start} AND "start" < ${start + BigInt(length)} ORDER BY "length" DESC, "start"`
  const quarters = new Set(within.filter((part) => part.length > hour).map((part) => part.start))
  return within.filter((part) => part.length > hour || !quarters.has(part.start - (part.start % BigInt(6 * hour))))
}

/** Events of one run of the count, between rests. */
const eventsOfRun = 1000
/** Milliseconds until hardly anything comes of an hour that is over. */
const settled = minute
const mostNotKept = 20_000
/** Of a longer stretch: where more differ, its hours are counted one by one, as far as a count goes. */
const mostOfStretch = 200_000
const combinationsOfTurn = 2000
