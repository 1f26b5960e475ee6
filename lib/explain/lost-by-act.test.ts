import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  AddUserToGroup,
  AttachGroupPolicy,
  AttachUserPolicy,
  CreateAccessKey,
  CreateGroup,
  CreateLoginProfile,
  CreatePolicy,
  CreatePolicyVersion,
  CreateUser,
  ListAttachedUserPolicies,
  PutGroupPolicy,
  PutUserPolicy,
  UpdateAccessKey,
} from '#lib/iam/api'
import { invoke } from '#lib/invoke'
import type { RequestContext } from '#lib/operation/context'
import { rootContext, userContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { lostByAct } from './lost-by-act.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})

afterAll(async () => {
  await database[Symbol.asyncDispose]()
})

const document = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements })
const all = { Effect: 'Allow', Action: '*', Resource: '*' }
const denyIam = { Effect: 'Deny', Action: 'iam:*', Resource: '*' }
const mending = ['iam:PutUserPolicy', 'iam:DeleteUserPolicy', 'iam:AttachUserPolicy', 'iam:DetachUserPolicy', 'iam:CreatePolicyVersion']
const nothing = { actions: [] }

async function userWith(name: string, ...statements: object[]): Promise<RequestContext> {
  const { User } = await invoke(CreateUser, rootContext(), { UserName: name })
  if (statements.length > 0) await invoke(PutUserPolicy, rootContext(), { UserName: name, PolicyName: 'Work', PolicyDocument: document(...statements) })
  return userContext({ id: User.UserId, name, arn: User.Arn })
}

async function policyOf(PolicyName: string, ...statements: object[]): Promise<string> {
  return (await invoke(CreatePolicy, rootContext(), { PolicyName, PolicyDocument: document(...statements) })).Policy.Arn
}

async function groupWith(GroupName: string, users: readonly string[], ...statements: object[]): Promise<void> {
  await invoke(CreateGroup, rootContext(), { GroupName })
  if (statements.length > 0) await invoke(PutGroupPolicy, rootContext(), { GroupName, PolicyName: 'Work', PolicyDocument: document(...statements) })
  for (const UserName of users) await invoke(AddUserToGroup, rootContext(), { GroupName, UserName })
}

describe('a user’s own policies', () => {
  test('the last one that allows IAM is detached or deleted: what is lost is named, and what could have taken it back', async () => {
    const alice = await userWith('alice')
    const PolicyArn = await policyOf('Admin', all)
    await invoke(AttachUserPolicy, rootContext(), { UserName: 'alice', PolicyArn })
    expect(await lostByAct(alice, 'DetachUserPolicy', { UserName: 'ALICE', PolicyArn })).toEqual({ actions: mending, undo: 'iam:AttachUserPolicy' })
    expect((await invoke(ListAttachedUserPolicies, alice, { UserName: 'alice' })).AttachedPolicies).toHaveLength(1)
    const bob = await userWith('bob', all)
    expect(await lostByAct(bob, 'DeleteUserPolicy', { UserName: 'bob', PolicyName: 'Work' })).toEqual({ actions: mending, undo: 'iam:PutUserPolicy' })
  })

  test('a Deny is attached: it could not be detached again; one of something else takes nothing', async () => {
    const carol = await userWith('carol', all)
    const PolicyArn = await policyOf('KeepOut', denyIam)
    expect(await lostByAct(carol, 'AttachUserPolicy', { UserName: 'carol', PolicyArn })).toEqual({ actions: mending, undo: 'iam:DetachUserPolicy' })
    expect(await lostByAct(carol, 'AttachUserPolicy', { UserName: 'carol', PolicyArn: await policyOf('NoKeys', { ...denyIam, Action: 'kms:*' }) })).toEqual(nothing)
    // What is lost can be got back: no lockout.
    expect(await lostByAct(carol, 'AttachUserPolicy', { UserName: 'carol', PolicyArn: await policyOf('NoPut', { ...denyIam, Action: 'iam:PutUserPolicy' }) })).toEqual({ actions: ['iam:PutUserPolicy'] })
    expect(await lostByAct(carol, 'AttachUserPolicy', { UserName: 'carol', PolicyArn: `${PolicyArn}Gone` })).toEqual(nothing)
  })

  test('nothing is lost where another policy still allows it, where somebody else’s is changed, by root, and by an operation that changes no policy', async () => {
    const dave = await userWith('dave', all)
    const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
    for (const UserName of ['dave', 'alice']) await invoke(AttachUserPolicy, rootContext(), { UserName, PolicyArn })
    expect(await lostByAct(dave, 'DetachUserPolicy', { UserName: 'dave', PolicyArn })).toEqual(nothing)
    expect(await lostByAct(dave, 'DeleteUserPolicy', { UserName: 'dave', PolicyName: 'Work' })).toEqual(nothing)
    expect(await lostByAct(dave, 'DetachUserPolicy', { UserName: 'alice', PolicyArn })).toEqual(nothing)
    expect(await lostByAct(dave, 'DeleteUserPolicy', { UserName: 'carol', PolicyName: 'Work' })).toEqual(nothing)
    expect(await lostByAct(rootContext(), 'DetachUserPolicy', { UserName: 'dave', PolicyArn })).toEqual(nothing)
    for (const name of ['CreateUser', 'toString', '']) expect(await lostByAct(dave, name, { UserName: 'dave' })).toEqual(nothing)
  })

  test('who may not do it learns nothing of what it would do; an input that is none is refused', async () => {
    const erin = await userWith('erin', { ...all, Action: ['iam:PutUserPolicy', 'iam:DetachUserPolicy'] })
    const PolicyArn = await policyOf('Secret', denyIam)
    expect(await lostByAct(erin, 'AttachUserPolicy', { UserName: 'erin', PolicyArn })).toEqual(nothing)
    await expect(lostByAct(erin, 'AttachUserPolicy', { UserName: 'erin' })).rejects.toMatchObject({ name: 'ValidationError' })
  })
})

describe('versions of a managed policy', () => {
  test('another default one that allows less could not be set back; deleting one that does not count takes nothing', async () => {
    const frank = await userWith('frank')
    const PolicyArn = await policyOf('Versions', all)
    await invoke(AttachUserPolicy, rootContext(), { UserName: 'frank', PolicyArn })
    for (const statement of [{ ...all, Action: 'kms:*' }, { ...all, Action: ['iam:*', 'kms:*'] }]) await invoke(CreatePolicyVersion, rootContext(), { PolicyArn, PolicyDocument: document(statement) })
    expect(await lostByAct(frank, 'SetDefaultPolicyVersion', { PolicyArn, VersionId: 'v2' })).toEqual({ actions: ['iam:SetDefaultPolicyVersion', ...mending], undo: 'iam:SetDefaultPolicyVersion' })
    expect(await lostByAct(frank, 'SetDefaultPolicyVersion', { PolicyArn, VersionId: 'v3' })).toEqual(nothing)
    expect(await lostByAct(frank, 'SetDefaultPolicyVersion', { PolicyArn, VersionId: 'v9' })).toEqual(nothing)
    expect(await lostByAct(frank, 'DeletePolicyVersion', { PolicyArn, VersionId: 'v2' })).toEqual(nothing)
    // Of no use to somebody that it speaks for nowhere.
    expect(await lostByAct(await userWith('faythe', all), 'SetDefaultPolicyVersion', { PolicyArn, VersionId: 'v2' })).toEqual(nothing)
  })
})

describe('groups', () => {
  test('who leaves the group that lets them, or takes its policy away, could not take it back; who puts somebody else out loses nothing', async () => {
    const grace = await userWith('grace')
    await userWith('heidi', all)
    await groupWith('admins', ['grace', 'heidi'], all)
    expect(await lostByAct(grace, 'RemoveUserFromGroup', { GroupName: 'Admins', UserName: 'Grace' })).toEqual({ actions: ['iam:AddUserToGroup', ...mending], undo: 'iam:AddUserToGroup' })
    expect(await lostByAct(grace, 'RemoveUserFromGroup', { GroupName: 'admins', UserName: 'heidi' })).toEqual(nothing)
    expect(await lostByAct(grace, 'DeleteGroupPolicy', { GroupName: 'admins', PolicyName: 'Work' })).toEqual({ actions: ['iam:PutGroupPolicy', ...mending], undo: 'iam:PutGroupPolicy' })
    const PolicyArn = await policyOf('GroupKeepOut', denyIam)
    expect(await lostByAct(grace, 'AttachGroupPolicy', { GroupName: 'admins', PolicyArn })).toEqual({ actions: ['iam:DetachGroupPolicy', ...mending], undo: 'iam:DetachGroupPolicy' })
    await groupWith('others', [])
    expect(await lostByAct(grace, 'AttachGroupPolicy', { GroupName: 'others', PolicyArn })).toEqual(nothing)
  })

  test('a group’s managed policy is detached; a group that denies is joined', async () => {
    const ivan = await userWith('ivan')
    const PolicyArn = await policyOf('OfGroup', all)
    await groupWith('team', ['ivan'])
    await invoke(AttachGroupPolicy, rootContext(), { GroupName: 'team', PolicyArn })
    expect(await lostByAct(ivan, 'DetachGroupPolicy', { GroupName: 'team', PolicyArn })).toEqual({ actions: ['iam:AttachGroupPolicy', ...mending], undo: 'iam:AttachGroupPolicy' })
    await groupWith('suspended', [], denyIam)
    expect(await lostByAct(ivan, 'AddUserToGroup', { GroupName: 'suspended', UserName: 'ivan' })).toEqual({ actions: ['iam:RemoveUserFromGroup', ...mending], undo: 'iam:RemoveUserFromGroup' })
    expect(await lostByAct(ivan, 'AddUserToGroup', { GroupName: 'team', UserName: 'ivan' })).toEqual(nothing)
    expect(await lostByAct(ivan, 'AddUserToGroup', { GroupName: 'no-such-group', UserName: 'ivan' })).toEqual(nothing)
  })
})

describe('one’s own credentials', () => {
  test('the last that signs in or signs requests is told of, and none before it; nor anybody else’s', async () => {
    const judy = await userWith('judy', all)
    await invoke(CreateLoginProfile, rootContext(), { UserName: 'judy', Password: 'Correct-horse-7-battery' })
    const { AccessKey } = await invoke(CreateAccessKey, rootContext(), { UserName: 'judy' })
    const { AccessKeyId } = AccessKey
    for (const act of [['DeleteLoginProfile', {}], ['DeleteAccessKey', { AccessKeyId }], ['UpdateAccessKey', { AccessKeyId, Status: 'Inactive' }]] as const) expect(await lostByAct(judy, act[0], { UserName: 'judy', ...act[1] })).toEqual(nothing)
    await invoke(UpdateAccessKey, rootContext(), { UserName: 'judy', AccessKeyId, Status: 'Inactive' })
    expect(await lostByAct(judy, 'DeleteLoginProfile', { UserName: 'judy' })).toEqual({ actions: [], lastCredential: true })
    expect(await lostByAct(await userWith('mallory', all), 'DeleteLoginProfile', { UserName: 'judy' })).toEqual(nothing)

    const niaj = await userWith('niaj', all)
    const { AccessKey: only } = await invoke(CreateAccessKey, rootContext(), { UserName: 'niaj' })
    const OfNiaj = { UserName: 'niaj', AccessKeyId: only.AccessKeyId }
    expect(await lostByAct(niaj, 'DeleteAccessKey', OfNiaj)).toEqual({ actions: [], lastCredential: true })
    expect(await lostByAct(niaj, 'DeleteAccessKey', { AccessKeyId: only.AccessKeyId })).toEqual({ actions: [], lastCredential: true })
    expect(await lostByAct(niaj, 'UpdateAccessKey', { ...OfNiaj, Status: 'Inactive' })).toEqual({ actions: [], lastCredential: true })
    expect(await lostByAct(niaj, 'UpdateAccessKey', { ...OfNiaj, Status: 'Active' })).toEqual(nothing)
  })

  test('the last MFA device, where policy asks for its code', async () => {
    const withMfa = { session: { creationDate: new Date(), mfaAuthenticated: true } }
    const guarded = { ...all, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }
    const olivia = { ...(await userWith('olivia', guarded)), ...withMfa }
    const device = { UserName: 'olivia', SerialNumber: 'arn:aws:iam::111122223333:mfa/app' }
    expect(await lostByAct(olivia, 'DeactivateMFADevice', device)).toEqual({ actions: ['iam:EnableMFADevice', ...mending], undo: 'iam:EnableMFADevice' })
    const peggy = { ...(await userWith('peggy', all)), ...withMfa }
    expect(await lostByAct(peggy, 'DeactivateMFADevice', { ...device, UserName: 'peggy' })).toEqual(nothing)
  })
})
