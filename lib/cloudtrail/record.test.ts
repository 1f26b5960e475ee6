import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Entry } from '#lib/cloudtrail/event-record'
import { recordEvent } from '#lib/cloudtrail/record'
import { databaseFile } from '#lib/database/open'
import { db, transaction } from '#lib/db'
import { rootContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
  // The write-ahead log then holds every commit since.
  await db().$queryRawUnsafe('PRAGMA wal_autocheckpoint = 0')
})

afterAll(() => database[Symbol.asyncDispose]())

test('an event is on disk when it is recorded, with its resources', async () => {
  await recordEvent(entry({ eventName: 'Alone', resources: [resource('1'), resource('2')] }))
  expect(stored('Alone')).toBe(1)
  const other = new BetterSqlite3(databaseFile(database.dataDir), { readonly: true })
  expect(other.prepare(`SELECT name, region FROM TrailEventResource ORDER BY name`).all()).toEqual([
    { name: resource('1').arn, region: 'us-east-2' },
    { name: resource('2').arn, region: 'us-east-2' },
  ])
  other.close()
})

test('events that are recorded at once share commits: a thousand take a handful', async () => {
  const before = commits()
  await Promise.all(Array.from({ length: 1000 }, () => recordEvent(entry({ eventName: 'Together', resources: [resource('1'), resource('2')] }))))
  expect(stored('Together')).toBe(1000)
  expect(commits() - before).toBeLessThanOrEqual(5)
  expect(commits() - before).toBeGreaterThan(0)
})

test('callers that each wait for their own event share commits, too', async () => {
  const before = commits()
  await Promise.all(
    Array.from({ length: 40 }, async () => {
      for (let time = 0; time < 5; time++) await recordEvent(entry({ eventName: 'Loop' }))
    }),
  )
  expect(stored('Loop')).toBe(200)
  expect(commits() - before).toBeLessThan(40)
})

test('events keep the order in which they were recorded', async () => {
  const names = Array.from({ length: 50 }, (_, index) => `Order${String(index).padStart(2, '0')}`)
  await Promise.all(names.map((eventName) => recordEvent(entry({ eventName }))))
  const rows = await db().trailEvent.findMany({ where: { eventName: { startsWith: 'Order' } }, orderBy: { sequence: 'asc' }, select: { eventName: true } })
  expect(rows.map(({ eventName }) => eventName)).toEqual(names)
})

test('where events cannot be stored every caller is told, and the next event is stored again', async () => {
  await db().$executeRawUnsafe('ALTER TABLE "TrailEvent" RENAME TO "Gone"')
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => recordEvent(entry({ eventName: 'Lost' }))))
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
  await db().$executeRawUnsafe('ALTER TABLE "Gone" RENAME TO "TrailEvent"')
  await recordEvent(entry({ eventName: 'Found' }))
  expect([stored('Lost'), stored('Found')]).toEqual([0, 1])
})

test('an event from within a transaction is refused at once, and takes no other with it', async () => {
  const inside = transaction(() => recordEvent(entry({ eventName: 'Inside' })))
  const beside = recordEvent(entry({ eventName: 'Beside' }))
  await expect(inside).rejects.toThrow('inside a transaction')
  await beside
  expect([stored('Inside'), stored('Beside')]).toEqual([0, 1])
})

test('what waits is bounded: beyond 64 MB an event is refused rather than kept in memory', async () => {
  let release: () => void = () => undefined
  let begun: () => void = () => undefined
  const beginning = new Promise<void>((resolve) => (begun = resolve))
  const held = transaction(async () => {
    begun()
    await new Promise<void>((resolve) => (release = resolve))
  })
  await beginning
  const large = { text: 'x'.repeat(100_000) }
  const outcomes = Promise.allSettled(Array.from({ length: 1500 }, () => recordEvent(entry({ eventName: 'Large', requestParameters: large }))))
  release()
  await held
  const stayed = (await outcomes).filter(({ status }) => status === 'fulfilled').length
  expect(stayed).toBeGreaterThan(600)
  expect(stayed).toBeLessThan(700)
  expect(stored('Large')).toBe(stayed)
  await recordEvent(entry({ eventName: 'After' }))
  expect(stored('After')).toBe(1)
})

function entry(given: Partial<Entry>): Entry {
  return {
    context: rootContext(),
    eventSource: 'kms.amazonaws.com',
    eventName: 'Encrypt',
    readOnly: true,
    requestParameters: null,
    responseElements: null,
    resources: [],
    ...given,
  }
}

function resource(id: string) {
  return { type: 'AWS::KMS::Key', arn: `arn:aws:kms:us-east-2:111122223333:key/${id}` }
}

/** What another connection sees of them: that which is committed. */
function stored(eventName: string): number {
  const other = new BetterSqlite3(databaseFile(database.dataDir), { readonly: true })
  try {
    return other.prepare('SELECT COUNT(*) FROM TrailEvent WHERE eventName = ?').pluck().get(eventName) as number
  } finally {
    other.close()
  }
}

/** Commits in the write-ahead log: frames whose header says how large the database is after them (sqlite.org/fileformat2.html). */
function commits(): number {
  const log = readFileSync(join(database.dataDir, 'codekeep.db-wal'))
  const frame = 24 + log.readUInt32BE(8)
  let count = 0
  for (let at = 32; at + frame <= log.length; at += frame) {
    const current = log.compare(log, 16, 24, at + 8, at + 16) === 0
    if (current && log.readUInt32BE(at + 4) !== 0) count++
  }
  return count
}
