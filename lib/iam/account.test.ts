import { afterAll, beforeAll, expect, test } from 'vitest'
import { CreateAccessKey } from '#lib/iam/access-keys'
import { GetAccountSummary, ListAccountAliases } from '#lib/iam/account-summary'
import { iamOperations, stsOperations } from '#lib/iam/api'
import { signInContext } from '#lib/iam/console-sign-in'
import { SimulateCustomPolicy, SimulatePrincipalPolicy } from '#lib/iam/simulate'
import { GetAccessKeyInfo, GetCallerIdentity } from '#lib/iam/sts'
import { PutUserPolicy } from '#lib/iam/user-policies'
import { CreateUser, ListUsers } from '#lib/iam/users'
import { invoke } from '#lib/invoke'
import type { AnyOperation } from '#lib/operation/define'
import { rootContext, userContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { refusal } from '#lib/testing/refusal'

let database: TestDatabase
beforeAll(async () => void (database = await testDatabase()))
afterAll(() => database[Symbol.asyncDispose]())

test('the tables hold every operation under its own name, and nothing else is found in them', () => {
  for (const table of [iamOperations, stsOperations]) {
    for (const [name, operation] of Object.entries(table)) expect(operation.name).toBe(name)
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) expect(table[name]).toBeUndefined()
  }
  expect(Object.keys(iamOperations)).toHaveLength(70)
})

test('GetCallerIdentity answers whoever is known, whatever policies say, and nobody else', async () => {
  const alice = await user('alice')
  await invoke(PutUserPolicy, rootContext(), {
    UserName: 'alice', PolicyName: 'nothing', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Deny', Action: '*', Resource: '*' } }),
  })
  expect(await invoke(GetCallerIdentity, userContext(alice), {})).toEqual({ UserId: alice.id, Account: '111122223333', Arn: alice.arn })
  expect(await invoke(GetCallerIdentity, rootContext(), {})).toEqual({
    UserId: '111122223333', Account: '111122223333', Arn: 'arn:aws:iam::111122223333:root',
  })
  const anonymous = signInContext({ sourceIPAddress: '192.0.2.1', userAgent: 't', secureTransport: true })
  expect(await refusal(invoke(GetCallerIdentity, anonymous, {}))).toMatchObject({ code: 'AccessDenied' })
  expect(await refusal(invoke(ListUsers, anonymous, {}))).toMatchObject({ code: 'AccessDeniedException' })
})

test('an access key’s account is known for keys that exist', async () => {
  const { AccessKey } = await invoke(CreateAccessKey, rootContext(), { UserName: 'alice' })
  expect(await invoke(GetAccessKeyInfo, rootContext(), { AccessKeyId: AccessKey.AccessKeyId })).toEqual({ Account: '111122223333' })
  expect(await refusal(invoke(GetAccessKeyInfo, rootContext(), { AccessKeyId: 'AKIAAAAAAAAAAAAAAAAAA' }))).toMatchObject({ code: 'ValidationError' })
})

test('the account’s summary counts', async () => {
  const { SummaryMap } = await invoke(GetAccountSummary, rootContext(), {})
  expect(SummaryMap.get('Users')).toBe(1)
  expect(SummaryMap.get('AccountAccessKeysPresent')).toBe(0)
  expect(SummaryMap.get('AccessKeysPerUserQuota')).toBe(2)
  expect(await invoke(ListAccountAliases, rootContext(), {})).toEqual({ AccountAliases: [], IsTruncated: false })
})

test('a simulation answers as the engine would, with the statements and where they stand', async () => {
  const bob = await user('bob')
  const document = '{"Version":"2012-10-17","Statement":[\n{"Effect":"Allow","Action":"iam:List*","Resource":"*"},\n{"Effect":"Deny","Action":"iam:ListGroups","Resource":"*"}]}'
  await invoke(PutUserPolicy, rootContext(), { UserName: 'bob', PolicyName: 'lists', PolicyDocument: document })
  const { EvaluationResults } = await invoke(SimulatePrincipalPolicy, rootContext(), {
    PolicySourceArn: bob.arn, ActionNames: ['iam:ListUsers', 'iam:ListGroups', 'iam:CreateUser'],
  })
  expect(EvaluationResults.map((result) => [result.EvalActionName, result.EvalDecision])).toEqual([
    ['iam:ListUsers', 'allowed'], ['iam:ListGroups', 'explicitDeny'], ['iam:CreateUser', 'implicitDeny'],
  ])
  expect(EvaluationResults[1]?.MatchedStatements).toEqual([
    { SourcePolicyId: 'lists', SourcePolicyType: 'IAM Policy', StartPosition: { Line: 3, Column: 1 }, EndPosition: { Line: 3, Column: 59 } },
  ])
  const custom = (values: string[]) =>
    invoke(SimulateCustomPolicy, rootContext(), {
      PolicyInputList: ['{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}}'],
      ActionNames: ['kms:Encrypt'],
      ContextEntries: values.length === 0 ? [] : [{ ContextKeyName: 'aws:SourceIp', ContextKeyValues: values, ContextKeyType: 'ip' }],
    })
  expect((await custom(['10.1.2.3'])).EvaluationResults[0]).toMatchObject({ EvalDecision: 'allowed', MissingContextValues: [] })
  expect((await custom(['192.0.2.1'])).EvaluationResults[0]?.EvalDecision).toBe('implicitDeny')
  expect((await custom([])).EvaluationResults[0]).toMatchObject({ EvalDecision: 'implicitDeny', MissingContextValues: ['aws:sourceip'] })
  expect(await refusal(invoke(SimulateCustomPolicy, rootContext(), { PolicyInputList: ['{'], ActionNames: ['a:b'] }))).toMatchObject({ code: 'MalformedPolicyDocument' })
})

test('without permission none of it is open', async () => {
  const carol = userContext(await user('carol'))
  for (const [operation, input] of [
    [GetAccountSummary, {}], [ListAccountAliases, {}], [GetAccessKeyInfo, { AccessKeyId: 'AKIAAAAAAAAAAAAAAAAAA' }],
    [SimulatePrincipalPolicy, { PolicySourceArn: 'arn:aws:iam::111122223333:user/alice', ActionNames: ['a:b'] }],
    [SimulateCustomPolicy, { PolicyInputList: ['{}'], ActionNames: ['a:b'] }],
  ] as [AnyOperation, object][]) {
    expect(await refusal(invoke(operation, carol, input)), operation.name).toMatchObject({ code: 'AccessDeniedException' })
  }
})

async function user(name: string) {
  const { User } = await invoke(CreateUser, rootContext(), { UserName: name })
  return { id: User.UserId, name, arn: User.Arn }
}
