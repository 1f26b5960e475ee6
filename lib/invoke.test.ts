import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { GitPullRefs } from '#lib/codecommit/git-pull'
import { CreateRepository, GetRepository } from '#lib/codecommit/repositories'
import { CreateUser, PutUserPolicy } from '#lib/iam/api'
import { invoke, untilRecorded } from '#lib/invoke'
import { asService } from '#lib/operation/context'
import { defineOperation } from '#lib/operation/define'
import { rootContext, userContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { eventsOnDisk, syncedDisk, type SyncedDisk } from '#lib/testing/event-disk'

let database: TestDatabase
let disk: SyncedDisk

beforeAll(async () => {
  database = await testDatabase()
  disk = await syncedDisk()
})

// On a slow machine, too, no event grows tired of waiting for company: the commits that are counted are those that were asked for.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout'] }))
afterEach(() => void vi.useRealTimers())

afterAll(async () => {
  disk[Symbol.dispose]()
  await database[Symbol.asyncDispose]()
})

const operation = {
  service: 'kms' as const,
  readOnly: true,
  input: z.object({}),
  resolve: () => ({ access: [{ action: 'kms:ListKeys', resource: '*' }], subject: undefined }),
  requestParameters: () => null,
}

test('what a read does at KMS is in the trail with it when it answers, by one sync', async () => {
  const context = rootContext()
  await invoke(CreateRepository, context, { repositoryName: 'one', repositoryDescription: 'described' })
  const before = disk.syncs
  await invoke(GitPullRefs, context, { repositoryName: 'one', transport: 'HTTP' })
  expect(trail().slice(-2)).toEqual(['Decrypt', 'GitPull'])
  await invoke(GetRepository, context, { repositoryName: 'one' })
  expect(trail().slice(-3)).toEqual(['Decrypt', 'Decrypt', 'GetRepository'])
  expect(disk.syncs - before).toBe(2)
})

test('a new repository syncs the trail four times at most', async () => {
  const before = disk.syncs
  await invoke(CreateRepository, rootContext({ region: 'eu-north-1' }), { repositoryName: 'two', repositoryDescription: 'described' })
  expect(trail().slice(-4)).toEqual(['DescribeKey', 'GenerateDataKeyWithoutPlaintext', 'Encrypt', 'CreateRepository'])
  expect(disk.syncs - before).toBeLessThanOrEqual(4)
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

  /** The disk fails once; an operation works for as long as `work` and answers. */
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
    let first = true
    disk.fails = () => first && !(first = false)
    try {
      return await invoke(whole, rootContext(), {}).catch((error: unknown) => error)
    } finally {
      disk.fails = () => false
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
  return eventsOnDisk(database.dataDir).map(({ eventName, errorCode }) => `${eventName} ${errorCode}`.trim())
}
