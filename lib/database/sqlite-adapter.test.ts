import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import BetterSqlite3 from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PrismaClient } from '#prisma/sqlite/generated/client.ts'
import { migrateSqlite } from '#lib/database/migrate'
import { DurableSqlite } from '#lib/database/sqlite-adapter'
import { isCommitError } from '#lib/db'

let folder: string
let file: string
const clients: PrismaClient[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codekeep-adapter-'))
  file = join(folder, 'codekeep.db')
  migrateSqlite(file)
})

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.$disconnect()))
  rmSync(folder, { recursive: true, force: true })
})

// What the stock adapter does is here too: the day that it does better, these tests say so.
describe('a write outside a transaction, while one is open that then rolls back', () => {
  const story = async (client: PrismaClient) => {
    const { opened, end, ended } = openTransaction(client, 'inside')
    await opened
    const write = insert(client, 'outside')
    await Promise.race([write, sleep(1000)])
    end(new Error('rolled back'))
    await expect(ended).rejects.toThrow('rolled back')
    await write
    return stored()
  }

  test('stock: acknowledged, and gone', async () => {
    expect(await story(stock())).toEqual([])
  })

  test('durable: waits its turn, and stays', async () => {
    expect(await story(durable())).toEqual(['outside'])
  })
})

describe('a read outside a transaction, while one is open', () => {
  const story = async (client: PrismaClient) => {
    const { opened, end, ended } = openTransaction(client, 'uncommitted')
    await opened
    const read = names(client)
    await Promise.race([read, sleep(1000)])
    end(new Error('rolled back'))
    await expect(ended).rejects.toThrow('rolled back')
    return read
  }

  test('stock: sees what is never committed', async () => {
    expect(await story(stock())).toEqual(['uncommitted'])
  })

  test('durable: sees what is committed', async () => {
    expect(await story(durable())).toEqual([])
  })
})

describe('a COMMIT that fails, and the next write', () => {
  const story = async (client: PrismaClient) => {
    await client.$executeRawUnsafe('CREATE TABLE parent (id INTEGER PRIMARY KEY)')
    await client.$executeRawUnsafe('CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)')
    await expect(client.$transaction((tx) => tx.$executeRawUnsafe('INSERT INTO child VALUES (1)'))).rejects.toThrow()
    await insert(client, 'next')
    return stored()
  }

  test('stock: the write is acknowledged, and not on disk', async () => {
    expect(await story(stock())).toEqual([])
  })

  test('durable: the transaction is rolled back, and the write is on disk', async () => {
    expect(await story(durable())).toEqual(['next'])
  })
})

describe('syncing at commit', () => {
  const synchronous = async (client: PrismaClient) => {
    await client.$queryRawUnsafe('PRAGMA journal_mode = WAL')
    const [row] = await client.$queryRawUnsafe<{ synchronous: bigint }[]>('PRAGMA synchronous')
    return Number(row?.synchronous)
  }
  const [normal, full] = [1, 2]

  test('stock: NORMAL in WAL, which does not sync', async () => {
    expect(await synchronous(stock())).toBe(normal)
  })

  test('durable: FULL, in WAL, with foreign keys', async () => {
    const client = durable()
    expect(await synchronous(client)).toBe(full)
    expect(await client.$queryRawUnsafe('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
    expect(await client.$queryRawUnsafe('PRAGMA foreign_keys')).toEqual([{ foreign_keys: 1n }])
  })
})

describe('processes that read, and write what they read', () => {
  test('stock: BEGIN takes no lock, so who reads first and writes second fails', async () => {
    const [one, other] = [stock(), stock()]
    await one.$queryRawUnsafe('PRAGMA journal_mode = WAL')
    await insert(one, 'counter')
    const { opened, end, ended } = openTransaction(one, 'late', { readFirst: true })
    await opened
    await insert(other, 'early')
    end()
    await expect(ended).rejects.toThrow()
  })

  test('durable: four processes add to one number, and nothing is lost', async () => {
    const [processes, times] = [4, 50]
    await durable().consolePreference.create({ data: { principalArn: 'counter', name: 'counter', value: '0' } })
    const exits = await Promise.all(
      Array.from({ length: processes }, async () => {
        const [code] = (await once(writer('increment', String(times)), 'exit')) as [number | null]
        return code
      }),
    )
    expect(exits).toEqual(Array(processes).fill(0))
    const counter = await durable().consolePreference.findFirstOrThrow({ where: { principalArn: 'counter' } })
    expect(counter.value).toBe(String(processes * times))
  })
})

test('a process killed at any instant has lost no write that it acknowledged', async () => {
  const acknowledged: string[] = []
  for (const writes of [1, 14, 33]) {
    const process = writer('acknowledge')
    let left = writes
    // The lines that are still under way when the kill arrives were acknowledged, too.
    for await (const name of createInterface({ input: process.stdout })) {
      acknowledged.push(name)
      if (--left === 0) process.kill('SIGKILL')
    }
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(48)
  const kept = new Set(stored())
  expect(acknowledged.filter((name) => !kept.has(name))).toEqual([])
})

test('a transaction that outlives its time is rolled back, and holds nobody up', async () => {
  const client = durable()
  const late = client.$transaction(
    async (tx) => {
      await insert(tx, 'first')
      await sleep(300)
      await insert(tx, 'late')
    },
    { timeout: 100 },
  )
  const after = sleep(50).then(() => insert(client, 'after'))
  await expect(late).rejects.toMatchObject({ code: 'P2028' })
  await after
  expect(stored()).toEqual(['after'])
})

test('a transaction that a full disk cut short stores nothing, whatever its work goes on to do', async () => {
  const client = durable()
  await insert(client, 'before')
  const pages = await client.$queryRawUnsafe<{ page_count: bigint }[]>('PRAGMA page_count')
  await client.$queryRawUnsafe(`PRAGMA max_page_count = ${Number(pages[0]?.page_count) + 8}`)
  const work = client.$transaction(async (tx) => {
    await insert(tx, 'fits')
    await insert(tx, 'too much', 'x'.repeat(1_000_000)).catch(() => undefined)
    await insert(tx, 'afterwards')
  })
  const whole = await work.then(
    () => true,
    () => false,
  )
  expect(stored()).toEqual(whole ? ['afterwards', 'before', 'fits'] : ['before'])
  await insert(client, 'next')
  expect(stored()).toContain('next')
})

test('a nested transaction that fails takes back its own part only', async () => {
  const client = durable()
  await client.$transaction(async (tx) => {
    await insert(tx, 'outer')
    await tx.$executeRawUnsafe('SAVEPOINT inner')
    await insert(tx, 'inner')
    await tx.$executeRawUnsafe('ROLLBACK TO inner')
  })
  expect(stored()).toEqual(['outer'])
})

test('writes that are asked for at once are stored in the order of asking', async () => {
  const client = durable()
  const order = Array.from({ length: 20 }, (_, index) => `write ${String(index).padStart(2, '0')}`)
  await Promise.all(order.map((name, index) => (index % 3 === 0 ? client.$transaction((tx) => insert(tx, name)) : insert(client, name))))
  expect(stored()).toEqual(order)
})

describe('statements of one’s own beside the client', () => {
  const write = 'INSERT INTO ConsolePreference VALUES (?, ?, ?)'
  let adapter: DurableSqlite
  let client: PrismaClient

  beforeEach(async () => {
    adapter = new DurableSqlite(file)
    client = opened(new PrismaClient({ adapter }))
    await client.$connect()
  })

  test('wait for the transaction that is open, and stay when it is rolled back', async () => {
    const { opened, end, ended } = openTransaction(client, 'inside')
    await opened
    const own = adapter.transact([], (connection) => void connection.prepare(write).run('test', 'own', ''))
    end(new Error('rolled back'))
    await expect(ended).rejects.toThrow('rolled back')
    await own
    expect(stored()).toEqual(['own'])
  })

  test('are all stored or none', async () => {
    const failing = adapter.transact([], (connection) => {
      connection.prepare(write).run('test', 'one', '')
      connection.prepare(write).run('test', 'one', '')
    })
    await expect(failing).rejects.toThrow('UNIQUE')
    await insert(client, 'next')
    expect(stored()).toEqual(['next'])
  })

  test('that do not sync leave the next ones syncing, stored or not', async () => {
    const level = async () => (await client.$queryRawUnsafe<{ synchronous: bigint }[]>('PRAGMA synchronous')).map(({ synchronous }) => Number(synchronous))
    await adapter.transact([], (connection) => void connection.prepare(write).run('test', 'own', ''), { synced: false })
    expect(await level()).toEqual([2])
    const failing = adapter.transact([], () => { throw new Error('given up') }, { synced: false })
    await expect(failing).rejects.toThrow('given up')
    expect(await level()).toEqual([2])
    await adapter.sync()
    expect(stored()).toEqual(['own'])
  })

  test('whose commit fails are rolled back, and the next write is on disk', async () => {
    await client.$executeRawUnsafe('CREATE TABLE parent (id INTEGER PRIMARY KEY)')
    await client.$executeRawUnsafe('CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)')
    const orphan = adapter.transact([], (connection) => void connection.prepare('INSERT INTO child VALUES (1)').run())
    await expect(orphan).rejects.toSatisfy((error) => isCommitError(error) && error.message.includes('FOREIGN KEY'))
    await adapter.transact([], (connection) => void connection.prepare(write).run('test', 'next', ''))
    expect(stored()).toEqual(['next'])
  })
})

function stock(): PrismaClient {
  return opened(new PrismaClient({ adapter: new PrismaBetterSqlite3({ url: `file:${file}`, timeout: 200 }) }))
}

function durable(): PrismaClient {
  return opened(new PrismaClient({ adapter: new DurableSqlite(file) }))
}

function opened(client: PrismaClient): PrismaClient {
  clients.push(client)
  return client
}

function insert(client: Pick<PrismaClient, 'consolePreference'>, name: string, value = ''): Promise<unknown> {
  return client.consolePreference.create({ data: { principalArn: 'test', name, value } })
}

async function names(client: PrismaClient): Promise<string[]> {
  return (await client.consolePreference.findMany({ orderBy: { name: 'asc' } })).map(({ name }) => name)
}

/** What another connection reads in the file: that which is committed. */
function stored(): string[] {
  const other = new BetterSqlite3(file, { readonly: true })
  try {
    return other.prepare('SELECT name FROM ConsolePreference ORDER BY name').pluck().all() as string[]
  } finally {
    other.close()
  }
}

/** A transaction that has written `name` (or only read, and writes at its end), until it is told to end. */
function openTransaction(client: PrismaClient, name: string, { readFirst = false } = {}) {
  let begun: () => void = () => undefined
  const opened = new Promise<void>((resolve) => (begun = resolve))
  let end: (failure?: Error) => void = () => undefined
  const told = new Promise<Error | undefined>((resolve) => (end = resolve))
  const ended = client.$transaction(async (tx) => {
    await (readFirst ? tx.consolePreference.count() : insert(tx, name))
    begun()
    const failure = await told
    if (failure) throw failure
    if (readFirst) await insert(tx, name)
  })
  ended.catch(() => undefined)
  return { opened, end, ended }
}

function writer(...args: string[]) {
  return spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, '../testing/sqlite-writer.ts'), file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}
