import { afterAll, beforeAll, expect, test } from 'vitest'
import { invoke } from '#lib/invoke'
import { CreateKey, DescribeKey, DisableKey, GetKeyPolicy, ListKeyPolicies, PutKeyPolicy } from '#lib/kms/api'
import { allow, lastEvent, newKey, userWith } from '#lib/kms/test-story'
import { rootContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { refusal } from '#lib/testing/refusal'

let database: TestDatabase
beforeAll(async () => void (database = await testDatabase()))
afterAll(async () => database[Symbol.asyncDispose]())

const account = 'arn:aws:iam::111122223333:root'
const statement = (AWS: string, Action: string | string[]) => ({ Effect: 'Allow', Principal: { AWS }, Action, Resource: '*' })
const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement })
const lockout = 'The new key policy will not allow you to update the key policy in the future.'

test('a key made without a policy has the account’s, printed as AWS prints it', async () => {
  const { KeyId } = await newKey()
  const { Policy, PolicyName } = await invoke(GetKeyPolicy, rootContext(), { KeyId })
  expect(PolicyName).toBe('default')
  expect(Policy).toBe(`{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "arn:aws:iam::111122223333:root"
    },
    "Action" : "kms:*",
    "Resource" : "*"
  } ]
}`)
  expect(await invoke(ListKeyPolicies, rootContext(), { KeyId })).toEqual({ PolicyNames: ['default'], Truncated: false })
  expect(await refusal(invoke(GetKeyPolicy, rootContext(), { KeyId, PolicyName: 'other' }))).toMatchObject({ code: 'NotFoundException', message: 'No such policy exists' })
})

test('root is shut out by a policy that does not name the account, and IAM allows nothing then', async () => {
  const admin = await userWith('admin', allow('*'))
  const owner = await userWith('owner')
  const { KeyId, Arn } = await newKey()
  if (owner.principal.type !== 'IAMUser') throw new Error('owner is a user')
  const onlyOwner = policy(statement(owner.principal.arn, 'kms:*'))
  await invoke(PutKeyPolicy, rootContext(), { KeyId, Policy: onlyOwner, BypassPolicyLockoutSafetyCheck: true })
  for (const context of [rootContext(), admin]) {
    const refused = await refusal(invoke(DescribeKey, context, { KeyId }))
    expect(refused.message).toContain(`kms:DescribeKey on resource: ${Arn} because no resource-based policy allows the kms:DescribeKey action`)
  }
  // The policy names the owner, who needs nothing from IAM, and may give the key back.
  await invoke(DisableKey, owner, { KeyId })
  await invoke(PutKeyPolicy, owner, { KeyId, Policy: policy(statement(account, 'kms:*'), statement(owner.principal.arn, 'kms:*')) })
  expect((await invoke(DescribeKey, rootContext(), { KeyId })).KeyMetadata.KeyState).toBe('Disabled')
})

test('nobody locks themselves out by mistake', async () => {
  const { KeyId } = await newKey()
  const strangers = policy(statement('arn:aws:iam::111122223333:user/someone', 'kms:*'))
  const withoutPut = policy(statement(account, ['kms:Encrypt', 'kms:Decrypt']))
  const denying = policy(statement(account, 'kms:*'), { ...statement('*', 'kms:PutKeyPolicy'), Effect: 'Deny' })
  for (const Policy of [strangers, withoutPut, denying]) {
    expect(await refusal(invoke(PutKeyPolicy, rootContext(), { KeyId, Policy }))).toEqual({ code: 'MalformedPolicyDocumentException', message: lockout, status: 400 })
    expect(await refusal(invoke(CreateKey, rootContext(), { Policy }))).toMatchObject({ message: lockout })
  }
  expect((await invoke(GetKeyPolicy, rootContext(), { KeyId })).Policy).toContain('key-default-1')
  await invoke(PutKeyPolicy, rootContext(), { KeyId, Policy: strangers, BypassPolicyLockoutSafetyCheck: true })
  expect((await lastEvent('PutKeyPolicy')).requestParameters).toEqual({ keyId: KeyId, policyName: 'default', bypassPolicyLockoutSafetyCheck: true })
})

test('a user whose IAM policy forbids the bypass cannot bypass', async () => {
  const careful = { Bool: { 'kms:BypassPolicyLockoutSafetyCheck': 'false' } }
  const user = await userWith('careful', { ...allow('kms:*'), Condition: careful }, allow(['kms:CreateKey']))
  const { KeyId } = await newKey()
  const Policy = policy(statement(account, 'kms:*'))
  await invoke(PutKeyPolicy, user, { KeyId, Policy })
  expect((await refusal(invoke(PutKeyPolicy, user, { KeyId, Policy, BypassPolicyLockoutSafetyCheck: true }))).code).toBe('AccessDeniedException')
})

test.each([
  ['not JSON', 'MalformedPolicyDocumentException'],
  ['{}', 'MalformedPolicyDocumentException'],
  [policy({ Effect: 'Maybe' }), 'MalformedPolicyDocumentException'],
  [policy({ Effect: 'Allow', Action: 'kms:*', Resource: '*' }), 'MalformedPolicyDocumentException'],
  [`{"Version":"2012-10-17","Statement":[],"Statement":[]}`, 'MalformedPolicyDocumentException'],
  [policy(statement(account, 'kms:*')).padEnd(100_000), 'LimitExceededException'],
  [' '.repeat(131_073), 'ValidationException'],
  ['', 'ValidationException'],
  [policy(statement(account, 'kms:☃')), 'ValidationException'],
])('a policy of %.60j is refused: %s', async (Policy, code) => {
  const { KeyId } = await newKey()
  expect((await refusal(invoke(PutKeyPolicy, rootContext(), { KeyId, Policy }))).code).toBe(code)
})
