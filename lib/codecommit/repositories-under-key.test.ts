import { afterAll, beforeAll, expect, test } from 'vitest'
import { CreateUser, PutUserPolicy } from '#lib/iam/api'
import { invoke } from '#lib/invoke'
import { CreateKey, DescribeKey } from '#lib/kms/api'
import type { RequestContext } from '#lib/operation/context'
import { encodeToken } from '#lib/operation/pagination'
import { rootContext, userContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { CreateRepository } from './repositories.ts'
import { ListRepositoriesUnderKey } from './repositories-under-key.ts'

let database: TestDatabase
let keyArn: string

beforeAll(async () => {
  database = await testDatabase()
  for (let index = 0; index < 52; index++) await invoke(CreateRepository, rootContext(), { repositoryName: nameOf(index) })
  await invoke(CreateRepository, rootContext({ region: 'eu-west-1' }), { repositoryName: 'elsewhere' })
  keyArn = (await invoke(DescribeKey, rootContext(), { KeyId: 'alias/aws/codecommit' })).KeyMetadata.Arn
})

afterAll(async () => {
  await database[Symbol.asyncDispose]()
})

const nameOf = (index: number) => `repository-${String(index).padStart(2, '0')}`

async function userWith(name: string, ...Statement: object[]): Promise<RequestContext> {
  const { User } = await invoke(CreateUser, rootContext(), { UserName: name })
  if (Statement.length > 0) await invoke(PutUserPolicy, rootContext(), { UserName: name, PolicyName: 'Work', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) })
  return userContext({ id: User.UserId, name, arn: User.Arn })
}

test('whoever may not list repositories learns of none, by no key', async () => {
  const stranger = await userWith('stranger')
  const keys = await userWith('keys', { Effect: 'Allow', Action: 'kms:*', Resource: '*' })
  const denied = await userWith('denied', { Effect: 'Allow', Action: '*', Resource: '*' }, { Effect: 'Deny', Action: 'codecommit:ListRepositories', Resource: '*' })
  for (const attacker of [stranger, keys, denied]) {
    for (const asked of [keyArn, keyArn.replace(/[^/]+$/, '00000000-0000-4000-8000-000000000000')]) {
      await expect(invoke(ListRepositoriesUnderKey, attacker, { keyArn: asked })).rejects.toMatchObject({
        name: 'AccessDeniedException',
        message: expect.stringMatching(/not authorized to perform: codecommit:ListRepositories\b/) as string,
      })
    }
  }
})

test('of a repository whose metadata one may not read, the list tells what ListRepositories does: not how much is in it', async () => {
  const lister = await userWith('lister', { Effect: 'Allow', Action: ['codecommit:ListRepositories', 'codecommit:GetRepository'], Resource: '*' }, { Effect: 'Deny', Action: 'codecommit:GetRepository', Resource: `arn:aws:codecommit:us-east-2:*:${nameOf(1)}` })
  const { repositories } = await invoke(ListRepositoriesUnderKey, lister, { keyArn })
  expect(Object.keys(repositories[0] ?? {})).toEqual(['repositoryName', 'repositoryId', 'dataKeys', 'sealedBytes'])
  expect(Object.keys(repositories[1] ?? {})).toEqual(['repositoryName', 'repositoryId'])
})

test('a token of another key, of another list, or made up is refused', async () => {
  const { nextToken = '' } = await invoke(ListRepositoriesUnderKey, rootContext(), { keyArn })
  expect(nextToken).not.toBe('')
  const other = (await invoke(CreateKey, rootContext(), {})).KeyMetadata.Arn
  const there = (await invoke(DescribeKey, rootContext({ region: 'eu-west-1' }), { KeyId: 'alias/aws/codecommit' })).KeyMetadata.Arn
  const refused = { name: 'InvalidContinuationTokenException' }
  await expect(invoke(ListRepositoriesUnderKey, rootContext(), { keyArn: other, nextToken })).rejects.toMatchObject(refused)
  await expect(invoke(ListRepositoriesUnderKey, rootContext({ region: 'eu-west-1' }), { keyArn: there, nextToken })).rejects.toMatchObject(refused)
  for (const token of ['', 'x', nextToken.slice(0, -9), encodeToken('another-list', [keyArn, nameOf(3)]), encodeToken('repositories-under-key', [nameOf(3)])]) {
    await expect(invoke(ListRepositoriesUnderKey, rootContext(), { keyArn, nextToken: token })).rejects.toMatchObject(refused)
  }
})

test('every repository of the Region under the key, by name, in pages of fifty; under another key none', async () => {
  const first = await invoke(ListRepositoriesUnderKey, rootContext(), { keyArn })
  expect(first.repositories.map(({ repositoryName }) => repositoryName)).toEqual(Array.from({ length: 50 }, (_each, index) => nameOf(index)))
  expect(first.repositories[0]).toMatchObject({ dataKeys: 1, sealedBytes: expect.any(Number) as number })
  const second = await invoke(ListRepositoriesUnderKey, rootContext(), { keyArn, nextToken: first.nextToken })
  expect(second.repositories.map(({ repositoryName }) => repositoryName)).toEqual([nameOf(50), nameOf(51)])
  expect(second.nextToken).toBeUndefined()
  const own = (await invoke(CreateKey, rootContext(), {})).KeyMetadata.Arn
  expect((await invoke(ListRepositoriesUnderKey, rootContext(), { keyArn: own })).repositories).toEqual([])
  // A key of another Region has nothing here, though it is asked for here.
  const there = (await invoke(DescribeKey, rootContext({ region: 'eu-west-1' }), { KeyId: 'alias/aws/codecommit' })).KeyMetadata.Arn
  expect((await invoke(ListRepositoriesUnderKey, rootContext(), { keyArn: there })).repositories).toEqual([])
})
