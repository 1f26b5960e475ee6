import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import BetterSqlite3 from 'better-sqlite3'
import { z } from 'zod'
import { GitPullRefs } from '#lib/codecommit/git-pull'
import { CreateRepository, GetRepository } from '#lib/codecommit/repositories'
import { databaseFile } from '#lib/database/open'
import { db } from '#lib/db'
import { CreateUser, PutUserPolicy } from '#lib/iam/api'
import { invoke, untilRecorded } from '#lib/invoke'
import { asService } from '#lib/operation/context'
import { defineOperation } from '#lib/operation/define'
import { commits, keepCommits } from '#lib/testing/commits'
import { rootContext, userContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
  await keepCommits()
})

// On a slow machine, too, no event grows tired of waiting for company: the commits that are counted are those that were asked for.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout'] }))
afterEach(() => void vi.useRealTimers())

afterAll(async () => {
  await database[Symbol.asyncDispose]()
})

const operation = {
  service: 'kms' as const,
  readOnly: true,
  input: z.object({}),
  resolve: () => ({ access: [{ action: 'kms:ListKeys', resource: '*' }], subject: undefined }),
  requestParameters: () => null,
}

test('what a read does at KMS is in the trail with it when it answers, by one commit', async () => {
  const context = rootContext()
  await invoke(CreateRepository, context, { repositoryName: 'one', repositoryDescription: 'described' })
  const before = commits(database.dataDir)
  await invoke(GitPullRefs, context, { repositoryName: 'one', transport: 'HTTP' })
  expect(trail().slice(-2)).toEqual(['Decrypt', 'GitPull'])
  await invoke(GetRepository, context, { repositoryName: 'one' })
  expect(trail().slice(-3)).toEqual(['Decrypt', 'Decrypt', 'GetRepository'])
  expect(commits(database.dataDir) - before).toBe(2)
})

test('a repository is made by four commits: its key, what KMS did, the rows, its event', async () => {
  const before = commits(database.dataDir)
  await invoke(CreateRepository, rootContext({ region: 'eu-north-1' }), { repositoryName: 'two', repositoryDescription: 'described' })
  expect(trail().slice(-4)).toEqual(['DescribeKey', 'GenerateDataKeyWithoutPlaintext', 'Encrypt', 'CreateRepository'])
  expect(commits(database.dataDir) - before).toBeLessThanOrEqual(4)
})

test('what KMS refuses within an operation is in the trail when the operation is refused', async () => {
  const { User } = await invoke(CreateUser, rootContext(), { UserName: 'mallory' })
  const Statement = [
    { Effect: 'Allow', Action: 'codecommit:*', Resource: '*' },
    { Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*' },
  ]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await invoke(PutUserPolicy, rootContext(), { UserName: 'mallory', PolicyName: 'NoReads', PolicyDocument })
  const mallory = userContext({ id: User.UserId, name: 'mallory', arn: User.Arn })
  await expect(invoke(GitPullRefs, mallory, { repositoryName: 'one', transport: 'HTTP' })).rejects.toThrow(/kms:Decrypt/)
  expect(trail().slice(-2)).toEqual(['Decrypt AccessDenied', 'GitPull EncryptionKeyAccessDeniedException'])
})

describe('an operation whose parts could not be recorded', () => {
  const part = defineOperation({ ...operation, name: 'Part', handler: () => undefined })
  const withdraw = vi.fn()

  /** Nothing called Part can be stored; an operation works for as long as `work` and answers. */
  async function failing(work: () => Promise<void>): Promise<unknown> {
    const whole = defineOperation({
      ...operation,
      name: 'Whole',
      handler: async (context) => {
        await invoke(part, asService(context, 'codecommit'), {})
        await work()
        return 'opened'
      },
      withdraw,
    })
    withdraw.mockClear()
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    await db().$executeRawUnsafe(`CREATE TRIGGER "refuse" BEFORE INSERT ON "TrailEvent" WHEN NEW."eventName" = 'Part' BEGIN SELECT RAISE(ABORT, 'no room'); END`)
    try {
      return await invoke(whole, rootContext(), {}).catch((error: unknown) => error)
    } finally {
      await db().$executeRawUnsafe('DROP TRIGGER "refuse"')
      logged.mockRestore()
    }
  }

  test('fails, and gives up what it opened', async () => {
    expect(await failing(() => Promise.resolve())).toMatchObject({ name: 'InternalFailure' })
    expect(withdraw).toHaveBeenCalledExactlyOnceWith('opened')
  })

  test('is recorded as failed where that was known before it ended', async () => {
    expect(await failing(() => untilRecorded().catch(() => undefined))).toMatchObject({ name: 'InternalFailure' })
    expect(withdraw).toHaveBeenCalledExactlyOnceWith('opened')
    expect(trail().at(-1)).toBe('Whole InternalFailure')
  })
})

/** The events on disk, oldest first, with their errors. */
function trail(): string[] {
  const other = new BetterSqlite3(databaseFile(database.dataDir), { readonly: true })
  try {
    return other.prepare(`SELECT TRIM(eventName || ' ' || errorCode) FROM TrailEvent ORDER BY sequence`).pluck().all() as string[]
  } finally {
    other.close()
  }
}
