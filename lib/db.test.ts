import { afterAll, beforeAll, expect, test } from 'vitest'
import { db, isUniqueViolation, transaction } from '#lib/db'
import { testDatabase, type TestDatabase } from '#lib/testing/database'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})

afterAll(() => database[Symbol.asyncDispose]())

test('a transaction stores all of it or nothing', async () => {
  const tag = (name: string) => ({ data: { principalArn: 'test', name, value: '' } })
  await expect(
    transaction(async (tx) => {
      await tx.consolePreference.create(tag('first'))
      throw new Error('stop')
    }),
  ).rejects.toThrow('stop')
  await transaction((tx) => tx.consolePreference.create(tag('second')))
  expect((await db().consolePreference.findMany()).map(({ name }) => name)).toEqual(['second'])
  const refusal: unknown = await db().consolePreference.create(tag('second')).catch((error: unknown) => error)
  expect(isUniqueViolation(refusal)).toBe(true)
})

test('what would wait for its own transaction is refused at once, and another’s work is not', async () => {
  const nested = transaction(async (tx) => {
    await tx.consolePreference.count()
    return db().consolePreference.count()
  })
  await expect(nested).rejects.toThrow('inside a transaction, ask the transaction')
  const [, beside] = await Promise.all([transaction((tx) => tx.consolePreference.count()), db().consolePreference.count()])
  expect(beside).toBe(1)
})
