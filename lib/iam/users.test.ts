import { afterAll, beforeAll, expect, test } from 'vitest'
import { db } from '#lib/db'
import { CreateAccessKey } from '#lib/iam/access-keys'
import { AddUserToGroup, CreateGroup, RemoveUserFromGroup } from '#lib/iam/groups'
import { PutUserPolicy } from '#lib/iam/user-policies'
import { ListUserTags, TagUser, UntagUser } from '#lib/iam/user-tags'
import { CreateUser, DeleteUser, GetUser, ListUsers, UpdateUser } from '#lib/iam/users'
import { invoke } from '#lib/invoke'
import type { AnyOperation } from '#lib/operation/define'
import { rootContext, userContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { refusal } from '#lib/testing/refusal'
import { trailTable } from '#lib/testing/event-disk'

let database: TestDatabase
beforeAll(async () => void (database = await testDatabase()))
afterAll(() => database[Symbol.asyncDispose]())

async function user(name: string) {
  const { User } = await invoke(CreateUser, rootContext(), { UserName: name })
  return { id: User.UserId, name, arn: User.Arn }
}

test('a user is created, found without regard to case, renamed and deleted', async () => {
  const { User } = await invoke(CreateUser, rootContext(), { UserName: 'Mary_Major', Path: '/division/' })
  expect(User).toMatchObject({ UserName: 'Mary_Major', Path: '/division/', Arn: 'arn:aws:iam::111122223333:user/division/Mary_Major' })
  expect(User.UserId).toMatch(/^AIDA[A-Z2-7]{17}$/)

  expect((await invoke(GetUser, rootContext(), { UserName: 'mary_major' })).User.UserName).toBe('Mary_Major')
  expect(await refusal(invoke(CreateUser, rootContext(), { UserName: 'MARY_MAJOR' }))).toEqual({
    code: 'EntityAlreadyExists', status: 409, message: 'User with name MARY_MAJOR already exists.',
  })

  await invoke(UpdateUser, rootContext(), { UserName: 'Mary_Major', NewUserName: 'Mary_Minor', NewPath: '/' })
  const renamed = await invoke(GetUser, rootContext(), { UserName: 'Mary_Minor' })
  expect(renamed.User).toMatchObject({ UserId: User.UserId, Arn: 'arn:aws:iam::111122223333:user/Mary_Minor' })

  await invoke(DeleteUser, rootContext(), { UserName: 'Mary_Minor' })
  expect(await refusal(invoke(GetUser, rootContext(), { UserName: 'Mary_Minor' }))).toEqual({
    code: 'NoSuchEntity', status: 404, message: 'The user with name Mary_Minor cannot be found.',
  })
})

test('names of every illegal kind are refused in IAM’s words', async () => {
  for (const UserName of ['', 'a b', 'a/b', 'ü', 'a\n', '<script>', 'x'.repeat(65), '../x', 'a\0']) {
    expect(await refusal(invoke(CreateUser, rootContext(), { UserName }))).toMatchObject({ code: 'ValidationError', status: 400 })
  }
  expect((await refusal(invoke(CreateUser, rootContext(), { UserName: 'a b' }))).message).toBe(
    'The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
  )
  expect((await refusal(invoke(CreateUser, rootContext(), {}))).message).toBe(
    "1 validation error detected: Value null at 'userName' failed to satisfy constraint: Member must not be null",
  )
  for (const Path of ['no-slash', '/open', 'close/', '/ü/', `/${'x'.repeat(512)}/`]) {
    expect(await refusal(invoke(CreateUser, rootContext(), { UserName: 'pathy', Path }))).toMatchObject({ code: 'ValidationError' })
  }
  expect(await refusal(invoke(CreateUser, rootContext(), { UserName: 'bounded', PermissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }))).toMatchObject({ code: 'InvalidInput' })
})

test('a user without a name asks about themselves, and root about the account', async () => {
  const alice = await user('alice')
  await invoke(PutUserPolicy, rootContext(), { UserName: 'alice', PolicyName: 'self', PolicyDocument: allow('iam:GetUser', alice.arn) })
  expect((await invoke(GetUser, userContext(alice), {})).User.UserName).toBe('alice')
  expect((await invoke(GetUser, rootContext(), {})).User).toMatchObject({ UserId: '111122223333', Arn: 'arn:aws:iam::111122223333:root' })
})

test('who may not know whether a user exists is refused in both cases alike', async () => {
  const bob = await user('bob')
  await user('carol')
  const there = await refusal(invoke(GetUser, userContext(bob), { UserName: 'carol' }))
  const absent = await refusal(invoke(GetUser, userContext(bob), { UserName: 'nobody' }))
  expect(there.code).toBe('AccessDeniedException')
  expect(absent).toEqual({ ...there, message: there.message.replaceAll('carol', 'nobody') })
  for (const [operation, input] of [
    [CreateUser, { UserName: 'bobs' }], [ListUsers, {}], [UpdateUser, { UserName: 'carol', NewUserName: 'x' }],
    [DeleteUser, { UserName: 'carol' }], [TagUser, { UserName: 'carol', Tags: [{ Key: 'a', Value: 'b' }] }],
    [UntagUser, { UserName: 'carol', TagKeys: ['a'] }], [ListUserTags, { UserName: 'carol' }],
  ] as [AnyOperation, object][]) {
    expect(await refusal(invoke(operation, userContext(bob), input))).toMatchObject({ code: 'AccessDeniedException' })
  }
})

test('renaming needs the permission for the old name and for the new one', async () => {
  const dan = await user('dan')
  await invoke(PutUserPolicy, rootContext(), {
    UserName: 'dan', PolicyName: 'rename', PolicyDocument: allow('iam:UpdateUser', 'arn:aws:iam::111122223333:user/dan'),
  })
  expect((await refusal(invoke(UpdateUser, userContext(dan), { UserName: 'dan', NewUserName: 'admin' }))).message).toContain(
    'not authorized to perform: iam:UpdateUser on resource: arn:aws:iam::111122223333:user/admin',
  )
})

test('a user is not deleted while anything belongs to them', async () => {
  await user('erin')
  await invoke(CreateGroup, rootContext(), { GroupName: 'erins' })
  await invoke(AddUserToGroup, rootContext(), { GroupName: 'erins', UserName: 'erin' })
  const conflict = { code: 'DeleteConflict', status: 409, message: 'Cannot delete entity, must remove referenced objects first.' }
  expect(await refusal(invoke(DeleteUser, rootContext(), { UserName: 'erin' }))).toEqual(conflict)
  await invoke(RemoveUserFromGroup, rootContext(), { GroupName: 'erins', UserName: 'erin' })
  await invoke(CreateAccessKey, rootContext(), { UserName: 'erin' })
  expect(await refusal(invoke(DeleteUser, rootContext(), { UserName: 'erin' }))).toEqual(conflict)
})

test('users are listed in pages, by path', async () => {
  for (let index = 0; index < 7; index++) {
    await invoke(CreateUser, rootContext(), { UserName: `lister${index}`, Path: index % 2 === 0 ? '/even/' : '/odd/' })
  }
  const names: (string | undefined)[] = []
  let Marker: string | undefined
  let pages = 0
  do {
    const page = await invoke(ListUsers, rootContext(), { MaxItems: '2', PathPrefix: '/even/', Marker })
    expect(page.Users.length).toBeLessThanOrEqual(2)
    names.push(...page.Users.map((each) => each.UserName))
    expect(page.IsTruncated).toBe(page.Marker !== undefined)
    Marker = page.Marker
    pages++
  } while (Marker !== undefined)
  expect(names).toEqual(['lister0', 'lister2', 'lister4', 'lister6'])
  expect(pages).toBe(2)
  expect(await refusal(invoke(ListUsers, rootContext(), { Marker: 'forged' }))).toEqual({ code: 'ValidationError', status: 400, message: 'Invalid Marker.' })
  for (const MaxItems of ['0', '1001', 'many']) {
    expect((await refusal(invoke(ListUsers, rootContext(), { MaxItems }))).status).toBe(400)
  }
})

test('tags are set, replaced without regard to case, listed and removed', async () => {
  await user('frank')
  await invoke(TagUser, rootContext(), { UserName: 'frank', Tags: [{ Key: 'Team', Value: 'a' }, { Key: 'Level', Value: '' }] })
  await invoke(TagUser, rootContext(), { UserName: 'frank', Tags: [{ Key: 'team', Value: 'b' }] })
  expect((await invoke(ListUserTags, rootContext(), { UserName: 'frank' })).Tags).toEqual([{ Key: 'Level', Value: '' }, { Key: 'team', Value: 'b' }])
  await invoke(UntagUser, rootContext(), { UserName: 'frank', TagKeys: ['team'] })
  expect((await invoke(ListUserTags, rootContext(), { UserName: 'frank' })).Tags).toEqual([{ Key: 'Level', Value: '' }])
  expect(await refusal(invoke(TagUser, rootContext(), { UserName: 'frank', Tags: [{ Key: 'AWS:x', Value: '' }] }))).toMatchObject({ code: 'InvalidInput' })
  expect(await refusal(invoke(TagUser, rootContext(), { UserName: 'frank', Tags: [{ Key: 'a', Value: '' }, { Key: 'A', Value: '' }] }))).toMatchObject({ code: 'InvalidInput' })
})

test('two creations of one name at the same moment leave one user', async () => {
  const results = await Promise.allSettled(Array.from({ length: 5 }, () => invoke(CreateUser, rootContext(), { UserName: 'grace' })))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await db().iamUser.count({ where: { nameLower: 'grace' } })).toBe(1)
})

test('every operation is in the trail with its names, allowed or refused', async () => {
  const events = await (await trailTable()).findMany({ where: { eventName: 'CreateUser' } })
  const records = events.map(({ record }) => JSON.parse(record) as Record<string, unknown>)
  const created = records.find((record) => JSON.stringify(record['requestParameters']).includes('Mary_Major'))
  expect(created).toMatchObject({
    eventSource: 'iam.amazonaws.com', awsRegion: 'us-east-1', readOnly: false,
    requestParameters: { userName: 'Mary_Major', path: '/division/' },
    responseElements: { user: { userName: 'Mary_Major', arn: 'arn:aws:iam::111122223333:user/division/Mary_Major' } },
  })
  expect(records.some((record) => record['errorCode'] === 'AccessDenied')).toBe(true)
})

function allow(Action: string, Resource: string): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource } })
}
