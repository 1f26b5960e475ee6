import BetterSqlite3 from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { databaseFile } from '#lib/database/open'
import { db, transaction } from '#lib/db'
import { kept } from '#lib/kept-rows'
import { testDatabase, type TestDatabase } from '#lib/testing/database'

let database: TestDatabase
let reads = 0

beforeAll(async () => {
  database = await testDatabase()
  await db().iamGroup.create({ data: { id: 'AGPA1', name: 'before', nameLower: 'before', path: '/', arn: 'arn:aws:iam::111122223333:group/before', createDate: new Date() } })
})
afterAll(() => database[Symbol.asyncDispose]())

/** The group's name, and how often the database was asked for it. */
async function name(tables = ['IamGroup']): Promise<[string | undefined, number]> {
  reads = 0
  const row = await kept(tables, 'the group', () => {
    reads += 1
    return db().iamGroup.findFirst()
  })
  return [row?.name, reads]
}

const rename = (to: string) => ({ where: { id: 'AGPA1' }, data: { name: to } })

test('what was read is kept until its table is written, and no longer', async () => {
  expect(await name()).toEqual(['before', 1])
  expect(await name()).toEqual(['before', 0])
  await db().managedPolicy.deleteMany()
  expect(await name()).toEqual(['before', 0])
  await db().iamGroup.update(rename('updated'))
  expect(await name()).toEqual(['updated', 1])
  await db().iamGroup.updateMany(rename('updated many'))
  expect(await name()).toEqual(['updated many', 1])
  await db().$executeRaw`UPDATE "IamGroup" SET "name" = 'raw'`
  expect(await name()).toEqual(['raw', 1])
  await db().$executeRaw`WITH "wanted" AS (SELECT 'with' AS "name") UPDATE "IamGroup" SET "name" = (SELECT "name" FROM "wanted")`
  expect(await name()).toEqual(['with', 1])
})

test('a read beside a transaction has what it left, whenever it was asked', async () => {
  expect(await name()).toEqual(['with', 0])
  let written: () => void = () => undefined
  const writing = new Promise<void>((resolve) => (written = resolve))
  const changing = transaction(async (tx) => {
    await tx.iamGroup.update(rename('committed'))
    written()
    await tx.iamGroup.findFirst()
  })
  await writing
  expect(await name()).toEqual(['committed', 1])
  await changing
  await expect(
    transaction(async (tx) => {
      await tx.iamGroup.update(rename('rolled back'))
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect(await name()).toEqual(['committed', 1])
})

test('what another process writes is seen, too', async () => {
  expect((await name())[1]).toBe(0)
  const other = new BetterSqlite3(databaseFile(database.dataDir))
  other.exec(`UPDATE "IamGroup" SET "name" = 'altered'`)
  other.close()
  expect(await name()).toEqual(['altered', 1])
})

test('a read that began before a change is not kept after it', async () => {
  await db().iamGroup.update(rename('first'))
  const slow = kept(['IamGroup'], 'slow', async () => {
    const row = await db().iamGroup.findFirst()
    await db().iamGroup.update(rename('second'))
    return row
  })
  expect((await slow)?.name).toBe('first')
  expect((await kept(['IamGroup'], 'slow', () => db().iamGroup.findFirst()))?.name).toBe('second')
})

test('what is not there is asked for each time', async () => {
  const absent = async (): Promise<number> => {
    let asked = 0
    await kept(['IamGroup'], 'nobody', () => {
      asked += 1
      return db().iamGroup.findUnique({ where: { id: 'none' } })
    })
    return asked
  }
  expect([await absent(), await absent()]).toEqual([1, 1])
})
