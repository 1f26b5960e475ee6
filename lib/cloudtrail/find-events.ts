import { Prisma } from '#prisma/sqlite/generated/client.ts'
import { db } from '#lib/db'
import { enterEvents } from '#lib/cloudtrail/journaled-events'

/** Which events to find, in one Region: all that is set must hold. */
export type EventFilter = Readonly<{
  region: string
  /** milliseconds since the epoch, inclusive */
  from: number
  /** milliseconds since the epoch, exclusive */
  to: number
  eventId?: string
  repositoryId?: string
  resourceName?: string
  resourceType?: string
  accessKeyId?: string
  username?: string
  /** any of these; '' is success */
  errorCodes?: readonly string[]
  eventName?: string
  eventSource?: string
  readOnly?: boolean
}>

/** Where a page ended: the next holds what is older. */
export type Place = readonly [at: number, sequence: number]

export type FoundEvent = Readonly<{ sequence: number; at: bigint; record: string }>

/**
 * The newest events of a filter, older than `after`.
 *
 * One condition drives: its index has the events in order, so a page costs its own length among ten million. The others are
 * tried on the events it gives, and at most some `mostOfPage` of these a call: a search for what hardly occurs answers soon,
 * with less than a page and with a place to go on from, instead of holding up everything else.
 *
 * @returns at most `limit` events, and where to go on: undefined where there is no more
 */
export async function findEvents(filter: EventFilter, limit: number, after?: Place): Promise<{ events: FoundEvent[]; next: Place | undefined }> {
  await enterEvents()
  const { driver, others } = await plan(filter, after)
  if (others.length === 0) {
    const found = await select(candidates(driver, filter, limit + 1, after), [], limit + 1)
    const events = found.slice(0, limit)
    return { events, next: found.length > limit ? placeOf(events.at(-1)) : undefined }
  }
  const events: FoundEvent[] = []
  let place = after
  for (let examined = 0, size = smallWindow; examined < mostOfPage; examined += size, size = Math.min(size * 2, pageWindow)) {
    const these = candidates(driver, filter, size, place)
    const found = await select(these, others, limit + 1 - events.length)
    events.push(...found)
    if (events.length > limit) return { events: events.slice(0, limit), next: placeOf(events[limit - 1]) }
    const end = await lastOf(these)
    if (!end || end.count < size) return { events, next: undefined }
    place = [Number(end.at), end.sequence]
  }
  return { events, next: place }
}

/**
 * The oldest events of a filter that were recorded after `sequence`, at most `limit`, and the sequence up to which that is all:
 * what a reader asks for again and again while events come in.
 */
export async function eventsAfter(filter: EventFilter, sequence: number, limit: number): Promise<{ events: FoundEvent[]; upTo: number }> {
  await enterEvents()
  const others = conditionsOf(filter).map(({ other }) => other)
  const [last] = await db().$queryRaw<{ sequence: number | null }[]>`
    SELECT MAX("sequence") AS "sequence" FROM (SELECT "sequence" FROM ${events} WHERE "sequence" > ${sequence} ORDER BY "sequence" LIMIT ${mostExamined}) AS newer`
  if (!last || last.sequence === null) return { events: [], upTo: sequence }
  const found = await db().$queryRaw<FoundEvent[]>`
    SELECT event."sequence", event."at", event."record" FROM ${events} AS event
    WHERE event."sequence" > ${sequence} AND event."sequence" <= ${last.sequence} AND COALESCE(event."region", event."region") = ${filter.region}
      AND COALESCE(event."at", event."at") >= ${BigInt(filter.from)} AND COALESCE(event."at", event."at") < ${BigInt(filter.to)}
      ${Prisma.join([Prisma.empty, ...others], ' AND ')}
    ORDER BY event."sequence" LIMIT ${limit + 1}`
  const page = found.slice(0, limit)
  return { events: page, upTo: found.length > limit ? (page.at(-1)?.sequence ?? sequence) : last.sequence }
}

/** The sequence of the event that was recorded last, of any Region; 0 before the first. */
export async function lastSequence(): Promise<number> {
  await enterEvents()
  const [last] = await db().$queryRaw<{ sequence: number | null }[]>`SELECT MAX("sequence") AS "sequence" FROM ${events}`
  return last?.sequence ?? 0
}

/**
 * When the oldest and the newest event of a filter were, about: of each condition by itself, so that there is none outside.
 * Undefined where there is none at all.
 */
export async function extentOf(filter: EventFilter): Promise<readonly [oldest: number, newest: number] | undefined> {
  await enterEvents()
  const drivers = conditionsOf(filter).map(({ driver }) => driver)
  const ends = await Promise.all(
    (drivers.length === 0 ? [null] : drivers).map(async (driver) => {
      const [extent] = await db().$queryRaw<{ oldest: bigint | null; newest: bigint | null }[]>`
        SELECT (${endOf(driver, filter, 'ASC')}) AS "oldest", (${endOf(driver, filter, 'DESC')}) AS "newest"`
      if (!extent || extent.oldest === null || extent.newest === null) return undefined
      return [Number(extent.oldest), Number(extent.newest)] as const
    }),
  )
  if (ends.includes(undefined)) return undefined
  const [oldest, newest] = [Math.max(...ends.map((end) => end?.[0] ?? 0)), Math.min(...ends.map((end) => end?.[1] ?? 0))]
  return oldest > newest ? undefined : [oldest, newest]
}

/** Every code of an error that the Region has an event of: a walk from one to the next, not through all events. */
export async function errorCodesIn(region: string): Promise<string[]> {
  await enterEvents()
  const rows = await db().$queryRaw<{ code: string }[]>`
    WITH RECURSIVE codes(code) AS (
      SELECT (SELECT MIN("errorCode") FROM ${events} WHERE "region" = ${region} AND "errorCode" > '')
      UNION ALL
      SELECT (SELECT MIN("errorCode") FROM ${events} WHERE "region" = ${region} AND "errorCode" > codes.code) FROM codes WHERE codes.code IS NOT NULL
    ) SELECT code FROM codes WHERE code IS NOT NULL`
  return rows.map(({ code }) => code)
}

/** Events tried against the conditions that no index serves, in one statement and in one call. */
const window = 2000
/** The first of a page, which is often enough. */
const smallWindow = 250
const mostExamined = 10_000
/** The same for a page: each costs some 10 µs where ten million are too many to be in memory, and a page has 50 ms. */
const pageWindow = 1000
const mostOfPage = 2500

/** What gives events in order: an index of TrailEvent or TrailEventResource, by one column and any of some values. */
type Driver = Readonly<{ table: Prisma.Sql; column: Prisma.Sql; values: readonly (string | boolean)[] }> | null

/**
 * The condition that leaves the fewest events drives; of equals, the one that usually leaves fewer. The others become SQL
 * that keeps off the indexes.
 */
export async function plan(filter: EventFilter, after: Place | undefined): Promise<{ driver: Driver; others: Prisma.Sql[] }> {
  const conditions = conditionsOf(filter)
  const best = conditions.length > 1 ? await fewest(conditions.map(({ driver }) => candidates(driver, filter, window, after))) : 0
  return { driver: conditions[best]?.driver ?? null, others: conditions.filter((_, index) => index !== best).map(({ other }) => other) }
}

/** What is set of a filter; of conditions that leave as many events, the one that usually leaves fewer comes first. */
function conditionsOf(filter: EventFilter): Condition[] {
  const { errorCodes } = filter
  return [
    on('eventId', filter.eventId),
    on('repositoryId', filter.repositoryId),
    ofResource('name', filter.resourceName),
    on('accessKeyId', filter.accessKeyId),
    on('username', filter.username),
    errorCodes && { driver: { table: events, column: columns.errorCode, values: errorCodes }, other: anyOf(columns.errorCode, errorCodes) },
    on('eventName', filter.eventName),
    ofResource('type', filter.resourceType),
    on('eventSource', filter.eventSource),
    on('readOnly', filter.readOnly),
  ].filter((condition) => condition !== undefined)
}

/**
 * Which of some candidates are the fewest: none is counted further than it is long, and of those that are longer the fewest
 * are those that go back furthest.
 */
async function fewest(all: readonly Prisma.Sql[]): Promise<number> {
  const counts = await db().$queryRaw<{ position: bigint }[]>`
    SELECT "position" FROM (${Prisma.join(
      all.map((these, position) => Prisma.sql`SELECT ${Prisma.raw(String(position))} AS "position", COUNT(*) AS "count", MIN("at") AS "oldest" FROM (${these}) AS candidate`),
      ' UNION ALL ',
    )}) AS counted ORDER BY "count", "oldest", "position" LIMIT 1`
  return Number(counts[0]?.position ?? 0)
}

type Condition = Readonly<{ driver: NonNullable<Driver>; other: Prisma.Sql }>

function on(column: Exclude<keyof typeof columns, 'name' | 'type'>, value: string | boolean | undefined): Condition | undefined {
  if (value === undefined) return undefined
  return { driver: { table: events, column: columns[column], values: [value] }, other: anyOf(columns[column], [value]) }
}

function ofResource(column: 'name' | 'type', value: string | undefined): Condition | undefined {
  if (value === undefined) return undefined
  return {
    driver: { table: resources, column: columns[column], values: [value] },
    other: Prisma.sql`EXISTS (SELECT 1 FROM ${resources} WHERE ${resources}."sequence" = event."sequence" AND ${columns[column]} = ${value})`,
  }
}

/** COALESCE changes nothing but that no index is tried, which would lose the order. */
function anyOf(column: Prisma.Sql, values: readonly (string | boolean)[]): Prisma.Sql {
  return values.length === 0 ? Prisma.sql`1 = 0` : Prisma.sql`COALESCE(event.${column}, event.${column}) IN (${Prisma.join([...values])})`
}

/** The next `count` events of the driver's index, newest first: `sequence` and `at`. */
export function candidates(driver: Driver, filter: EventFilter, count: number, after: Place | undefined): Prisma.Sql {
  const range = Prisma.sql`"region" = ${filter.region} AND "at" >= ${BigInt(filter.from)} AND ${olderThan(filter.to, after)}`
  const newest = Prisma.sql`ORDER BY "at" DESC, "sequence" DESC LIMIT ${count}`
  if (!driver) return Prisma.sql`SELECT "sequence", "at" FROM ${events} WHERE ${range} ${newest}`
  const { table, column, values } = driver
  const each = values.map((value) => Prisma.sql`SELECT DISTINCT "sequence", "at" FROM ${table} WHERE ${column} = ${value} AND ${range} ${newest}`)
  if (each.length === 0) return Prisma.sql`SELECT "sequence", "at" FROM ${events} WHERE 1 = 0`
  if (each.length === 1) return each[0] ?? Prisma.empty
  // Each value has its own order in the index: the newest of each, and then the newest of all.
  return Prisma.sql`SELECT "sequence", "at" FROM (${Prisma.join(
    each.map((one, index) => Prisma.sql`SELECT * FROM (${one}) AS ${Prisma.raw(`one${index}`)}`),
    ' UNION ALL ',
  )}) AS merged ${newest}`
}

/** The time of the oldest or the newest event of a driver's index. */
function endOf(driver: Driver, { region, from, to }: EventFilter, direction: 'ASC' | 'DESC'): Prisma.Sql {
  const range = Prisma.sql`"region" = ${region} AND "at" >= ${BigInt(from)} AND "at" < ${BigInt(to)}`
  const ordered = Prisma.sql`ORDER BY "at" ${Prisma.raw(direction)} LIMIT 1`
  if (!driver) return Prisma.sql`SELECT "at" FROM ${events} WHERE ${range} ${ordered}`
  const { table, column, values } = driver
  if (values.length === 0) return Prisma.sql`SELECT NULL`
  const each = values.map((value, index) => Prisma.sql`SELECT * FROM (SELECT "at" FROM ${table} WHERE ${column} = ${value} AND ${range} ${ordered}) AS ${Prisma.raw(`one${index}`)}`)
  return Prisma.sql`SELECT "at" FROM (${Prisma.join(each, ' UNION ALL ')}) AS every ${ordered}`
}

/**
 * The bound on `at` says less than the one on both, but it is the one that an index can begin at. There is only one: of two
 * SQLite may begin at the other, and then walks past every event that is newer than the page.
 */
function olderThan(to: number, after: Place | undefined): Prisma.Sql {
  if (!after || after[0] >= to) return Prisma.sql`"at" < ${BigInt(to)}`
  const [at, sequence] = after
  return Prisma.sql`"at" <= ${BigInt(at)} AND ("at" < ${BigInt(at)} OR "sequence" < ${sequence})`
}

async function select(these: Prisma.Sql, others: readonly Prisma.Sql[], limit: number): Promise<FoundEvent[]> {
  // CROSS JOIN: SQLite then keeps to this order of tables.
  return db().$queryRaw<FoundEvent[]>`
    SELECT event."sequence", event."at", event."record"
    FROM (${these}) AS candidate CROSS JOIN ${events} AS event
    WHERE event."sequence" = candidate."sequence" ${Prisma.join([Prisma.empty, ...others], ' AND ')}
    ORDER BY event."at" DESC, event."sequence" DESC LIMIT ${limit}`
}

/** The oldest of some candidates, and how many they are. */
export async function lastOf(these: Prisma.Sql): Promise<{ at: bigint; sequence: number; count: number } | undefined> {
  const [last] = await db().$queryRaw<{ at: bigint; sequence: number; count: bigint }[]>`
    SELECT "at", "sequence", COUNT(*) OVER () AS "count" FROM (${these}) AS candidate ORDER BY "at", "sequence" LIMIT 1`
  return last && { ...last, count: Number(last.count) }
}

function placeOf(event: FoundEvent | undefined): Place | undefined {
  return event && [Number(event.at), event.sequence]
}

const events = Prisma.raw('"TrailEvent"')
const resources = Prisma.raw('"TrailEventResource"')
const columns = {
  eventId: Prisma.raw('"eventId"'),
  repositoryId: Prisma.raw('"repositoryId"'),
  accessKeyId: Prisma.raw('"accessKeyId"'),
  username: Prisma.raw('"username"'),
  errorCode: Prisma.raw('"errorCode"'),
  eventName: Prisma.raw('"eventName"'),
  eventSource: Prisma.raw('"eventSource"'),
  readOnly: Prisma.raw('"readOnly"'),
  name: Prisma.raw('"name"'),
  type: Prisma.raw('"type"'),
} as const
