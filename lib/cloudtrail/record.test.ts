import BetterSqlite3 from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Entry } from '#lib/cloudtrail/event-record'
import { recordEvent, recordTogether, untilRecorded } from '#lib/cloudtrail/record'
import { databaseFile } from '#lib/database/open'
import { db, transaction } from '#lib/db'
import { commits, keepCommits } from '#lib/testing/commits'
import { rootContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
  await keepCommits()
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
  const before = commits(database.dataDir)
  await Promise.all(Array.from({ length: 1000 }, () => recordEvent(entry({ eventName: 'Together', resources: [resource('1'), resource('2')] }))))
  expect(stored('Together')).toBe(1000)
  expect(commits(database.dataDir) - before).toBeLessThanOrEqual(5)
  expect(commits(database.dataDir) - before).toBeGreaterThan(0)
})

test('callers that each wait for their own event share commits, too', async () => {
  const before = commits(database.dataDir)
  await Promise.all(
    Array.from({ length: 40 }, async () => {
      for (let time = 0; time < 5; time++) await recordEvent(entry({ eventName: 'Loop' }))
    }),
  )
  expect(stored('Loop')).toBe(200)
  expect(commits(database.dataDir) - before).toBeLessThan(40)
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

describe('an operation and what it asks of others', () => {
  test('are on disk when the outermost answers, in one commit and in the order of the trail', async () => {
    const before = commits(database.dataDir)
    await recordTogether(async () => {
      await recordTogether(() => recordEvent(entry({ eventName: 'Nest1' })))
      await recordTogether(() => recordEvent(entry({ eventName: 'Nest2' })))
      await recordEvent(entry({ eventName: 'Nest3' }))
    })
    expect(order('Nest')).toEqual(['Nest1', 'Nest2', 'Nest3'])
    expect(commits(database.dataDir) - before).toBe(1)
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
    const { release } = await heldDatabase()
    const outcome = recordTogether(async () => {
      await recordEvent(entry({ eventName: 'Lost' }))
      return 'answered'
    })
    const failed = expect(outcome).rejects.toThrow()
    await release('ALTER TABLE "TrailEvent" RENAME TO "Gone"')
    await failed
    await db().$executeRawUnsafe('ALTER TABLE "Gone" RENAME TO "TrailEvent"')
    expect(stored('Lost')).toBe(0)
  })

  test('share a commit with other operations, and each waits for its own', async () => {
    const before = commits(database.dataDir)
    await Promise.all(
      Array.from({ length: 20 }, () =>
        recordTogether(async () => {
          for (let each = 0; each < 3; each++) await recordTogether(() => recordEvent(entry({ eventName: 'Crowd' })))
          return stored('Crowd')
        }),
      ),
    )
    expect(stored('Crowd')).toBe(60)
    expect(commits(database.dataDir) - before).toBeLessThanOrEqual(5)
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
    await db().$executeRawUnsafe('ALTER TABLE "TrailEvent" RENAME TO "Gone"')
    const outcome = recordTogether(async () => {
      await recordEvent(entry({ eventName: 'Lost' }))
      await untilRecorded()
      reached()
    })
    await expect(outcome).rejects.toThrow()
    await db().$executeRawUnsafe('ALTER TABLE "Gone" RENAME TO "TrailEvent"')
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

/** A database that takes nothing until it is released, with one statement that goes before all that waits. */
async function heldDatabase(): Promise<{ release: (sql: string) => Promise<void> }> {
  let release: (sql: string) => void = () => undefined
  let begun: () => void = () => undefined
  const beginning = new Promise<void>((resolve) => (begun = resolve))
  const held = transaction(async (tx) => {
    begun()
    await tx.$executeRawUnsafe(await new Promise<string>((resolve) => (release = resolve)))
  })
  await beginning
  return {
    release: async (sql) => {
      release(sql)
      await held
    },
  }
}

function order(prefix: string): string[] {
  const other = new BetterSqlite3(databaseFile(database.dataDir), { readonly: true })
  try {
    return other.prepare(`SELECT eventName FROM TrailEvent WHERE eventName LIKE ? ORDER BY sequence`).pluck().all(`${prefix}%`) as string[]
  } finally {
    other.close()
  }
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

/** What another connection sees of them: that which is committed. */
function stored(eventName: string): number {
  const other = new BetterSqlite3(databaseFile(database.dataDir), { readonly: true })
  try {
    return other.prepare('SELECT COUNT(*) FROM TrailEvent WHERE eventName = ?').pluck().get(eventName) as number
  } finally {
    other.close()
  }
}
