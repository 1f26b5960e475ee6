import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestRepository } from '#lib/git/test-repository'
import { rootContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { repositoryWith } from '#lib/testing/push'
import { refusal } from '#lib/testing/refusal'
import { findRepository, present } from '../repository-row.ts'
import { openRepository } from './open-repository.ts'
import { scratchTaken } from './scratch-space.ts'
import { openWorkingCopy, workingCopies, type WorkingCopy } from './working-copy.ts'

const megabyte = 1024 ** 2
const names = ['one', 'two', 'three', 'four'] as const
let database: TestDatabase

// CODEKEEP_SCRATCH_BYTES: room for three of four repositories of a megabyte.
beforeAll(async () => {
  database = await testDatabase({ scratchBytes: 3.5 * megabyte })
  for (const name of names) {
    using work = new TestRepository()
    await repositoryWith(work, name, work.commit('One', { 'random.txt': randomBytes(megabyte).toString('hex') }))
  }
})
afterAll(() => database[Symbol.asyncDispose]())

async function open(name: string): Promise<WorkingCopy> {
  return openWorkingCopy(rootContext(), await openRepository(rootContext(), present(await findRepository(rootContext(), name))))
}

async function read(name: string): Promise<void> {
  await (await open(name))[Symbol.asyncDispose]()
}

async function openNow(): Promise<string[]> {
  const ids = new Map(await Promise.all(names.map(async (name) => [present(await findRepository(rootContext(), name)).id, name] as const)))
  return workingCopies().map(({ repositoryId }) => ids.get(repositoryId) ?? repositoryId)
}

test('what has been used longest ago goes first, and no more stays than there is room for', async () => {
  for (const name of ['one', 'two', 'three', 'one', 'four']) await read(name)
  expect((await openNow()).sort()).toEqual(['four', 'one', 'three'])
  await read('two')
  expect((await openNow()).sort()).toEqual(['four', 'one', 'two'])
  expect(scratchTaken()).toBeLessThanOrEqual(3.5 * megabyte)
  expect(readdirSync(join(database.scratch, 'working-copies'))).toHaveLength(3)
})

test('readers at once share one copy, which stays to the last of them', async () => {
  const [first, second] = await Promise.all([open('one'), open('one')])
  expect(first.gitDir).toBe(second.gitDir)
  await first[Symbol.asyncDispose]()
  for (const name of ['two', 'three', 'four', 'two', 'three']) await read(name)
  expect(existsSync(join(second.gitDir, 'packed-refs'))).toBe(true)
  await second[Symbol.asyncDispose]()
})

test('what is in use is not taken away: where nothing else can go, a reader is told to come again', async () => {
  const readers = [await open('one'), await open('two'), await open('three')]
  expect(await refusal(open('four'))).toMatchObject({ code: 'ServiceUnavailableException' })
  for (const reader of readers) expect(existsSync(join(reader.gitDir, 'packed-refs'))).toBe(true)
  for (const reader of readers) await reader[Symbol.asyncDispose]()
  await read('four')
})
