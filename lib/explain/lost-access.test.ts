import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AddUserToGroup, AttachUserPolicy, CreateGroup, CreatePolicy, CreateUser, GetUserPolicy, PutGroupPolicy, PutUserPolicy } from '#lib/iam/api'
import { invoke } from '#lib/invoke'
import { CreateKey, GetKeyPolicy } from '#lib/kms/api'
import type { RequestContext } from '#lib/operation/context'
import { rootContext, userContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { lostAccess, lostKeyAccess } from './lost-access.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})

afterAll(async () => {
  await database[Symbol.asyncDispose]()
})

const document = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements })
const all = { Sid: 'All', Effect: 'Allow', Action: '*', Resource: '*' }
const denyIam = { Sid: 'NoIam', Effect: 'Deny', Action: 'iam:*', Resource: '*' }
const mending = ['iam:PutUserPolicy', 'iam:DeleteUserPolicy', 'iam:AttachUserPolicy', 'iam:DetachUserPolicy', 'iam:CreatePolicyVersion']
const inline = (attachedTo: string, policy = 'Work') => ({ source: 'identity-policy', policy, attachedTo }) as const
const ofGroup = (attachedTo: string, policy = 'Work') => ({ source: 'group-policy', policy, attachedTo }) as const

async function userWith(name: string, ...statements: object[]): Promise<RequestContext> {
  const { User } = await invoke(CreateUser, rootContext(), { UserName: name })
  if (statements.length > 0) await invoke(PutUserPolicy, rootContext(), { UserName: name, PolicyName: 'Work', PolicyDocument: document(...statements) })
  return userContext({ id: User.UserId, name, arn: User.Arn })
}

describe('a policy that would lock its writer out', () => {
  test('one’s own inline policy without IAM: every action that could mend it is named, and nothing is stored', async () => {
    const alice = await userWith('alice', all)
    expect(await lostAccess(alice, inline('alice'), document({ ...all, Action: 'codecommit:*' }))).toEqual(mending)
    expect(await lostAccess(alice, inline('ALICE'), document(all, { ...denyIam, Action: 'iam:PutUserPolicy' }))).toEqual(['iam:PutUserPolicy'])
    expect(await lostAccess(alice, inline('alice'), document(all, { ...denyIam, Action: 'codecommit:*' }))).toEqual([])
    const { PolicyDocument } = await invoke(GetUserPolicy, rootContext(), { UserName: 'alice', PolicyName: 'Work' })
    expect(decodeURIComponent(PolicyDocument)).toBe(document(all))
  })

  test('a new inline policy that denies, on oneself and on a group that one is in; not on anybody else', async () => {
    const carol = await userWith('carol', all)
    await userWith('dave', all)
    for (const GroupName of ['hers', 'others']) await invoke(CreateGroup, rootContext(), { GroupName })
    await invoke(AddUserToGroup, rootContext(), { GroupName: 'hers', UserName: 'carol' })
    expect(await lostAccess(carol, inline('carol', 'KeepOut'), document(denyIam))).toEqual(mending)
    expect(await lostAccess(carol, ofGroup('hers', 'KeepOut'), document(denyIam))).toEqual(mending)
    expect(await lostAccess(carol, ofGroup('others', 'KeepOut'), document(denyIam))).toEqual([])
    expect(await lostAccess(carol, inline('dave'), document(denyIam))).toEqual([])
    expect(await lostAccess(carol, ofGroup('no-such-group'), document(denyIam))).toEqual([])
  })

  test('a group’s policy and a managed one, where they are what lets the caller do it', async () => {
    const erin = await userWith('erin')
    await invoke(CreateGroup, rootContext(), { GroupName: 'admins' })
    await invoke(PutGroupPolicy, rootContext(), { GroupName: 'admins', PolicyName: 'Work', PolicyDocument: document(all) })
    await invoke(AddUserToGroup, rootContext(), { GroupName: 'admins', UserName: 'erin' })
    expect(await lostAccess(erin, ofGroup('admins'), document({ ...all, Action: 'kms:*' }))).toEqual(mending)

    const frank = await userWith('frank')
    const { Policy } = await invoke(CreatePolicy, rootContext(), { PolicyName: 'Managed', PolicyDocument: document(all) })
    const place = { source: 'identity-policy', policy: Policy.Arn, attachedTo: '' } as const
    expect(await lostAccess(frank, place, document({ ...all, Action: 'kms:*' }))).toEqual([])
    await invoke(AttachUserPolicy, rootContext(), { UserName: 'frank', PolicyArn: Policy.Arn })
    expect(await lostAccess(frank, place, document({ ...all, Action: 'kms:*' }))).toEqual(mending)
  })

  test('what another policy still allows is not lost; what was not allowed cannot be; root loses nothing', async () => {
    const grace = await userWith('grace', all)
    await invoke(AttachUserPolicy, rootContext(), { UserName: 'grace', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' })
    expect(await lostAccess(grace, inline('grace'), document({ ...all, Action: 'kms:*' }))).toEqual([])
    const heidi = await userWith('heidi', { ...all, Action: 'codecommit:*' })
    expect(await lostAccess(heidi, inline('heidi'), document(denyIam))).toEqual([])
    expect(await lostAccess(rootContext(), inline('grace'), document(denyIam))).toEqual([])
  })

  test('a document that is none is refused with its place', async () => {
    const ivan = await userWith('ivan', all)
    await expect(lostAccess(ivan, inline('ivan'), '{"Version":"2012-10-17","Statement":[{"Effect":"Permit"}]}')).rejects.toMatchObject({ name: 'MalformedPolicyDocument', message: expect.stringContaining('line 1') as string })
  })
})

describe('a key policy', () => {
  const account = (accountId: string) => ({ Sid: 'Account', Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: 'kms:*', Resource: '*' })

  test('what its writer could no longer do with the key is named; root’s too; nothing is stored', async () => {
    const judy = await userWith('judy', all)
    const { KeyMetadata } = await invoke(CreateKey, judy, {})
    const { Arn, KeyId } = KeyMetadata
    const { accountId } = judy
    expect(await lostKeyAccess(judy, Arn, document(account(accountId)))).toEqual([])
    expect(await lostKeyAccess(judy, Arn, document(account(accountId), { Effect: 'Deny', Principal: '*', Action: 'kms:Decrypt', Resource: '*' }))).toEqual(['kms:Decrypt'])
    const justRead = document({ ...account(accountId), Action: ['kms:DescribeKey', 'kms:GetKeyPolicy'] })
    for (const who of [judy, rootContext()]) {
      const lost = await lostKeyAccess(who, Arn, justRead)
      expect(lost).toContain('kms:PutKeyPolicy')
      expect(lost).not.toContain('kms:DescribeKey')
    }
    expect((await invoke(GetKeyPolicy, judy, { KeyId })).Policy).toContain('Enable IAM User Permissions')
  })

  test('it is judged in the key’s Region, wherever the caller is', async () => {
    const { KeyMetadata } = await invoke(CreateKey, rootContext({ region: 'eu-west-1' }), {})
    expect(await lostKeyAccess(rootContext({ region: 'us-east-1' }), KeyMetadata.Arn, document({ ...account(rootContext().accountId), Action: 'kms:DescribeKey' }))).toContain('kms:PutKeyPolicy')
  })

  test('of a key that is not there, of another account’s, and of one that the caller may not touch, the answer is the same', async () => {
    const mallory = await userWith('mallory', { ...all, Action: 'codecommit:*' })
    const { KeyMetadata } = await invoke(CreateKey, rootContext(), {})
    const nothing = document({ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:DescribeKey', Resource: '*' })
    const absent = KeyMetadata.Arn.replace(KeyMetadata.KeyId, '00000000-0000-4000-8000-000000000000')
    for (const arn of [KeyMetadata.Arn, absent, absent.replace(mallory.accountId, '999999999999'), 'no ARN', '']) expect(await lostKeyAccess(mallory, arn, nothing)).toEqual([])
  })
})
