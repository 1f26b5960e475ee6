import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { db } from '#lib/db'
import { TestRepository } from '#lib/git/test-repository'
import { zeroOid } from '#lib/git/refs'
import { invoke } from '#lib/invoke'
import { rootContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { push, repositoryWith } from '#lib/testing/push'
import { refusal } from '#lib/testing/refusal'
import { ListBranches } from './branches.ts'
import { CreateRepository } from './repositories.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(async () => {
  await database[Symbol.asyncDispose]()
})

describe('Names that run through one another', () => {
  const conflict = 'a ref and a folder of refs cannot have one name'

  test('of two in one push the first is taken; a name that a deletion of the same push frees is free', async () => {
    using work = new TestRepository()
    const head = work.commit('One', { 'README.md': 'x' })
    await invoke(CreateRepository, rootContext(), { repositoryName: 'folders' })
    const first = await push(work, 'folders', [{ ref: 'refs/heads/main', newOid: head }, { ref: 'refs/heads/a', newOid: head }, { ref: 'refs/heads/a/b', newOid: head }, { ref: 'refs/heads/c/d/e', newOid: head }, { ref: 'refs/heads/c/d', newOid: head }])
    expect(first.report.refs).toEqual([
      { ref: 'refs/heads/main', refused: null },
      { ref: 'refs/heads/a', refused: null },
      { ref: 'refs/heads/a/b', refused: conflict },
      { ref: 'refs/heads/c/d/e', refused: null },
      { ref: 'refs/heads/c/d', refused: conflict },
    ])
    const second = await push(work, 'folders', [{ ref: 'refs/heads/a/b', newOid: head }, { ref: 'refs/heads/a', oldOid: head, newOid: zeroOid }], { atomic: true })
    expect(second.report.refs.map(({ refused }) => refused)).toEqual([null, null])
    const { branches } = await invoke(ListBranches, rootContext(), { repositoryName: 'folders' })
    expect(new Set(branches)).toEqual(new Set(['a/b', 'c/d/e', 'main']))
  })

  test('attack: four thousand of them in one push cost no more than four thousand that are good', async () => {
    using work = new TestRepository()
    const head = work.commit('One', { 'README.md': 'x' })
    await repositoryWith(work, 'many', head)
    await push(work, 'many', [{ ref: 'refs/heads/taken', newOid: head }])
    const commands = (folder: string, count: number) => Array.from({ length: count }, (_, index) => ({ ref: `refs/heads/${folder}/${index}/x`, newOid: head }))
    const time = async (done: Promise<unknown>) => {
      const began = Date.now()
      await done
      return Date.now() - began
    }
    const good = await time(push(work, 'many', commands('good', 4000)))
    const bad = await time(refusal(push(work, 'many', commands('taken', 4000))))
    expect(bad).toBeLessThan(10 * good + 5000)
    expect(await refusal(push(work, 'many', commands('taken', 2)))).toMatchObject({ message: conflict })
  })
})

test('a push that names one ref twice changes nothing and stores nothing', async () => {
  using work = new TestRepository()
  const head = work.commit('One', { 'README.md': 'x' })
  await invoke(CreateRepository, rootContext(), { repositoryName: 'twice' })
  const before = storedFiles()
  const twice = push(work, 'twice', [{ ref: 'refs/heads/main', newOid: head }, { ref: 'refs/heads/main', newOid: head }])
  expect(await refusal(twice)).toMatchObject({ code: 'PushRefusedException', message: 'multiple updates for one ref' })
  expect((await db().repository.findFirstOrThrow({ where: { name: 'twice' } })).refsVersion).toBe(0)
  expect(storedFiles()).toEqual(before)
})

test('a COMMIT that fails: the push is refused whole, what it stored is removed, and the next one goes through', async () => {
  using work = new TestRepository()
  const head = work.commit('One', { 'README.md': 'x' })
  const id = await repositoryWith(work, 'failing', head)
  const before = { files: storedFiles(), row: await db().repository.findUniqueOrThrow({ where: { id } }) }
  const newOid = work.commit('Two', { 'README.md': 'y' })
  const pushIt = () => push(work, 'failing', [{ ref: 'refs/heads/main', oldOid: head, newOid }], { without: [head] })
  // SQLite looks for the parent at the end of the transaction: every statement succeeds, and COMMIT does not.
  await db().$executeRawUnsafe('CREATE TABLE nobody (id INTEGER PRIMARY KEY)')
  await db().$executeRawUnsafe('CREATE TABLE orphan (parent INTEGER REFERENCES nobody (id) DEFERRABLE INITIALLY DEFERRED)')
  await db().$executeRawUnsafe('CREATE TRIGGER failing AFTER UPDATE ON "Repository" WHEN NEW."refsVersion" > OLD."refsVersion" BEGIN INSERT INTO orphan VALUES (1); END')
  expect(await refusal(pushIt())).toMatchObject({ code: 'InternalFailure' })
  expect({ files: storedFiles(), row: await db().repository.findUniqueOrThrow({ where: { id } }) }).toEqual(before)
  expect(await db().doomedObject.count()).toBe(0)
  await db().$executeRawUnsafe('DROP TRIGGER failing')
  expect((await pushIt()).report).toEqual({ unpackError: null, refs: [{ ref: 'refs/heads/main', refused: null }] })
})

function storedFiles(): string[] {
  return readdirSync(join(database.dataDir, 'objects'), { recursive: true, encoding: 'utf8' }).filter((path) => /[0-9a-f]{40}$/.test(path)).sort()
}
