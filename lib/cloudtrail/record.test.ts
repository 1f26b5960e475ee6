import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Entry } from '#lib/cloudtrail/event-record'
import { readFrames } from '#lib/cloudtrail/event-journal'
import { enterEvents, journalFile } from '#lib/cloudtrail/journaled-events'
import { recordEvent, recordTogether, untilRecorded } from '#lib/cloudtrail/record'
import { useConfig } from '#lib/config'
import { closeDatabase, openDatabase } from '#lib/database/open'
import { db, sqlite, transaction } from '#lib/db'
import { rootContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { eventsOnDisk, syncedDisk, trailTable, type SyncedDisk } from '#lib/testing/event-disk'

let database: TestDatabase
let disk: SyncedDisk

beforeAll(async () => {
  database = await testDatabase()
  disk = await syncedDisk()
})

afterAll(async () => {
  disk[Symbol.dispose]()
  await database[Symbol.asyncDispose]()
})

test('an event is on disk when it is recorded, with its resources', async () => {
  await recordEvent(entry({ eventName: 'Alone', resources: [resource('1'), resource('2')] }))
  expect(stored('Alone')).toBe(1)
  await enterEvents()
  expect(await db().trailEventResource.findMany({ orderBy: { name: 'asc' }, select: { name: true, region: true } })).toEqual([
    { name: resource('1').arn, region: 'us-east-2' },
    { name: resource('2').arn, region: 'us-east-2' },
  ])
})

test('events that are recorded at once share syncs: a thousand take a handful', async () => {
  const before = disk.syncs
  await Promise.all(Array.from({ length: 1000 }, () => recordEvent(entry({ eventName: 'Together', resources: [resource('1'), resource('2')] }))))
  expect(stored('Together')).toBe(1000)
  expect(disk.syncs - before).toBeLessThanOrEqual(5)
  expect(disk.syncs - before).toBeGreaterThan(0)
})

test('callers that each wait for their own event share syncs, too', async () => {
  const before = disk.syncs
  await Promise.all(
    Array.from({ length: 40 }, async () => {
      for (let time = 0; time < 5; time++) await recordEvent(entry({ eventName: 'Loop' }))
    }),
  )
  expect(stored('Loop')).toBe(200)
  expect(disk.syncs - before).toBeLessThan(40)
})

test('events keep the order in which they were recorded', async () => {
  const names = Array.from({ length: 50 }, (_, index) => `Order${String(index).padStart(2, '0')}`)
  await Promise.all(names.map((eventName) => recordEvent(entry({ eventName }))))
  const rows = await (await trailTable()).findMany({ where: { eventName: { startsWith: 'Order' } }, orderBy: { sequence: 'asc' }, select: { eventName: true } })
  expect(rows.map(({ eventName }) => eventName)).toEqual(names)
})

test('where events cannot be stored every caller is told, and the next event is stored again', async () => {
  disk.fails = () => true
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => recordEvent(entry({ eventName: 'Lost' }))))
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
  disk.fails = () => false
  await recordEvent(entry({ eventName: 'Found' }))
  expect(stored('Found')).toBe(1)
  expect(await (await trailTable()).count({ where: { eventName: 'Lost' } })).toBe(0)
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
  disk.gate = new Promise<void>((resolve) => (release = resolve))
  const large = { text: 'x'.repeat(100_000) }
  const outcomes = Promise.allSettled(Array.from({ length: 1500 }, () => recordEvent(entry({ eventName: 'Large', requestParameters: large }))))
  release()
  const stayed = (await outcomes).filter(({ status }) => status === 'fulfilled').length
  expect(stayed).toBeGreaterThan(600)
  expect(stayed).toBeLessThan(700)
  expect(stored('Large')).toBe(stayed)
  await recordEvent(entry({ eventName: 'After' }))
  expect(stored('After')).toBe(1)
})

describe('the journal', () => {
  test('is taken up by the next process, whatever of it was in the table already', async () => {
    await recordEvent(entry({ eventName: 'Entered' }))
    await enterEvents()
    await recordEvent(entry({ eventName: 'Waiting', resources: [resource('3')] }))
    const killed = mkdtempSync(join(tmpdir(), 'codekeep-test-'))
    for (const name of ['codekeep.db', 'codekeep.db-wal', 'events.journal', 'root.key']) copyFileSync(join(database.dataDir, name), join(killed, name))
    await closeDatabase()
    useConfig({ ...database.config, dataDir: killed })
    await openDatabase({ ...database.config, dataDir: killed })
    try {
      const rows = await (await trailTable()).findMany({ where: { eventName: { in: ['Entered', 'Waiting'] } }, orderBy: { sequence: 'asc' }, include: { resources: true } })
      expect(rows.map(({ eventName, resources }) => [eventName, resources.length])).toEqual([['Entered', 0], ['Waiting', 1]])
    } finally {
      await closeDatabase()
      rmSync(killed, { recursive: true })
      useConfig(database.config)
      await openDatabase(database.config)
    }
  })

  test('holds what the database does not take, and gives it once it does', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    await enterEvents()
    await db().$executeRawUnsafe('ALTER TABLE "TrailEvent" RENAME TO "Gone"')
    await recordEvent(entry({ eventName: 'Kept' }))
    await expect(enterEvents()).rejects.toThrow('no such table')
    await recordEvent(entry({ eventName: 'Kept' }))
    await db().$executeRawUnsafe('ALTER TABLE "Gone" RENAME TO "TrailEvent"')
    expect(await (await trailTable()).count({ where: { eventName: 'Kept' } })).toBe(2)
    logged.mockRestore()
  })

  test('begins again at its beginning, and what it held before is not taken for what it holds', async () => {
    for (let lap = 0; lap < 3; lap++) {
      await recordMuch(`Lap${lap}`)
      await enterEvents()
    }
    await recordEvent(entry({ eventName: 'LastLap' }))
    const { events } = readFrames(readFileSync(journalFile(database.dataDir)))
    expect(events.map(({ eventName }) => eventName)).toEqual(['LastLap'])
  })

  test('begins again only once the table is on disk, whose commits sync nothing', async () => {
    const inJournal = () => readFrames(readFileSync(journalFile(database.dataDir))).events.map(({ eventName }) => eventName)
    await recordMuch('Much')
    const sync = vi.spyOn(sqlite() ?? raise(), 'sync').mockRejectedValue(new Error('EIO'))
    await expect(enterEvents()).rejects.toThrow('EIO')
    await recordEvent(entry({ eventName: 'AfterMuch' }))
    expect(inJournal()).toEqual(expect.arrayContaining(['Much', 'AfterMuch']))
    sync.mockRestore()
    await enterEvents()
    await recordEvent(entry({ eventName: 'NextLap' }))
    expect(inJournal()).toEqual(['NextLap'])
    expect(await (await trailTable()).count({ where: { eventName: 'AfterMuch' } })).toBe(1)
  })

  test('counts up to a frame that was cut off, and no further', async () => {
    await recordMuch('LapBefore')
    await enterEvents()
    for (const eventName of ['Whole1', 'Whole2', 'Cut']) await recordEvent(entry({ eventName }))
    const bytes = readFileSync(journalFile(database.dataDir))
    const { end } = readFrames(bytes)
    bytes.fill(0, end - 10, end)
    expect(readFrames(bytes).events.map(({ eventName }) => eventName)).toEqual(['Whole1', 'Whole2'])
    expect(readFrames(bytes.subarray(0, 20))).toMatchObject({ end: 0, events: [] })
  })
})

describe('an operation and what it asks of others', () => {
  test('are on disk when the outermost answers, by one sync and in the order of the trail', async () => {
    const before = disk.syncs
    await recordTogether(async () => {
      await recordTogether(() => recordEvent(entry({ eventName: 'Nest1' })))
      await recordTogether(() => recordEvent(entry({ eventName: 'Nest2' })))
      await recordEvent(entry({ eventName: 'Nest3' }))
    })
    expect(order('Nest')).toEqual(['Nest1', 'Nest2', 'Nest3'])
    expect(disk.syncs - before).toBe(1)
  })

  test('are recorded where it fails, and its own failure is what is thrown', async () => {
    const refused = recordTogether(async () => {
      await recordEvent(entry({ eventName: 'Refused' }))
      throw new Error('refused')
    })
    await expect(refused).rejects.toThrow('refused')
    expect(stored('Refused')).toBe(1)
  })

  test('fail together: where the events of others cannot be stored the outermost does not answer', async () => {
    disk.fails = () => true
    const outcome = recordTogether(async () => {
      await recordEvent(entry({ eventName: 'Lost' }))
      return 'answered'
    })
    await expect(outcome).rejects.toThrow('EIO')
    disk.fails = () => false
    expect(await (await trailTable()).count({ where: { eventName: 'Lost' } })).toBe(0)
  })

  test('share a sync with other operations, and each waits for its own', async () => {
    const before = disk.syncs
    await Promise.all(
      Array.from({ length: 20 }, () =>
        recordTogether(async () => {
          for (let each = 0; each < 3; each++) await recordTogether(() => recordEvent(entry({ eventName: 'Crowd' })))
          return stored('Crowd')
        }),
      ),
    )
    expect(stored('Crowd')).toBe(60)
    expect(disk.syncs - before).toBeLessThanOrEqual(5)
  })

  test('are stored while it still works, where it works for long', async () => {
    await recordTogether(async () => {
      await recordEvent(entry({ eventName: 'Early' }))
      await vi.waitFor(() => expect(stored('Early')).toBe(1), 10_000)
    })
  })

  test('are on disk before what may not be without them', async () => {
    await recordTogether(async () => {
      await recordEvent(entry({ eventName: 'Before' }))
      await untilRecorded()
      expect(stored('Before')).toBe(1)
    })
  })

  test('are told early where they could not be stored', async () => {
    const reached = vi.fn()
    disk.fails = () => true
    const outcome = recordTogether(async () => {
      await recordEvent(entry({ eventName: 'Lost' }))
      await untilRecorded()
      reached()
    })
    await expect(outcome).rejects.toThrow()
    disk.fails = () => false
    expect(reached).not.toHaveBeenCalled()
  })

  test('what goes on behind its answer waits for its own events', async () => {
    let answered: () => void = () => undefined
    const afterwards = new Promise<void>((resolve) => (answered = resolve))
    let behind: Promise<number> | undefined
    await recordTogether(() => {
      behind = afterwards.then(async () => {
        await recordTogether(() => recordEvent(entry({ eventName: 'Behind' })))
        return stored('Behind')
      })
      return Promise.resolve()
    })
    answered()
    expect(await behind).toBe(1)
  })

  test('an event from within a transaction is refused here, too', async () => {
    const inside = recordTogether(() => transaction(() => recordEvent(entry({ eventName: 'Within' }))))
    await expect(inside).rejects.toThrow('inside a transaction')
    expect(stored('Within')).toBe(0)
  })
})

function order(prefix: string): string[] {
  return eventsOnDisk(database.dataDir).flatMap(({ eventName }) => (eventName.startsWith(prefix) ? [eventName] : []))
}

/** More events than a lap of the journal has. */
async function recordMuch(eventName: string): Promise<void> {
  await Promise.all(Array.from({ length: 40 }, () => recordEvent(entry({ eventName, requestParameters: { much: 'x'.repeat(10_000) } }))))
}

function raise(): never {
  throw new Error('the embedded database is not open')
}

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

/** How many of them a process killed now would have left behind. */
function stored(eventName: string): number {
  return eventsOnDisk(database.dataDir).filter((event) => event.eventName === eventName).length
}
