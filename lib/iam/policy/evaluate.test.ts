import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePolicyDocument, type PolicyDocument } from './document.ts'
import { evaluate, type AttachedPolicy, type EvaluationRequest } from './evaluate.ts'
import type { RequestPrincipal } from './principals.ts'

const accountId = '111122223333'
const principals: Readonly<Record<string, RequestPrincipal>> = {
  alice: { type: 'IAMUser', accountId, arn: `arn:aws:iam::${accountId}:user/alice`, principalId: 'AIDAALICE7777EXAMPLE1' },
  bob: { type: 'IAMUser', accountId, arn: `arn:aws:iam::${accountId}:user/bob`, principalId: 'AIDABOB7777777EXAMPLE' },
  root: { type: 'Root', accountId, arn: `arn:aws:iam::${accountId}:root` },
  codecommit: { type: 'AWSService', accountId, arn: 'codecommit.amazonaws.com' },
}

/** One case of testdata/cases: documents as they would be stored, and what must come out. */
type Case = Readonly<{
  name: string
  request: Readonly<{ principal: string; action: string; resource: string; conditions: EvaluationRequest['conditions'] }>
  identityPolicies: readonly Readonly<{ name: string; group?: string; document: unknown }>[]
  resourcePolicy?: Readonly<{ document?: unknown; file?: string; arn: string; governs: boolean }>
  expected: Readonly<{ decision: string; decidedBy?: readonly string[]; reason?: string }>
}>

const testdata = fileURLToPath(new URL('./testdata/', import.meta.url))
const corpus = readdirSync(`${testdata}cases`).map((file) => ({
  file,
  cases: JSON.parse(readFileSync(`${testdata}cases/${file}`, 'utf8')) as readonly Case[],
}))

function run({ request, identityPolicies, resourcePolicy }: Case) {
  const principal = principals[request.principal]
  if (!principal) throw new Error(`no principal ${request.principal}`)
  const identity = identityPolicies.map(({ name, group, document }): AttachedPolicy => ({
    source: group === undefined ? 'identity-policy' : 'group-policy',
    policy: name,
    attachedTo: group ?? request.principal,
    document: parsePolicyDocument(JSON.stringify(document), 'identity'),
  }))
  if (!resourcePolicy) return evaluate({ ...request, principal }, { identity })
  const { arn, document, file, governs } = resourcePolicy
  const text = file === undefined ? JSON.stringify(document) : readFileSync(`${testdata}${file}`, 'utf8')
  const parsed = parsePolicyDocument(text, 'resource')
  return evaluate({ ...request, principal }, { identity, resourcePolicy: { document: parsed, arn, governs } })
}

describe.each(corpus)('$file', ({ cases }) => {
  test.each(cases.map((each) => [each.name, each] as const))('%s', (_name, each) => {
    const { decision, decidedBy, reason } = run(each)
    const { expected } = each
    expect(decision).toBe(expected.decision)
    if (expected.reason !== undefined) expect(reason).toBe(expected.reason)
    if (expected.decidedBy) expect(decidedBy.map(({ policy, statement }) => `${policy}: ${statement}`)).toEqual(expected.decidedBy)
  })
})

test('the corpus is as large as it should be, and no case stands in it twice', () => {
  const names = corpus.flatMap(({ cases }) => cases.map(({ name }) => name))
  expect(names.length).toBeGreaterThan(300)
  expect(new Set(names).size).toBe(names.length)
})

const action = fc.constantFrom('kms:Encrypt', 'kms:Decrypt', 'codecommit:GitPull', 'codecommit:GitPush')
const resource = fc.constantFrom('arn:aws:a:r:1:x', 'arn:aws:a:r:1:y', 'arn:aws:a:r:1:x/y')
const patterns = {
  actions: fc.constantFrom('*', 'kms:*', 'kms:Encrypt', 'codecommit:Git*', '*:?it*'),
  resources: fc.constantFrom('*', 'arn:aws:a:r:1:x', 'arn:aws:a:r:1:?', 'arn:aws:a:*y', 'arn:aws:a:r:1:${aws:username}'),
}
const condition = fc.constantFrom(
  undefined,
  { StringEquals: { 'aws:username': 'x' } },
  { StringNotEquals: { 'aws:username': ['x', 'z'] } },
  { Null: { 'aws:username': 'true' } },
  { 'ForAllValues:StringLike': { 'aws:TagKeys': 'a*' } },
)
const statement = (effect: fc.Arbitrary<string>) =>
  fc.record({ effect, action: patterns.actions, resource: patterns.resources, condition }).map((parts) => ({
    Effect: parts.effect,
    Action: parts.action,
    Resource: parts.resource,
    ...(parts.condition ? { Condition: parts.condition } : {}),
  }))
const anyStatement = statement(fc.constantFrom('Allow', 'Allow', 'Deny'))
const statements = fc.array(anyStatement, { minLength: 1, maxLength: 5 })
const request = fc.record({
  action,
  resource,
  conditions: fc.constantFrom<EvaluationRequest['conditions']>(
    {},
    { 'aws:username': 'x' },
    { 'aws:username': 'y', 'aws:TagKeys': ['a', 'ab'] },
    { 'aws:TagKeys': ['b'] },
  ),
})

const document = (list: readonly unknown[]): PolicyDocument =>
  parsePolicyDocument(JSON.stringify({ Version: '2012-10-17', Statement: list }), 'identity')

const attached = (...documents: readonly PolicyDocument[]): AttachedPolicy[] =>
  documents.map((each, index) => ({ source: 'identity-policy', policy: `p${String(index)}`, attachedTo: 'alice', document: each }))

const alice: RequestPrincipal = { type: 'IAMUser', accountId, arn: `arn:aws:iam::${accountId}:user/alice` }
const decide = (asked: Omit<EvaluationRequest, 'principal'>, ...documents: readonly PolicyDocument[]) =>
  evaluate({ ...asked, principal: alice }, { identity: attached(...documents) })

test('adding a Deny never allows what was not allowed', () => {
  fc.assert(
    fc.property(statements, statement(fc.constant('Deny')), request, (list, deny, asked) => {
      const before = decide(asked, document(list)).decision
      const after = decide(asked, document([...list, deny])).decision
      expect(after === before || after === 'ExplicitlyDenied').toBe(true)
    }),
    { numRuns: 1000 },
  )
})

test('adding an Allow never refuses what was allowed, and never lifts a Deny', () => {
  fc.assert(
    fc.property(statements, statement(fc.constant('Allow')), request, (list, allow, asked) => {
      const before = decide(asked, document(list)).decision
      const after = decide(asked, document([...list, allow])).decision
      expect(after === before || (before === 'ImplicitlyDenied' && after === 'Allowed')).toBe(true)
    }),
    { numRuns: 1000 },
  )
})

test('the order of statements does not matter, nor how they are spread over policies', () => {
  const shuffled = statements.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })))
  fc.assert(
    fc.property(shuffled, request, ([list, other], asked) => {
      const one = decide(asked, document(list))
      const two = decide(asked, document(other))
      const spread = decide(asked, ...other.map((each) => document([each])))
      expect([two.decision, two.reason]).toEqual([one.decision, one.reason])
      expect([spread.decision, spread.reason]).toEqual([one.decision, one.reason])
    }),
    { numRuns: 1000 },
  )
})

test('an answer is Allowed only by an Allow and denied explicitly only by a Deny', () => {
  fc.assert(
    fc.property(statements, request, (list, asked) => {
      const { decision, decidedBy } = decide(asked, document(list))
      const effects = new Set(decidedBy.map(({ effect }) => effect))
      const expected = { Allowed: ['Allow'], ExplicitlyDenied: ['Deny'], ImplicitlyDenied: [] }[decision]
      expect([...effects]).toEqual(expected)
    }),
    { numRuns: 1000 },
  )
})

test('a decision under a key policy costs microseconds', () => {
  const keyPolicy = parsePolicyDocument(readFileSync(`${testdata}aws-codecommit-key-policy.json`, 'utf8'), 'resource')
  const identity = attached(...Array.from({ length: 10 }, () => document([{ Effect: 'Allow', Action: 'codecommit:*', Resource: '*' }])))
  const arn = 'arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
  const conditions = {
    'kms:ViaService': 'codecommit.us-east-2.amazonaws.com',
    'kms:CallerAccount': accountId,
    ...Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`aws:Key${String(index)}`, 'value'])),
  }
  const asked: EvaluationRequest = { principal: alice, action: 'kms:Encrypt', resource: arn, conditions }
  const policies = { identity, resourcePolicy: { document: keyPolicy, arn, governs: true } }
  for (let count = 0; count < 20_000; count += 1) evaluate(asked, policies)
  const started = process.cpuUsage()
  for (let count = 0; count < 20_000; count += 1) evaluate(asked, policies)
  // A few microseconds of processor time; the bound leaves room for a slow machine, not for parsing.
  expect(process.cpuUsage(started).user / 20_000).toBeLessThan(100)
})
