import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LookupEvents } from '#lib/cloudtrail/api'
import { db } from '#lib/db'
import { CreateUser, PutUserPolicy } from '#lib/iam/api'
import { invoke } from '#lib/invoke'
import { DescribeKey, ListKeys } from '#lib/kms/api'
import type { RequestContext } from '#lib/operation/context'
import { rootContext, userContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { CreateRepository, DeleteRepository, GetRepository, UpdateRepositoryDescription, UpdateRepositoryName } from './repositories.ts'
import { BatchGetRepositories, ListRepositories, LookupRepository } from './repository-lists.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})

afterAll(async () => {
  await database[Symbol.asyncDispose]()
})

/** A user with full rights on CodeCommit, none on KMS, and the given statements beside. */
async function developer(name: string, region: string, ...statements: object[]): Promise<RequestContext> {
  const { User } = await invoke(CreateUser, rootContext(), { UserName: name })
  const Statement = [{ Effect: 'Allow', Action: 'codecommit:*', Resource: '*' }, ...statements]
  await invoke(PutUserPolicy, rootContext(), {
    UserName: name,
    PolicyName: 'Work',
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
  })
  return userContext({ id: User.UserId, name, arn: User.Arn }, { region })
}

async function keysOf(region: string): Promise<number> {
  const { Keys } = await invoke(ListKeys, rootContext({ region }), {})
  return Keys.length
}

describe('the first repository of a Region', () => {
  test('makes the aws/codecommit key, for a caller without any KMS permission', async () => {
    const alice = await developer('alice', 'us-east-2')
    expect(await keysOf('us-east-2')).toBe(0)
    const { repositoryMetadata } = await invoke(CreateRepository, alice, { repositoryName: 'hello', repositoryDescription: 'grüß Gott' })
    expect(repositoryMetadata.repositoryId).toMatch(/^[0-9a-f-]{36}$/)
    expect(repositoryMetadata.kmsKeyId).toBe('alias/aws/codecommit')
    expect(await keysOf('us-east-2')).toBe(1)
    const read = await invoke(GetRepository, alice, { repositoryName: 'hello' })
    expect(read.repositoryMetadata.repositoryDescription).toBe('grüß Gott')
  })

  test('exactly once, when fifty are created at the same moment', async () => {
    const context = rootContext({ region: 'eu-west-1' })
    const names = Array.from({ length: 50 }, (_, index) => `r${index}`)
    await Promise.all(names.map((repositoryName) => invoke(CreateRepository, context, { repositoryName })))
    expect(await keysOf('eu-west-1')).toBe(1)
    const { repositories } = await invoke(ListRepositories, context, {})
    expect(repositories).toHaveLength(50)
  })

  test.each(['Encrypt', 'Decrypt', 'ReEncrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'DescribeKey'])(
    'is stopped by a Deny of kms:%s, which is named, and nothing is left behind',
    async (operation) => {
      const region = 'ap-south-1'
      const deny = { Sid: 'No', Effect: 'Deny', Action: `kms:${operation}`, Resource: '*' }
      const user = await developer(`denied-${operation}`, region, deny)
      const refused = invoke(CreateRepository, user, { repositoryName: 'never', repositoryDescription: 'x' })
      await expect(refused).rejects.toMatchObject({ name: 'EncryptionKeyAccessDeniedException' })
      await expect(refused).rejects.toThrow(new RegExp(`kms:${operation}.*Work.*No`, 's'))
      expect(await keysOf(region)).toBe(0)
      expect(await db().repository.count({ where: { region } })).toBe(0)
      const { Events } = await invoke(LookupEvents, rootContext({ region }), {
        LookupAttributes: [{ AttributeKey: 'Username', AttributeValue: `denied-${operation}` }],
      })
      const records = Events.map((event) => JSON.parse(event.CloudTrailEvent) as { eventSource: string; errorCode?: string })
      expect(records.some((record) => record.eventSource === 'kms.amazonaws.com' && record.errorCode === 'AccessDenied')).toBe(true)
    },
  )
})

test('a customer-managed key is refused clearly', async () => {
  const context = rootContext({ region: 'us-west-2' })
  const refused = invoke(CreateRepository, context, { repositoryName: 'own-key', kmsKeyId: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab' })
  await expect(refused).rejects.toMatchObject({ name: 'EncryptionKeyInvalidIdException' })
  await expect(refused).rejects.toThrow('cannot use a customer-managed key')
  expect(await keysOf('us-west-2')).toBe(0)
})

test('a rename keeps the ID and every sealed byte', async () => {
  const context = rootContext({ region: 'eu-north-1' })
  const made = await invoke(CreateRepository, context, { repositoryName: 'before', repositoryDescription: 'kept' })
  const { repositoryId } = made.repositoryMetadata
  const sealed = await db().repository.findUniqueOrThrow({ where: { id: repositoryId } })
  await invoke(UpdateRepositoryName, context, { oldName: 'before', newName: 'after' })
  const { repositoryMetadata } = await invoke(GetRepository, context, { repositoryName: 'after' })
  expect(repositoryMetadata).toMatchObject({ repositoryId, repositoryDescription: 'kept', Arn: 'arn:aws:codecommit:eu-north-1:111122223333:after' })
  const after = await db().repository.findUniqueOrThrow({ where: { id: repositoryId } })
  expect(after.descriptionCiphertext).toEqual(sealed.descriptionCiphertext)
  await expect(invoke(GetRepository, context, { repositoryName: 'before' })).rejects.toMatchObject({ name: 'RepositoryDoesNotExistException' })
})

test('the key outlives the last repository, and the next one uses it', async () => {
  const context = rootContext({ region: 'sa-east-1' })
  await invoke(CreateRepository, context, { repositoryName: 'one' })
  const before = await invoke(DescribeKey, context, { KeyId: 'alias/aws/codecommit' })
  expect(await invoke(DeleteRepository, context, { repositoryName: 'one' })).toHaveProperty('repositoryId')
  expect(await invoke(DeleteRepository, context, { repositoryName: 'one' })).toEqual({})
  await invoke(CreateRepository, context, { repositoryName: 'two' })
  const after = await invoke(DescribeKey, context, { KeyId: 'alias/aws/codecommit' })
  expect(after.KeyMetadata.Arn).toBe(before.KeyMetadata.Arn)
  expect(await db().repositoryKey.count()).toBe(await db().repository.count())
})

test('the description is sealed at rest, absent from events, and its Decrypt can be denied', async () => {
  const region = 'ca-central-1'
  const marker = 'MARKER-description-5aa1'
  await invoke(CreateRepository, rootContext({ region }), { repositoryName: 'secret', repositoryDescription: 'a' })
  await invoke(UpdateRepositoryDescription, rootContext({ region }), { repositoryName: 'secret', repositoryDescription: marker })
  const { Events } = await invoke(LookupEvents, rootContext({ region }), {})
  expect(JSON.stringify(Events)).not.toContain(marker)
  const mallory = await developer('mallory', region, { Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*' })
  await expect(invoke(GetRepository, mallory, { repositoryName: 'secret' })).rejects.toMatchObject({ name: 'EncryptionKeyAccessDeniedException' })
  // Operations that never touch the key go on.
  await expect(invoke(ListRepositories, mallory, {})).resolves.toMatchObject({ repositories: [{ repositoryName: 'secret' }] })
})

test('who may not know is not told whether a repository exists', async () => {
  const { User } = await invoke(CreateUser, rootContext(), { UserName: 'nobody' })
  const nobody = userContext({ id: User.UserId, name: 'nobody', arn: User.Arn })
  const messages = await Promise.all(
    ['hello', 'absent'].map((repositoryName) => invoke(GetRepository, nobody, { repositoryName }).catch((error: unknown) => error)),
  )
  for (const error of messages) expect(error).toMatchObject({ name: 'AccessDeniedException' })
})

test.each([undefined, '', 'a'.repeat(101), 'a/b', 'a b', 'x.git', 'ümlaut', '..', 'a\n'])('the name %j is refused in AWS’s words', async (repositoryName) => {
  const name = repositoryName ? 'InvalidRepositoryNameException' : 'RepositoryNameRequiredException'
  await expect(invoke(CreateRepository, rootContext(), { repositoryName })).rejects.toMatchObject({ name })
})

test('a repository is found by name, ID or ARN in every Region', async () => {
  const context = rootContext({ region: 'me-south-1' })
  const { repositoryMetadata } = await invoke(CreateRepository, context, { repositoryName: 'findable' })
  for (const text of ['findable', repositoryMetadata.repositoryId, repositoryMetadata.Arn]) {
    const { repositories } = await invoke(LookupRepository, rootContext(), { text })
    expect(repositories).toEqual([expect.objectContaining({ repositoryId: repositoryMetadata.repositoryId, region: 'me-south-1' })])
  }
  await expect(invoke(LookupRepository, rootContext(), { text: 'nowhere' })).resolves.toEqual({ repositories: [] })
})

test('many are got at once; those that are not there are named', async () => {
  const answer = await invoke(BatchGetRepositories, rootContext(), { repositoryNames: ['hello', 'absent'] })
  expect(answer.repositories.map(({ repositoryName }) => repositoryName)).toEqual(['hello'])
  expect(answer.repositoriesNotFound).toEqual(['absent'])
})
