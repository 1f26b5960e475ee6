import { afterAll, beforeAll, expect, test } from 'vitest'
import { db } from '#lib/db'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { newObjectId } from './object-store.ts'
import { removeDoomed } from './sweep.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

test('deletions at the same moment remove what is doomed together, and none of them fails', async () => {
  const now = new Date()
  await db().doomedObject.createMany({ data: Array.from({ length: 30 }, () => ({ id: newObjectId(), doomedAt: now, removeAt: now })) })
  await db().doomedObject.create({ data: { id: 'later', doomedAt: now, removeAt: new Date(now.getTime() + 60_000) } })
  await Promise.all([removeDoomed(now), removeDoomed(now), removeDoomed(now)])
  expect(await db().doomedObject.findMany({ select: { id: true } })).toEqual([{ id: 'later' }])
})
