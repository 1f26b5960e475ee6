import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TestRepository } from '#lib/git/test-repository'
import { invoke } from '#lib/invoke'
import { rootContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { repositoryWith } from '#lib/testing/push'
import { refusal } from '#lib/testing/refusal'
import { DeleteRepository } from '../repositories.ts'
import { findRepository, present } from '../repository-row.ts'
import { openRepository } from './open-repository.ts'
import { scratchTaken } from './scratch-space.ts'
import { adoptPack, evictIdle, openWorkingCopy, workingCopies } from './working-copy.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(async () => {
  await database[Symbol.asyncDispose]()
})

describe('A repository that is deleted while somebody is about to read it', () => {
  test('is not opened again: the reader hears that it does not exist, and nothing of it stays in memory', async () => {
    using work = new TestRepository()
    await repositoryWith(work, 'read', work.commit('One', { 'README.md': 'secret\n' }))
    const opened = await openRepository(rootContext(), present(await findRepository(rootContext(), 'read')))
    await invoke(DeleteRepository, rootContext(), { repositoryName: 'read' })
    expect(await refusal(openWorkingCopy(rootContext(), opened))).toMatchObject({ code: 'RepositoryDoesNotExistException' })
    expect(nothingIsOpen()).toBe(true)
  })

  test('while its working copy is in use: the reader keeps it to the end, and the next one hears that it does not exist', async () => {
    using work = new TestRepository()
    await repositoryWith(work, 'in-use', work.commit('One', { 'README.md': 'secret\n' }))
    const opened = await openRepository(rootContext(), present(await findRepository(rootContext(), 'in-use')))
    const reader = await openWorkingCopy(rootContext(), opened)
    await invoke(DeleteRepository, rootContext(), { repositoryName: 'in-use' })
    expect(await refusal(openWorkingCopy(rootContext(), opened))).toMatchObject({ code: 'RepositoryDoesNotExistException' })
    expect(readdirSync(join(reader.gitDir, 'objects', 'pack')).filter((name) => name.endsWith('.pack'))).toHaveLength(1)
    await reader[Symbol.asyncDispose]()
    expect(nothingIsOpen()).toBe(true)
  })

  test('just after a push: the pack of that push does not come back into memory', async () => {
    using work = new TestRepository()
    const id = await repositoryWith(work, 'pushed', work.commit('One', { 'README.md': 'secret\n' }))
    await invoke(DeleteRepository, rootContext(), { repositoryName: 'pushed' })
    const path = join(database.scratch, 'left.pack')
    writeFileSync(path, 'secret')
    await adoptPack(id, { id: 'f'.repeat(40), openedSize: 6, files: [{ kind: 'pack', path }] })
    expect(nothingIsOpen()).toBe(true)
  })
})

test('a pack that cannot be taken over takes no room', async () => {
  using work = new TestRepository()
  const id = await repositoryWith(work, 'room', work.commit('One', { 'README.md': 'x' }))
  const before = scratchTaken()
  await expect(adoptPack(id, { id: 'e'.repeat(40), openedSize: 1000, files: [{ kind: 'pack', path: join(database.scratch, 'not-there') }] })).rejects.toThrow(/ENOENT/)
  expect(scratchTaken()).toBe(before)
  await evictIdle()
  expect(scratchTaken()).toBe(0)
})

function nothingIsOpen(): boolean {
  return workingCopies().length === 0 && readdirSync(join(database.scratch, 'working-copies')).length === 0
}
