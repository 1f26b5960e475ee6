import { afterAll, beforeAll, expect, test } from 'vitest'
import { CreatePolicy, DeletePolicy, GetPolicy, ListEntitiesForPolicy, ListPolicies } from '#lib/iam/policies'
import {
  CreatePolicyVersion, DeletePolicyVersion, GetPolicyVersion, ListPolicyVersions, SetDefaultPolicyVersion,
} from '#lib/iam/policy-versions'
import {
  AttachUserPolicy, DeleteUserPolicy, DetachUserPolicy, GetUserPolicy, ListAttachedUserPolicies, ListUserPolicies, PutUserPolicy,
} from '#lib/iam/user-policies'
import { CreateUser, ListUsers } from '#lib/iam/users'
import { invoke } from '#lib/invoke'
import type { AnyOperation } from '#lib/operation/define'
import { rootContext, userContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { refusal } from '#lib/testing/refusal'

let database: TestDatabase
beforeAll(async () => void (database = await testDatabase()))
afterAll(() => database[Symbol.asyncDispose]())

const root = () => rootContext()

test('an inline policy is put, comes back URL-encoded, counts at once, and is deleted', async () => {
  const alice = await user('alice')
  const document = `{"Version":"2012-10-17", "Statement":[{"Sid":"It1","Effect":"Allow","Action":"iam:ListUsers","Resource":"*","Condition":{"StringNotLike":{"aws:UserAgent":"(it's) *!"}}}]}`
  await invoke(PutUserPolicy, root(), { UserName: 'alice', PolicyName: 'list', PolicyDocument: document })
  const { PolicyDocument } = await invoke(GetUserPolicy, root(), { UserName: 'alice', PolicyName: 'list' })
  expect(PolicyDocument).toMatch(/^[\w.~%-]+$/)
  expect(decodeURIComponent(PolicyDocument)).toBe(document)
  await invoke(ListUsers, userContext(alice), {})

  await invoke(PutUserPolicy, root(), { UserName: 'alice', PolicyName: 'list', PolicyDocument: statement('Deny', 'iam:ListUsers') })
  expect(await refusal(invoke(ListUsers, userContext(alice), {}))).toMatchObject({ code: 'AccessDeniedException' })
  expect((await invoke(ListUserPolicies, root(), { UserName: 'alice' })).PolicyNames).toEqual(['list'])
  await invoke(DeleteUserPolicy, root(), { UserName: 'alice', PolicyName: 'list' })
  expect(await refusal(invoke(GetUserPolicy, root(), { UserName: 'alice', PolicyName: 'list' }))).toEqual({
    code: 'NoSuchEntity', status: 404, message: 'The user policy with name list cannot be found.',
  })
})

test('a malformed document is refused with the place', async () => {
  await user('bob')
  const put = (PolicyDocument: string) => refusal(invoke(PutUserPolicy, root(), { UserName: 'bob', PolicyName: 'p', PolicyDocument }))
  expect(await put('{"Version":"2012-10-17",\n"Statement":[}')).toMatchObject({ code: 'MalformedPolicyDocument', status: 400 })
  expect((await put('{"Version":"2012-10-17",\n"Statement":[}')).message).toMatch(/line 2, column 14/)
  expect((await put('{"Version":"2012-10-17","Statement":{"Effect":"allow","Action":"a:b","Resource":"*"}}')).message).toMatch(/Statement.*Effect/)
  expect(await put(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"a:b","Resource":"*","Principal":"*"}}`)).toMatchObject({ code: 'MalformedPolicyDocument' })
  expect(await put('\u4e2d')).toMatchObject({ code: 'MalformedPolicyDocument' })
  expect((await invoke(ListUserPolicies, root(), { UserName: 'bob' })).PolicyNames).toEqual([])
})

test('sizes are counted without white space, and a policy of 100 KB is refused', async () => {
  await user('carol')
  const put = (name: string, length: number, filler = '') =>
    invoke(PutUserPolicy, root(), { UserName: 'carol', PolicyName: name, PolicyDocument: sized(length) + filler })
  await put('spacious', 1000, ' '.repeat(20_000))
  await put('second', 1048)
  expect(await refusal(put('third', 100))).toEqual({
    code: 'LimitExceeded', status: 409, message: 'Maximum policy size of 2048 bytes exceeded for user carol',
  })
  await put('second', 900)
  expect(await refusal(put('huge', 100_000))).toMatchObject({ code: 'LimitExceeded' })
  expect(await refusal(invoke(CreatePolicy, root(), { PolicyName: 'big', PolicyDocument: sized(6145) }))).toEqual({
    code: 'LimitExceeded', status: 409, message: 'Cannot exceed quota for PolicySize: 6144',
  })
  await invoke(CreatePolicy, root(), { PolicyName: 'fits', PolicyDocument: sized(6144) })
})

test('a managed policy: versions, the default one counts, deletion waits for everything', async () => {
  const dan = await user('dan')
  const { Policy } = await invoke(CreatePolicy, root(), {
    PolicyName: 'Listers', Path: '/team/', Description: 'lists', PolicyDocument: statement('Allow', 'iam:ListUsers'),
  })
  const PolicyArn = Policy.Arn
  expect(Policy).toMatchObject({ Arn: 'arn:aws:iam::111122223333:policy/team/Listers', DefaultVersionId: 'v1', AttachmentCount: 0, Description: 'lists' })
  expect(await refusal(invoke(CreatePolicy, root(), { PolicyName: 'LISTERS', PolicyDocument: statement('Allow', 'a:b') }))).toMatchObject({
    code: 'EntityAlreadyExists', message: 'A policy called LISTERS already exists. Duplicate names are not allowed.',
  })

  await invoke(AttachUserPolicy, root(), { UserName: 'dan', PolicyArn })
  await invoke(ListUsers, userContext(dan), {})
  expect((await invoke(GetPolicy, root(), { PolicyArn })).Policy.AttachmentCount).toBe(1)
  expect(await invoke(ListEntitiesForPolicy, root(), { PolicyArn })).toMatchObject({ PolicyUsers: [{ UserName: 'dan', UserId: dan.id }], PolicyGroups: [], PolicyRoles: [] })

  const { PolicyVersion } = await invoke(CreatePolicyVersion, root(), { PolicyArn, PolicyDocument: statement('Deny', 'iam:ListUsers') })
  expect(PolicyVersion).toMatchObject({ VersionId: 'v2', IsDefaultVersion: false })
  await invoke(ListUsers, userContext(dan), {})
  await invoke(SetDefaultPolicyVersion, root(), { PolicyArn, VersionId: 'v2' })
  expect(await refusal(invoke(ListUsers, userContext(dan), {}))).toMatchObject({ code: 'AccessDeniedException' })
  await invoke(CreatePolicyVersion, root(), { PolicyArn, PolicyDocument: statement('Allow', 'iam:ListUsers'), SetAsDefault: 'true' })
  await invoke(ListUsers, userContext(dan), {})

  expect((await invoke(ListPolicyVersions, root(), { PolicyArn })).Versions.map((version) => [version.VersionId, version.IsDefaultVersion])).toEqual([['v3', true], ['v2', false], ['v1', false]])
  const read = await invoke(GetPolicyVersion, root(), { PolicyArn, VersionId: 'v2' })
  expect(decodeURIComponent(read.PolicyVersion.Document)).toBe(statement('Deny', 'iam:ListUsers'))
  expect(await refusal(invoke(DeletePolicyVersion, root(), { PolicyArn, VersionId: 'v3' }))).toMatchObject({ code: 'DeleteConflict' })
  await invoke(CreatePolicyVersion, root(), { PolicyArn, PolicyDocument: statement('Allow', 'a:b') })
  await invoke(CreatePolicyVersion, root(), { PolicyArn, PolicyDocument: statement('Allow', 'a:b') })
  expect(await refusal(invoke(CreatePolicyVersion, root(), { PolicyArn, PolicyDocument: statement('Allow', 'a:b') }))).toMatchObject({ code: 'LimitExceeded', status: 409 })
  await invoke(DeletePolicyVersion, root(), { PolicyArn, VersionId: 'v5' })
  expect((await invoke(CreatePolicyVersion, root(), { PolicyArn, PolicyDocument: statement('Allow', 'a:b') })).PolicyVersion.VersionId).toBe('v6')

  expect((await refusal(invoke(DeletePolicy, root(), { PolicyArn }))).message).toBe('Cannot delete a policy attached to entities.')
  await invoke(DetachUserPolicy, root(), { UserName: 'dan', PolicyArn })
  expect((await refusal(invoke(DeletePolicy, root(), { PolicyArn }))).message).toMatch(/^This policy has more than one version/)
  for (const VersionId of ['v1', 'v2', 'v4', 'v6']) await invoke(DeletePolicyVersion, root(), { PolicyArn, VersionId })
  await invoke(DeletePolicy, root(), { PolicyArn })
  expect(await refusal(invoke(GetPolicy, root(), { PolicyArn }))).toEqual({ code: 'NoSuchEntity', status: 404, message: `Policy ${PolicyArn} was not found.` })
})

test('AWS’s policies are attached like any other, and nobody changes them, root included', async () => {
  const erin = await user('erin')
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
  await invoke(AttachUserPolicy, root(), { UserName: 'erin', PolicyArn })
  await invoke(AttachUserPolicy, root(), { UserName: 'erin', PolicyArn })
  expect((await invoke(ListAttachedUserPolicies, userContext(erin), { UserName: 'erin' })).AttachedPolicies).toEqual([
    { PolicyName: 'AdministratorAccess', PolicyArn },
  ])
  const { PolicyVersion } = await invoke(GetPolicyVersion, root(), { PolicyArn, VersionId: 'v1' })
  expect(JSON.parse(decodeURIComponent(PolicyVersion.Document))).toMatchObject({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] })
  for (const [operation, input] of [
    [DeletePolicy, { PolicyArn }], [SetDefaultPolicyVersion, { PolicyArn, VersionId: 'v1' }],
    [CreatePolicyVersion, { PolicyArn, PolicyDocument: statement('Deny', '*') }], [DeletePolicyVersion, { PolicyArn, VersionId: 'v1' }],
  ] as [AnyOperation, object][]) {
    expect(await refusal(invoke(operation, root(), input)), operation.name).toMatchObject({ code: 'AccessDenied', status: 403 })
  }
})

test('what cannot be attached says so', async () => {
  await user('frank')
  const attach = (PolicyArn: string) => refusal(invoke(AttachUserPolicy, root(), { UserName: 'frank', PolicyArn }))
  const absent = 'arn:aws:iam::111122223333:policy/absent'
  expect(await attach(absent)).toEqual({ code: 'NoSuchEntity', status: 404, message: `Policy ${absent} does not exist or is not attachable.` })
  expect(await attach('not-an-arn-at-all-but-long')).toEqual({ code: 'ValidationError', status: 400, message: 'Invalid ARN:  Could not be parsed!' })
  expect(await refusal(invoke(DetachUserPolicy, root(), { UserName: 'frank', PolicyArn: absent }))).toEqual({
    code: 'NoSuchEntity', status: 404, message: `Policy ${absent} was not found.`,
  })
  for (let index = 0; index < 11; index++) await invoke(CreatePolicy, root(), { PolicyName: `many${index}`, PolicyDocument: statement('Allow', 'a:b') })
  for (let index = 0; index < 10; index++) await invoke(AttachUserPolicy, root(), { UserName: 'frank', PolicyArn: `arn:aws:iam::111122223333:policy/many${index}` })
  expect(await attach('arn:aws:iam::111122223333:policy/many10')).toEqual({
    code: 'LimitExceeded', status: 409, message: 'Cannot exceed quota for PoliciesPerUser: 10',
  })
})

test('policies are listed by scope, path and use, in pages', async () => {
  const list = async (input: object) => {
    const arns: string[] = []
    let Marker: string | undefined
    do {
      const page = await invoke(ListPolicies, root(), { MaxItems: '5', ...input, Marker })
      arns.push(...page.Policies.map((policy) => policy.Arn))
      Marker = page.Marker
    } while (Marker !== undefined)
    return arns
  }
  const all = await list({ Scope: 'All' })
  const local = await list({ Scope: 'Local' })
  const aws = await list({ Scope: 'AWS' })
  expect(all).toEqual([...local, ...aws])
  expect(new Set(all).size).toBe(all.length)
  expect(local).toContain('arn:aws:iam::111122223333:policy/fits')
  expect(aws).toContain('arn:aws:iam::aws:policy/AdministratorAccess')
  expect(await list({ OnlyAttached: 'true', Scope: 'AWS' })).toEqual(['arn:aws:iam::aws:policy/AdministratorAccess'])
  expect(await list({ PathPrefix: '/nowhere/' })).toEqual([])
})

test('without permission none of it is open, and who may attach one policy may not attach another', async () => {
  const grace = await user('grace')
  const asGrace = userContext(grace)
  const PolicyArn = 'arn:aws:iam::111122223333:policy/fits'
  const document = statement('Allow', '*')
  for (const [operation, input] of [
    [PutUserPolicy, { UserName: 'grace', PolicyName: 'p', PolicyDocument: document }], [GetUserPolicy, { UserName: 'grace', PolicyName: 'p' }],
    [ListUserPolicies, { UserName: 'grace' }], [DeleteUserPolicy, { UserName: 'grace', PolicyName: 'p' }],
    [AttachUserPolicy, { UserName: 'grace', PolicyArn }], [DetachUserPolicy, { UserName: 'grace', PolicyArn }],
    [ListAttachedUserPolicies, { UserName: 'grace' }], [CreatePolicy, { PolicyName: 'x', PolicyDocument: document }],
    [GetPolicy, { PolicyArn }], [ListPolicies, {}], [DeletePolicy, { PolicyArn }], [CreatePolicyVersion, { PolicyArn, PolicyDocument: document }],
    [GetPolicyVersion, { PolicyArn, VersionId: 'v1' }], [ListPolicyVersions, { PolicyArn }], [SetDefaultPolicyVersion, { PolicyArn, VersionId: 'v1' }],
    [DeletePolicyVersion, { PolicyArn, VersionId: 'v1' }], [ListEntitiesForPolicy, { PolicyArn }],
  ] as [AnyOperation, object][]) {
    expect(await refusal(invoke(operation, asGrace, input)), operation.name).toMatchObject({ code: 'AccessDeniedException' })
  }
  await invoke(PutUserPolicy, root(), {
    UserName: 'grace', PolicyName: 'attach',
    PolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 'iam:AttachUserPolicy', Resource: grace.arn, Condition: { ArnEquals: { 'iam:PolicyARN': PolicyArn } } },
    }),
  })
  await invoke(AttachUserPolicy, asGrace, { UserName: 'grace', PolicyArn })
  expect(await refusal(invoke(AttachUserPolicy, asGrace, { UserName: 'grace', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }))).toMatchObject({ code: 'AccessDeniedException' })
})

async function user(name: string) {
  const { User } = await invoke(CreateUser, root(), { UserName: name })
  return { id: User.UserId, name, arn: User.Arn }
}

function statement(Effect: 'Allow' | 'Deny', Action: string): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: { Effect, Action, Resource: '*' } })
}

/** A policy of exactly this many characters, none of them white space. */
function sized(length: number): string {
  const text = (resource: string): string => JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'a:b', Resource: `arn:aws:s3:::${resource}` } })
  return text('x'.repeat(length - text('').length))
}
