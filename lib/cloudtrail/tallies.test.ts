import { afterEach, beforeEach, expect, test } from 'vitest'
import { appendEvents } from '#lib/cloudtrail/append-events'
import { countEvents, type EventCount } from '#lib/cloudtrail/count-events'
import type { EventFilter } from '#lib/cloudtrail/find-events'
import { SummarizeEvents } from '#lib/cloudtrail/history'
import { tallyEvents } from '#lib/cloudtrail/kept-tallies'
import { decodeTally, encodeTally, openTally, addToTally, tallyOf } from '#lib/cloudtrail/tally'
import { talliedCounts } from '#lib/cloudtrail/tallied-counts'
import type { NewTrailEvent } from '#lib/cloudtrail/trail-event'
import { db } from '#lib/db'
import { invoke } from '#lib/invoke'
import { forget } from '#lib/remember'
import { rootContext, userContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'

let database: TestDatabase
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]
const today = Date.now() - (Date.now() % day)
const region = 'eu-west-1'
const names = ['Decrypt', 'GitPull', 'Encrypt', 'ReEncrypt']

beforeEach(async () => {
  database = await testDatabase()
})

afterEach(() => database[Symbol.asyncDispose]())

test('a tally is written as docs/formats.md says, and read again', () => {
  const open = openTally(true)
  addToTally(open, ['Decrypt', 'k', 'bob', '', 'r', '', 'true', ''], 59, 299)
  addToTally(open, ['Decrypt', 'k', 'eve', 'AccessDenied', 'r', '', 'true', ''], 3, 1)
  addToTally(open, ['Decrypt', 'k', 'bob', '', 'r', '', 'true', ''], 59, 1)
  const head = '{"combinations":2,"widths":[1,1,1,1,1,1,1,1,2,1],"values":[["Decrypt"],["k"],["bob","eve"],["","AccessDenied"],["r"],[""],["true"],[""]]}'
  const bytes = encodeTally(tallyOf(open))
  expect(Buffer.from(bytes).toString('latin1')).toBe(`\0\0\0${String.fromCharCode(head.length)}${head}\0\0\0\0\0\x01\0\x01\0\0\0\0\0\0\0\0\x01\x2c\0\x01\x3b\x03`)
  expect(decodeTally(bytes)).toEqual(tallyOf(open))
})

test('places and counts that need two and four bytes are read as they were written', () => {
  const open = openTally(false)
  for (let n = 0; n < 70_000; n++) addToTally(open, ['Decrypt', `${n % 300}`, '', '', '', '', 'true', `key\0${n}`], 0, n)
  const [written, read] = [tallyOf(open), decodeTally(encodeTally(tallyOf(open)))]
  expect(read.columns.map(({ values }) => values.join())).toEqual(written.columns.map(({ values }) => values.join()))
  expect([read.counts, ...read.columns.map(({ codes }) => codes)].map((each) => each.join())).toEqual([written.counts, ...written.columns.map(({ codes }) => codes)].map((each) => each.join()))
  expect(read.minutes).toBeNull()
})

const filters: readonly Partial<EventFilter>[] = [
  {},
  { username: 'user1' },
  { eventName: 'Decrypt' },
  { errorCodes: ['AccessDenied', 'Other'] },
  { errorCodes: [''] },
  { errorCodes: [] },
  { repositoryId: 'repository2', username: 'user1' },
  { resourceName: 'key3' },
  { resourceType: 'AWS::CodeCommit::Repository', eventSource: 'codecommit.amazonaws.com' },
  { readOnly: false },
  { accessKeyId: 'AKIA2', eventName: 'ReEncrypt', readOnly: true },
  { username: 'nobody' },
]
const ranges: readonly (readonly [from: number, to: number, length: number])[] = [
  [today - 5 * day, 8.64e15, day],
  [today - 3 * day - 1234, today - day + 61_001, 3 * hour],
  [today - 2 * day, today - 2 * day + 6 * hour, 6 * hour],
  [today - 2 * day + 17 * minute, today - 2 * day + 3 * hour + 5 * minute + 7, 5 * minute],
  [today - 4 * day, today, 7 * day],
]

test('what was counted of each hour says the same as counting one by one: still open, kept, put together, and with what came late', async () => {
  await appendEvents(scattered(900, 0))
  await compare()
  await tallyEvents(today + 30 * hour, 0)
  expect(await lengthsKept()).toEqual(new Set([hour, 6 * hour, day]))
  await compare()
  // Recorded now, begun days ago: what was put together is put together again.
  await appendEvents(scattered(600, 900))
  await compare()
  await tallyEvents(today + 30 * hour, 0)
  await compare()
  expect(await lengthsKept()).toEqual(new Set([hour, 6 * hour, day]))
})

test('a process that ends before it keeps what it counted, or while it does, counts each event once', async () => {
  await appendEvents(scattered(400, 0))
  await tallyEvents(today + 30 * hour, 0)
  await appendEvents(scattered(300, 400))
  await talliedCounts(whole, day)
  forget('cloudtrail.counting')
  await compare()
  // Its transaction fails after its first row: what was put together cannot be deleted.
  await db().$executeRaw`CREATE TRIGGER "refuse" BEFORE DELETE ON "TrailTally" BEGIN SELECT RAISE(ABORT, 'not now'); END`
  const kept = await db().trailTally.count()
  await expect(tallyEvents(today + 30 * hour, 0)).rejects.toThrow('not now')
  expect(await db().trailTally.count()).toBe(kept)
  await compare()
  await db().$executeRaw`DROP TRIGGER "refuse"`
  await tallyEvents(today + 30 * hour, 0)
  expect(await db().trailTally.count()).toBeGreaterThan(kept)
  await compare()
})

test('where many are not counted yet, a summary says how far back it goes; then it is of all', async () => {
  const many = Array.from({ length: 21_000 }, (_, n) => ({ ...event(n), region, at: today - day + n * 100 }))
  for (let first = 0; first < many.length; first += 3000) await appendEvents(many.slice(first, first + 3000))
  const untilToday = { EndTime: new Date(today) }
  const before = await summarize(untilToday)
  expect(before.Count).toBe(2000)
  expect(before.CountedUntil).toEqual(new Date(today - day + 19_000 * 100))
  await tallyEvents(Date.now(), 0)
  const after = await summarize(untilToday)
  expect(after.Count).toBe(21_000)
  expect(after).not.toHaveProperty('CountedUntil')
  expect(after.Usernames.reduce((sum, { Count }) => sum + Count, 0)).toBe(21_000)
  // Some of them are of one half hour, which has stretches of seconds: there are too many to look at, so they are of minutes.
  const short = await summarize({ StartTime: new Date(today - day + 10 * minute), EndTime: new Date(today - day + 34 * minute - 1000) })
  expect(short).toMatchObject({ Count: (24 * minute) / 100, BucketSeconds: 60 })
})

test('what is older than the event history is counted no more', async () => {
  await appendEvents([{ ...event(1), at: today - 89 * day }, { ...event(2), at: today - 100 * day }])
  await tallyEvents(today + 30 * hour, 0)
  expect((await db().trailTally.findMany({ where: { length: hour } })).map(({ start }) => Number(start))).toEqual([today - 89 * day])
  expect((await summarize({})).Count).toBe(1)
  await tallyEvents(today + 4 * day, 0)
  expect(await db().trailTally.count({ where: { start: { lt: BigInt(today) } } })).toBe(0)
})

test('who may not look up events is told no counts, and none are of another Region', async () => {
  const alice = { id: 'AIDACKCEVSQ6C2EXAMPLE', name: 'alice', arn: 'arn:aws:iam::111122223333:user/alice' }
  await db().iamUser.create({ data: { ...alice, nameLower: 'alice', createDate: new Date() } })
  await appendEvents(scattered(50, 0))
  await tallyEvents(today + 30 * hour, 0)
  await expect(invoke(SummarizeEvents, userContext(alice, { region }), {})).rejects.toMatchObject({ name: 'AccessDeniedException' })
  // The refusal itself is the one event more.
  expect((await summarize({})).Count).toBe(scattered(50, 0).filter((each) => each.region === region).length + 1)
  expect((await invoke(SummarizeEvents, rootContext({ region: 'sa-east-1' }), {})).Count).toBe(0)
})

const whole: EventFilter = { region, from: today - 5 * day, to: 8.64e15 }

async function compare(): Promise<void> {
  for (const conditions of filters) {
    for (const [from, to, length] of ranges) {
      const filter = { ...whole, ...conditions, from, to }
      const looked = await countEvents(filter, length)
      expect(looked.until).toBeUndefined()
      const tallied = await talliedCounts(filter, length)
      expect(tallied?.until).toBeUndefined()
      expect(normal(tallied?.counts), JSON.stringify([conditions, from - today, to - today, length])).toEqual(normal(looked.counts))
    }
  }
}

/** Counts by what they are of; those of the same added up. */
function normal(counts: readonly EventCount[] | undefined): [string, number][] | undefined {
  const sums = new Map<string, number>()
  for (const { of, value, bucket, failed, count } of counts ?? []) {
    const name = JSON.stringify([of, value, Number(bucket), Number(failed)])
    sums.set(name, (sums.get(name) ?? 0) + Number(count))
  }
  return counts && [...sums].sort(([one], [other]) => (one < other ? -1 : 1))
}

async function lengthsKept(): Promise<Set<number>> {
  return new Set((await db().trailTally.findMany({ select: { length: true } })).map(({ length }) => length))
}

/** Events of the last four days in two Regions, in no order of time; the same for the same numbers. */
function scattered(count: number, first: number): NewTrailEvent[] {
  return Array.from({ length: count }, (_, n) => event(first + n))
}

function event(n: number): NewTrailEvent {
  const r = (n * 2654435761) % 4294967296
  const eventName = names[r % 4] ?? ''
  const git = eventName === 'GitPull'
  const key = { type: 'AWS::KMS::Key', name: `key${r % 7}` }
  return {
    eventId: `event-${n}-${r}`,
    at: today - 4 * day + Math.floor((r / 4294967296) * 4 * day),
    region: r % 5 === 0 ? 'us-west-2' : region,
    eventName,
    eventSource: git ? 'codecommit.amazonaws.com' : 'kms.amazonaws.com',
    username: `user${(r >> 3) % 3}`,
    readOnly: r % 11 !== 0,
    accessKeyId: `AKIA${(r >> 5) % 3}`,
    errorCode: r % 13 === 0 ? 'AccessDenied' : r % 17 === 0 ? 'Other' : '',
    repositoryId: r % 3 === 0 ? '' : `repository${(r >> 4) % 4}`,
    record: '{}',
    resources: eventName === 'ReEncrypt' ? [key, { ...key, name: `${key.name}-other` }] : git ? [{ type: 'AWS::CodeCommit::Repository', name: 'arn' }] : [key],
  }
}

function summarize(input: object) {
  return invoke(SummarizeEvents, rootContext({ region }), input)
}
