import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  AddUserToGroup, CreateGroup, DeleteGroup, GetGroup, ListGroups, ListGroupsForUser, RemoveUserFromGroup, UpdateGroup,
} from '#lib/iam/groups'
import { AttachGroupPolicy, DetachGroupPolicy, ListAttachedGroupPolicies, PutGroupPolicy, DeleteGroupPolicy, GetGroupPolicy, ListGroupPolicies } from '#lib/iam/group-policies'
import { CreateUser, ListUsers } from '#lib/iam/users'
import { invoke } from '#lib/invoke'
import type { AnyOperation } from '#lib/operation/define'
import { rootContext, userContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { refusal } from '#lib/testing/refusal'

let database: TestDatabase
beforeAll(async () => void (database = await testDatabase()))
afterAll(() => database[Symbol.asyncDispose]())

const readOnly = 'arn:aws:iam::aws:policy/IAMReadOnlyAccess'

test('a group gives its policies to whoever is in it, and takes them back at once', async () => {
  const alice = await user('alice')
  await invoke(CreateGroup, rootContext(), { GroupName: 'Auditors', Path: '/staff/' })
  await invoke(AttachGroupPolicy, rootContext(), { GroupName: 'auditors', PolicyArn: readOnly })
  expect(await refusal(invoke(ListUsers, userContext(alice), {}))).toMatchObject({ code: 'AccessDeniedException' })

  await invoke(AddUserToGroup, rootContext(), { GroupName: 'Auditors', UserName: 'alice' })
  await invoke(AddUserToGroup, rootContext(), { GroupName: 'Auditors', UserName: 'alice' })
  expect((await invoke(ListUsers, userContext(alice), {})).Users).toHaveLength(1)
  expect(await invoke(GetGroup, rootContext(), { GroupName: 'Auditors' })).toMatchObject({
    Group: { GroupName: 'Auditors', Path: '/staff/', Arn: 'arn:aws:iam::111122223333:group/staff/Auditors' },
    Users: [{ UserName: 'alice' }],
    IsTruncated: false,
  })
  expect((await invoke(ListGroupsForUser, rootContext(), { UserName: 'alice' })).Groups).toMatchObject([{ GroupName: 'Auditors' }])

  await invoke(PutGroupPolicy, rootContext(), { GroupName: 'Auditors', PolicyName: 'no-users', PolicyDocument: deny('iam:ListUsers') })
  expect((await refusal(invoke(ListUsers, userContext(alice), {}))).message).toContain('explicit deny')
  await invoke(DeleteGroupPolicy, rootContext(), { GroupName: 'Auditors', PolicyName: 'no-users' })
  await invoke(ListUsers, userContext(alice), {})

  await invoke(RemoveUserFromGroup, rootContext(), { GroupName: 'Auditors', UserName: 'alice' })
  expect(await refusal(invoke(ListUsers, userContext(alice), {}))).toMatchObject({ code: 'AccessDeniedException' })
  expect(await refusal(invoke(RemoveUserFromGroup, rootContext(), { GroupName: 'Auditors', UserName: 'alice' }))).toMatchObject({ code: 'NoSuchEntity' })
})

test('a group is deleted once it is empty, and says what is left', async () => {
  await user('bob')
  await invoke(CreateGroup, rootContext(), { GroupName: 'ops' })
  await invoke(AddUserToGroup, rootContext(), { GroupName: 'ops', UserName: 'bob' })
  await invoke(AttachGroupPolicy, rootContext(), { GroupName: 'ops', PolicyArn: readOnly })
  await invoke(PutGroupPolicy, rootContext(), { GroupName: 'ops', PolicyName: 'p', PolicyDocument: deny('iam:ListUsers') })
  const reason = async () => (await refusal(invoke(DeleteGroup, rootContext(), { GroupName: 'ops' }))).message
  expect(await reason()).toBe('Cannot delete entity, must remove users from group first.')
  await invoke(RemoveUserFromGroup, rootContext(), { GroupName: 'ops', UserName: 'bob' })
  expect(await reason()).toBe('Cannot delete entity, must delete policies first.')
  await invoke(DeleteGroupPolicy, rootContext(), { GroupName: 'ops', PolicyName: 'p' })
  expect(await reason()).toBe('Cannot delete entity, must detach all policies first.')
  await invoke(DetachGroupPolicy, rootContext(), { GroupName: 'ops', PolicyArn: readOnly })
  await invoke(DeleteGroup, rootContext(), { GroupName: 'ops' })
  expect(await refusal(invoke(GetGroup, rootContext(), { GroupName: 'ops' }))).toEqual({
    code: 'NoSuchEntity', status: 404, message: 'The group with name ops cannot be found.',
  })
})

test('groups are renamed, listed in pages, and their names are unique', async () => {
  await invoke(CreateGroup, rootContext(), { GroupName: 'one' })
  await invoke(CreateGroup, rootContext(), { GroupName: 'two' })
  expect(await refusal(invoke(UpdateGroup, rootContext(), { GroupName: 'one', NewGroupName: 'TWO' }))).toMatchObject({ code: 'EntityAlreadyExists', status: 409 })
  await invoke(UpdateGroup, rootContext(), { GroupName: 'one', NewGroupName: 'three' })
  const first = await invoke(ListGroups, rootContext(), { MaxItems: '2' })
  const rest = await invoke(ListGroups, rootContext(), { MaxItems: '2', Marker: first.Marker })
  expect([...first.Groups, ...rest.Groups].map((group) => group.GroupName)).toEqual(['Auditors', 'three', 'two'])
  expect([first.IsTruncated, rest.IsTruncated]).toEqual([true, false])
})

test('a user is in ten groups at most', async () => {
  await user('carol')
  for (let index = 0; index < 11; index++) await invoke(CreateGroup, rootContext(), { GroupName: `many${index}` })
  for (let index = 0; index < 10; index++) await invoke(AddUserToGroup, rootContext(), { GroupName: `many${index}`, UserName: 'carol' })
  expect(await refusal(invoke(AddUserToGroup, rootContext(), { GroupName: 'many10', UserName: 'carol' }))).toEqual({
    code: 'LimitExceeded', status: 409, message: 'Cannot exceed quota for GroupsPerUser: 10',
  })
})

test('without permission none of it is open', async () => {
  const dan = userContext(await user('dan'))
  const GroupName = 'Auditors'
  for (const [operation, input] of [
    [CreateGroup, { GroupName: 'x' }], [GetGroup, { GroupName }], [ListGroups, {}], [UpdateGroup, { GroupName, NewGroupName: 'x' }],
    [DeleteGroup, { GroupName }], [AddUserToGroup, { GroupName, UserName: 'dan' }], [RemoveUserFromGroup, { GroupName, UserName: 'alice' }],
    [ListGroupsForUser, { UserName: 'alice' }], [PutGroupPolicy, { GroupName, PolicyName: 'p', PolicyDocument: deny('iam:x') }],
    [GetGroupPolicy, { GroupName, PolicyName: 'p' }], [ListGroupPolicies, { GroupName }], [DeleteGroupPolicy, { GroupName, PolicyName: 'p' }],
    [AttachGroupPolicy, { GroupName, PolicyArn: readOnly }], [DetachGroupPolicy, { GroupName, PolicyArn: readOnly }],
    [ListAttachedGroupPolicies, { GroupName }],
  ] as [AnyOperation, object][]) {
    expect(await refusal(invoke(operation, dan, input)), operation.name).toMatchObject({ code: 'AccessDeniedException' })
  }
})

async function user(name: string) {
  const { User } = await invoke(CreateUser, rootContext(), { UserName: name })
  return { id: User.UserId, name, arn: User.Arn }
}

function deny(Action: string): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Deny', Action, Resource: '*' } })
}
