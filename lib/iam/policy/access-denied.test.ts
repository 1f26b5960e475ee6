import { expect, test } from 'vitest'
import { accessDeniedMessage } from './access-denied.ts'
import { parsePolicyDocument } from './document.ts'
import { evaluate, type AttachedPolicy } from './evaluate.ts'

const alice = { type: 'IAMUser', accountId: '111122223333', arn: 'arn:aws:iam::111122223333:user/alice' } as const
const key = 'arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const refused = { principalArn: alice.arn, action: 'kms:GenerateDataKey', resource: key }
const asked = { principal: alice, action: refused.action, resource: key, conditions: {} }
const prefix = `User: ${alice.arn} is not authorized to perform: kms:GenerateDataKey on resource: ${key}`

const attach = (policy: string, statements: unknown, group?: string): AttachedPolicy => ({
  source: group === undefined ? 'identity-policy' : 'group-policy',
  policy,
  attachedTo: group ?? 'alice',
  document: parsePolicyDocument(JSON.stringify({ Version: '2012-10-17', Statement: statements }), 'identity'),
})
const deny = (sid?: string) => ({ ...(sid === undefined ? {} : { Sid: sid }), Effect: 'Deny', Action: 'kms:*', Resource: '*' })
const keyPolicy = (statement: unknown) => ({
  document: parsePolicyDocument(JSON.stringify({ Version: '2012-10-17', Statement: statement }), 'resource'),
  arn: key,
  governs: true,
})

test("nothing allows: AWS's words", () => {
  expect(accessDeniedMessage(refused, evaluate(asked, { identity: [] }))).toBe(
    `${prefix} because no identity-based policy allows the kms:GenerateDataKey action`,
  )
})

test('the key policy does not allow: it is named as the one that should', () => {
  const resourcePolicy = keyPolicy({ Effect: 'Allow', Principal: '*', Action: 'kms:DescribeKey', Resource: '*' })
  expect(accessDeniedMessage(refused, evaluate(asked, { identity: [], resourcePolicy }))).toBe(
    `${prefix} because no resource-based policy allows the kms:GenerateDataKey action`,
  )
})

test('a Deny attached to the user: the policy and the statement are named', () => {
  const evaluation = evaluate(asked, { identity: [attach('DenyKms', [deny('DenyGenerateDataKey')])] })
  expect(accessDeniedMessage(refused, evaluation)).toBe(
    `${prefix} with an explicit deny in an identity-based policy: policy DenyKms (statement DenyGenerateDataKey) attached to user alice`,
  )
})

test('a Deny attached to a group, in a statement without a name', () => {
  const evaluation = evaluate(asked, { identity: [attach('NoKeys', [deny('A'), deny()].slice(1), 'Contractors')] })
  expect(accessDeniedMessage(refused, evaluation)).toContain(
    'with an explicit deny in an identity-based policy: policy NoKeys (statement 1) attached to group Contractors',
  )
})

test('a Deny in the key policy', () => {
  const resourcePolicy = keyPolicy({ Sid: 'Nobody at all', Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*' })
  expect(accessDeniedMessage(refused, evaluate(asked, { identity: [], resourcePolicy }))).toBe(
    `${prefix} with an explicit deny in a resource-based policy: key policy of ${key} (statement Nobody at all)`,
  )
})

test('of many denials three are named', () => {
  const evaluation = evaluate(asked, { identity: [attach('P', [deny('A'), deny('B'), deny('C'), deny('D'), deny('E')])] })
  const message = accessDeniedMessage(refused, evaluation)
  expect(message).toContain('(statement C) attached to user alice and 2 more')
  expect(message).not.toContain('statement D')
})

test('an action on no resource names none', () => {
  const evaluation = evaluate({ ...asked, resource: '*' }, { identity: [] })
  expect(accessDeniedMessage({ ...refused, resource: '*' }, evaluation)).not.toContain('on resource')
})
