import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { readFileSync } from 'node:fs'
import { db } from '#lib/db'
import { authorize, decide } from '#lib/iam/authorize'
import { forgetIdentityPolicies, loadIdentityPolicies } from '#lib/iam/identity-policies'
import { asService, serviceContext, type RequestContext } from '#lib/operation/context'
import type { Access } from '#lib/operation/define'
import { isAccessDenied, type AccessDenied } from '#lib/operation/exception'
import { rootContext, userContext } from '#lib/testing/context'
import { testAccountId, testDatabase, type TestDatabase } from '#lib/testing/database'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(async () => {
  await database[Symbol.asyncDispose]()
})

const alice = { id: 'AIDAALICE7777EXAMPLE1', name: 'alice', arn: `arn:aws:iam::${testAccountId}:user/alice` }
const bob = { id: 'AIDABOB7777777EXAMPLE', name: 'bob', arn: `arn:aws:iam::${testAccountId}:user/bob` }
const contractors = { id: 'AGPACONTRACTORSEXAMPL', name: 'Contractors', arn: `arn:aws:iam::${testAccountId}:group/Contractors` }
const repository = `arn:aws:codecommit:us-east-2:${testAccountId}:hello`
const key = `arn:aws:kms:us-east-2:${testAccountId}:key/1234abcd-12ab-34cd-56ef-1234567890ab`
const keyPolicy = readFileSync(new URL('./policy/testdata/aws-codecommit-key-policy.json', import.meta.url), 'utf8')

const pull: Access = { action: 'codecommit:GitPull', resource: repository }
const onKey = (action: string): Access => ({ action, resource: key, resourcePolicy: keyPolicy })

beforeEach(async () => {
  await db().iamUser.deleteMany()
  await db().iamGroup.deleteMany()
  await db().managedPolicy.deleteMany()
  const createDate = new Date()
  for (const { id, name, arn } of [alice, bob]) {
    await db().iamUser.create({ data: { id, name, nameLower: name, arn, createDate } })
  }
  await db().iamGroup.create({ data: { ...contractors, nameLower: 'contractors', createDate } })
  forgetIdentityPolicies()
})

const policyText = (effect: 'Allow' | 'Deny', action: string, more: Record<string, unknown> = {}) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: effect, Action: action, Resource: '*', ...more }] })

async function putUserPolicy(name: string, document: string, userId = alice.id): Promise<void> {
  await db().userInlinePolicy.create({ data: { userId, name, document } })
  forgetIdentityPolicies(userId)
}

async function attachUserPolicy(policyArn: string): Promise<void> {
  await db().userPolicyAttachment.create({ data: { userId: alice.id, policyArn, attachedAt: new Date() } })
  forgetIdentityPolicies(alice.id)
}

async function createPolicy(name: string, documents: readonly string[], defaultVersionId: string): Promise<string> {
  const arn = `arn:aws:iam::${testAccountId}:policy/${name}`
  const now = new Date()
  await db().managedPolicy.create({
    data: {
      id: `ANPA${name.toUpperCase()}`,
      arn,
      name,
      nameLower: name.toLowerCase(),
      createDate: now,
      updateDate: now,
      defaultVersionId,
      versions: { create: documents.map((document, index) => ({ versionId: `v${String(index + 1)}`, document, createDate: now })) },
    },
  })
  return arn
}

async function refusal(context: RequestContext, ...accesses: Access[]): Promise<AccessDenied> {
  try {
    await authorize(context, accesses)
  } catch (error) {
    if (isAccessDenied(error)) return error
    throw error
  }
  throw new Error('allowed')
}

test('a user without policies may do nothing, and reads which action on what', async () => {
  const error = await refusal(userContext(alice), pull)
  expect(error.name).toBe('AccessDeniedException')
  expect(error.message).toBe(
    `User: ${alice.arn} is not authorized to perform: codecommit:GitPull on resource: ${repository} because no identity-based policy allows the codecommit:GitPull action`,
  )
  expect(error).toMatchObject({ action: 'codecommit:GitPull', resource: repository, decidedBy: [] })
})

test('an inline policy allows its user, and nobody else', async () => {
  await putUserPolicy('Pull', policyText('Allow', 'codecommit:GitPull'))
  await authorize(userContext(alice), [pull])
  await refusal(userContext(alice), { ...pull, action: 'codecommit:GitPush' })
  await refusal(userContext(bob), pull)
})

test("a policy of AWS's allows by its ARN", async () => {
  await attachUserPolicy('arn:aws:iam::aws:policy/AWSCodeCommitReadOnly')
  await authorize(userContext(alice), [pull])
  const error = await refusal(userContext(alice), { ...pull, action: 'codecommit:GitPush' })
  expect(error.message).toContain('because no identity-based policy allows the codecommit:GitPush action')
})

test("of a customer's managed policy only the default version counts", async () => {
  const arn = await createPolicy('Versions', [policyText('Allow', 'codecommit:*'), policyText('Allow', 'codecommit:GitPush')], 'v2')
  await attachUserPolicy(arn)
  await refusal(userContext(alice), pull)
  await db().managedPolicy.update({ where: { arn }, data: { defaultVersionId: 'v1' } })
  forgetIdentityPolicies()
  await authorize(userContext(alice), [pull])
})

test('groups speak for their members: inline and managed, Allow and Deny', async () => {
  const policyArn = await createPolicy('NoPush', [policyText('Deny', 'codecommit:GitPush', { Sid: 'NoPush' })], 'v1')
  await db().groupInlinePolicy.create({ data: { groupId: contractors.id, name: 'Git', document: policyText('Allow', 'codecommit:Git*') } })
  await db().groupPolicyAttachment.create({ data: { groupId: contractors.id, policyArn, attachedAt: new Date() } })
  await refusal(userContext(alice), pull)

  await db().groupMembership.create({ data: { groupId: contractors.id, userId: alice.id } })
  forgetIdentityPolicies(alice.id)
  await authorize(userContext(alice), [pull])
  const error = await refusal(userContext(alice), { ...pull, action: 'codecommit:GitPush' })
  expect(error.message).toContain(`policy ${policyArn} (statement NoPush) attached to group Contractors`)
  expect(error.decidedBy).toEqual([
    { source: 'group-policy', policy: policyArn, attachedTo: 'Contractors', statement: 'NoPush', index: 0, effect: 'Deny' },
  ])
})

test('the first access that is refused is the one that is told', async () => {
  await putUserPolicy('To', policyText('Allow', 'kms:ReEncryptTo'))
  const both = ['kms:ReEncryptTo', 'kms:ReEncryptFrom', 'kms:Decrypt'].map((action) => ({ action, resource: key }))
  expect((await refusal(userContext(alice), ...both)).action).toBe('kms:ReEncryptFrom')
})

test('what was decided once is not asked of the database again, until it is forgotten', async () => {
  await putUserPolicy('Pull', policyText('Allow', 'codecommit:GitPull'))
  const context = userContext(alice)
  const first = await loadIdentityPolicies(context.principal)
  expect(await loadIdentityPolicies(context.principal)).toBe(first)

  await db().userInlinePolicy.create({ data: { userId: alice.id, name: 'Deny', document: policyText('Deny', '*') } })
  forgetIdentityPolicies(bob.id)
  await authorize(context, [pull])
  forgetIdentityPolicies(alice.id)
  await refusal(context, pull)
})

test('policies read before a change are not remembered past it', async () => {
  await putUserPolicy('Pull', policyText('Allow', 'codecommit:GitPull'))
  const context = userContext(alice)
  const reading = loadIdentityPolicies(context.principal)
  // The change commits and forgets while the reading is under way.
  forgetIdentityPolicies(alice.id)
  const read = await reading
  expect(await loadIdentityPolicies(context.principal)).not.toBe(read)
})

test('a stored policy that cannot be read allows nothing, and is nobody else’s fault', async () => {
  await putUserPolicy('Pull', policyText('Allow', 'codecommit:GitPull'))
  await putUserPolicy('Broken', '{"Version": "2012-10-17"')
  await expect(authorize(userContext(alice), [pull])).rejects.toThrow('a stored policy document is malformed')
})

test('an attached policy that does not exist allows nothing: it could have been a Deny', async () => {
  await putUserPolicy('Pull', policyText('Allow', 'codecommit:GitPull'))
  await attachUserPolicy(`arn:aws:iam::${testAccountId}:policy/Gone`)
  await expect(authorize(userContext(alice), [pull])).rejects.toThrow('does not exist')
})

test('a user who is no more may do nothing', async () => {
  await putUserPolicy('All', policyText('Allow', '*'))
  const context = userContext(alice)
  await authorize(context, [pull])
  await db().iamUser.delete({ where: { id: alice.id } })
  forgetIdentityPolicies(alice.id)
  await refusal(context, pull)
})

test('nobody in particular may do nothing, whatever a key policy says of everyone', async () => {
  const anonymous: RequestContext = { ...rootContext(), principal: { type: 'Anonymous', accountId: testAccountId, userName: 'alice' } }
  const everyone = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] })
  await refusal(anonymous, pull)
  await refusal(anonymous, { ...onKey('kms:Decrypt'), resourcePolicy: everyone })
  await refusal(anonymous, { ...pull, denyOnly: true })
  await authorize(anonymous, [{ action: 'signin:ConsoleLogin', resource: '*', unconditional: true }])
})

test('root may do everything but what a key policy keeps from it', async () => {
  await authorize(rootContext(), [pull, { action: 'iam:CreateUser', resource: alice.arn }, onKey('kms:DescribeKey')])
  const error = await refusal(rootContext(), onKey('kms:ScheduleKeyDeletion'))
  expect(error.message).toBe(
    `User: arn:aws:iam::${testAccountId}:root is not authorized to perform: kms:ScheduleKeyDeletion on resource: ${key} because no resource-based policy allows the kms:ScheduleKeyDeletion action`,
  )
})

test('aws/codecommit opens through CodeCommit, and through nothing else', async () => {
  await putUserPolicy('All', policyText('Allow', '*'))
  for (const context of [userContext(alice), userContext(bob), rootContext()]) {
    await authorize(asService(context, 'codecommit'), [onKey('kms:Decrypt'), onKey('kms:GenerateDataKey')])
    await refusal(context, onKey('kms:Decrypt'))
    await refusal(asService(context, 'cloudtrail'), onKey('kms:Decrypt'))
    await refusal(asService({ ...context, region: 'us-east-1' }, 'codecommit'), onKey('kms:Decrypt'))
    await refusal(asService(context, 'codecommit'), onKey('kms:DisableKey'))
  }
})

test('a Deny on a user stops CodeCommit on their behalf, and says so', async () => {
  await putUserPolicy('DenyKms', policyText('Deny', 'kms:GenerateDataKey', { Sid: 'DenyGenerateDataKey' }))
  const error = await refusal(asService(userContext(alice), 'codecommit'), onKey('kms:GenerateDataKey'))
  expect(error.message).toBe(
    `User: ${alice.arn} is not authorized to perform: kms:GenerateDataKey on resource: ${key} with an explicit deny in an identity-based policy: policy DenyKms (statement DenyGenerateDataKey) attached to user alice`,
  )
  await authorize(asService(userContext(alice), 'codecommit'), [onKey('kms:Decrypt')])
  await authorize(asService(userContext(bob), 'codecommit'), [onKey('kms:GenerateDataKey')])
})

test('a service by itself opens the key that is its own', async () => {
  const codecommit = serviceContext('codecommit', { accountId: testAccountId, region: 'us-east-2' })
  await authorize(codecommit, [onKey('kms:Decrypt'), onKey('kms:ReEncryptFrom')])
  const error = await refusal(codecommit, onKey('kms:DisableKey'))
  expect(error.message).toContain('User: codecommit.amazonaws.com is not authorized to perform: kms:DisableKey')
  await refusal(serviceContext('cloudtrail', { accountId: testAccountId, region: 'us-east-2' }), onKey('kms:Decrypt'))
  await refusal(serviceContext('codecommit', { accountId: testAccountId, region: 'us-east-1' }), onKey('kms:Decrypt'))
})

test('denyOnly asks only for a Deny; unconditional asks nothing', async () => {
  const reEncrypt: Access = { action: 'kms:ReEncrypt', resource: key, denyOnly: true }
  await authorize(userContext(alice), [reEncrypt, { ...reEncrypt, resourcePolicy: keyPolicy }])
  await putUserPolicy('Deny', policyText('Deny', '*', { Sid: 'Everything' }))
  expect((await refusal(userContext(alice), reEncrypt)).decidedBy).toHaveLength(1)
  await authorize(userContext(alice), [{ action: 'sts:GetCallerIdentity', resource: '*', unconditional: true }])
})

test('decide says what authorize would, and throws nothing', async () => {
  expect(await decide(userContext(alice), pull)).toMatchObject({ decision: 'ImplicitlyDenied', decidedBy: [] })
  await putUserPolicy('Pull', policyText('Allow', 'codecommit:GitPull', { Sid: 'Pull' }))
  expect(await decide(userContext(alice), pull)).toMatchObject({ decision: 'Allowed', decidedBy: [{ statement: 'Pull' }] })
  const unconditional = await decide(userContext(bob), { ...pull, unconditional: true })
  expect(unconditional).toEqual({ decision: 'Allowed', decidedBy: [] })
})

const conditioned: [string, Record<string, unknown>, (context: RequestContext) => RequestContext, (context: RequestContext) => RequestContext][] = [
  ['aws:username', { StringEquals: { 'aws:username': 'alice' } }, same, () => userContext(bob)],
  ['aws:userid', { StringEquals: { 'aws:userid': alice.id } }, same, () => userContext(bob)],
  ['aws:PrincipalArn', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/al*' } }, same, () => userContext(bob)],
  ['aws:SourceIp', { IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } }, same, (context) => ({ ...context, sourceIPAddress: '203.0.113.1' })],
  ['aws:SourceIp of a service', { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }, same, (context) => asService(context, 'codecommit')],
  ['aws:SecureTransport', { Bool: { 'aws:SecureTransport': 'true' } }, same, (context) => ({ ...context, secureTransport: false })],
  ['aws:CurrentTime', { DateGreaterThan: { 'aws:CurrentTime': '2026-01-01' } }, same, (context) => ({ ...context, time: new Date('2025-12-31') })],
  ['aws:EpochTime', { NumericGreaterThan: { 'aws:EpochTime': '1767225600' } }, same, (context) => ({ ...context, time: new Date('2025-12-31') })],
  ['aws:RequestedRegion', { StringEquals: { 'aws:RequestedRegion': 'us-east-2' } }, same, (context) => ({ ...context, region: 'eu-west-1' })],
  ['aws:UserAgent', { StringLike: { 'aws:UserAgent': 'test/*' } }, same, (context) => ({ ...context, userAgent: 'curl/8' })],
  ['aws:MultiFactorAuthPresent', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }, withMfa, same],
  ['aws:MultiFactorAuthPresent, absent', { Null: { 'aws:MultiFactorAuthPresent': 'true' } }, same, withMfa],
  ['aws:ViaAWSService', { Bool: { 'aws:ViaAWSService': 'true' } }, (context) => asService(context, 'codecommit'), same],
  ['aws:CalledVia', { 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'codecommit.amazonaws.com' } }, (context) => asService(context, 'codecommit'), same],
  ['aws:CalledViaFirst', { StringEquals: { 'aws:CalledViaFirst': 'codecommit.amazonaws.com' } }, throughBoth, (context) => asService(context, 'cloudtrail')],
  ['aws:CalledViaLast', { StringEquals: { 'aws:CalledViaLast': 'cloudtrail.amazonaws.com' } }, throughBoth, (context) => asService(context, 'codecommit')],
]

function same(context: RequestContext): RequestContext {
  return context
}
function withMfa(context: RequestContext): RequestContext {
  return { ...context, session: { creationDate: new Date(), mfaAuthenticated: true } }
}
function throughBoth(context: RequestContext): RequestContext {
  return asService(asService(context, 'codecommit'), 'cloudtrail')
}

test.each(conditioned)('the global condition key %s', async (_key, Condition, allowed, refused) => {
  const text = policyText('Allow', 'codecommit:*', { Condition })
  await putUserPolicy('Conditioned', text)
  await putUserPolicy('Conditioned', text, bob.id)
  await authorize(allowed(userContext(alice)), [pull])
  await refusal(refused(userContext(alice)), pull)
})

test.each([
  ['aws:PrincipalAccount', testAccountId, '444455556666'],
  ['aws:PrincipalType', 'User', 'Account'],
  ['aws:PrincipalIsAWSService', 'false', 'true'],
])('the global condition key %s is what it is for every user', async (conditionKey, value, other) => {
  await putUserPolicy('Other', policyText('Allow', 'codecommit:*', { Condition: { StringEquals: { [conditionKey]: other } } }))
  await refusal(userContext(alice), pull)
  await putUserPolicy('Value', policyText('Allow', 'codecommit:*', { Condition: { StringEquals: { [conditionKey]: value } } }))
  await authorize(userContext(alice), [pull])
})

test('tags of a user are aws:PrincipalTag', async () => {
  await putUserPolicy('Team', policyText('Allow', 'codecommit:*', { Condition: { StringEquals: { 'aws:PrincipalTag/Team': 'red' } } }))
  await refusal(userContext(alice), pull)
  await db().iamUserTag.create({ data: { userId: alice.id, tagKey: 'team', tagValue: 'red' } })
  forgetIdentityPolicies(alice.id)
  await authorize(userContext(alice), [pull])
})

test('conditions of an access come beside the global ones', async () => {
  const Condition = { StringEquals: { 'kms:EncryptionContext:tenant': 'red', 'kms:CallerAccount': testAccountId } }
  await putUserPolicy('Tenant', policyText('Allow', 'kms:Encrypt', { Condition }))
  const encrypt: Access = { action: 'kms:Encrypt', resource: key }
  await authorize(userContext(alice), [{ ...encrypt, conditions: { 'kms:EncryptionContext:tenant': 'red' } }])
  await refusal(userContext(alice), { ...encrypt, conditions: { 'kms:EncryptionContext:tenant': 'blue' } })
  await refusal(userContext(alice), encrypt)
})

test('kms:ViaService is absent where the user calls KMS directly', async () => {
  await putUserPolicy('Direct', policyText('Allow', 'kms:*', { Condition: { Null: { 'kms:ViaService': 'true' } } }))
  const encrypt: Access = { action: 'kms:Encrypt', resource: key }
  await authorize(userContext(alice), [encrypt])
  await refusal(asService(userContext(alice), 'codecommit'), encrypt)
})

test('thousands of decisions a second: what is remembered is not parsed again', async () => {
  await attachUserPolicy('arn:aws:iam::aws:policy/AWSCodeCommitPowerUser')
  const context = asService(userContext(alice), 'codecommit')
  const access = onKey('kms:GenerateDataKey')
  for (let count = 0; count < 2000; count += 1) await authorize(context, [access])
  const started = process.cpuUsage()
  for (let count = 0; count < 2000; count += 1) await authorize(context, [access])
  const microseconds = process.cpuUsage(started).user / 2000
  expect(microseconds).toBeLessThan(500)
})
