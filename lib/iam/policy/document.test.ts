import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { documentLimit, parsePolicyDocument, policySize, type PolicyKind } from './document.ts'
import { isMalformedPolicyDocument, type MalformedPolicyDocument } from './malformed.ts'

const allowAll = { Effect: 'Allow', Action: '*', Resource: '*' }

function refusal(text: string, kind: PolicyKind = 'identity'): MalformedPolicyDocument {
  try {
    parsePolicyDocument(text, kind)
  } catch (error) {
    if (isMalformedPolicyDocument(error)) return error
    throw error
  }
  throw new Error(`accepted: ${text.slice(0, 200)}`)
}

const policy = (statement: unknown, version = '2012-10-17') => JSON.stringify({ Version: version, Statement: statement })

test('a policy keeps the place of each statement, for highlighting', () => {
  const text = '{\n  "Version": "2012-10-17",\n  "Statement": [\n    {"Effect": "Allow", "Action": "*", "Resource": "*"},\n    {\n      "Sid": "Second", "Effect": "Deny", "Action": "kms:*", "Resource": "*"\n    }\n  ]\n}'
  const { statements, version } = parsePolicyDocument(text, 'identity')
  expect(version).toBe('2012-10-17')
  expect(statements.map(({ start, end, sid, index }) => ({ start, end, sid, index }))).toEqual([
    { start: { line: 4, column: 5 }, end: { line: 4, column: 56 }, sid: undefined, index: 0 },
    { start: { line: 5, column: 5 }, end: { line: 7, column: 6 }, sid: 'Second', index: 1 },
  ])
})

test('a parsed policy is plain data, so that it can be remembered across module copies', () => {
  const text = policy({ ...allowAll, Resource: 'arn:aws:s3:::b/${aws:username}/*', Condition: { StringLike: { 'aws:username': 'a*' } } })
  const parsed = parsePolicyDocument(text, 'identity')
  expect(structuredClone(parsed)).toEqual(parsed)
})

test('one statement may stand without a list, and Version may be absent', () => {
  const parsed = parsePolicyDocument(JSON.stringify({ Statement: allowAll }), 'identity')
  expect(parsed.version).toBe('2008-10-17')
  expect(parsed.statements).toHaveLength(1)
})

test('the real policy of aws/codecommit is read, sentences as Sid and all', () => {
  const text = readFileSync(new URL('./testdata/aws-codecommit-key-policy.json', import.meta.url), 'utf8')
  const parsed = parsePolicyDocument(text, 'resource')
  expect(parsed.id).toBe('auto-codecommit-2')
  expect(parsed.statements[0]?.principals?.everyone).toBe(true)
  expect(parsed.statements[1]?.principals?.accounts).toEqual(['111122223333'])
})

const broken: [string, string, string][] = [
  ['an empty text', '', 'line 1, column 1'],
  ['an unclosed object', '{"Version": "2012-10-17"', 'line 1, column 25'],
  ['a trailing comma', '{\n "Statement": [],\n}', 'line 3, column 1'],
  ['a comment', '{ // no\n}', 'line 1, column 3'],
  ['single quotes', "{'Version': 1}", 'line 1, column 2'],
  ['text after the end', '{} {}', 'line 1, column 4'],
  ['a tab inside a string', '{"Id": "a\tb"}', 'line 1, column 10'],
  ['an unknown escape', '{"Id": "\\x"}', 'line 1, column 9'],
  ['half an escape', '{"Id": "\\u12"}', 'line 1, column 9'],
  ['a leading zero', '{"Id": 01}', 'line 1, column 9'],
  ['NaN', '{"Id": NaN}', 'line 1, column 8'],
]

test.each(broken)('JSON that is none is refused with its place: %s', (_what, text, place) => {
  const { message } = refusal(text)
  expect(message).toContain('This policy contains invalid Json')
  expect(message).toContain(place)
})

test('a name twice in one object is refused: two readers could obey different ones', () => {
  const error = refusal('{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",\n "Effect": "Deny"}}')
  expect(error.message).toBe('This policy contains invalid Json: duplicate key "Effect" (Statement.Effect, line 2, column 2)')
  expect(error.position).toEqual({ line: 2, column: 2 })
  expect(error.path).toBe('Statement.Effect')
})

test('a name twice by way of an escape is still twice', () => {
  expect(refusal('{"Statement": [], "St\\u0061tement": []}').message).toContain('duplicate key "Statement"')
})

const malformed: [string, unknown, string, string, PolicyKind?][] = [
  ['a list at the root', [], 'expected an object', ''],
  ['no Statement', { Version: '2012-10-17' }, 'missing required field Statement', ''],
  ['an empty Statement', { Statement: [] }, 'Statement is empty', 'Statement'],
  ['a Version of the future', { Version: '2026-01-01', Statement: allowAll }, 'Version must be', 'Version'],
  ['a Version that is a number', { Version: 2012, Statement: allowAll }, 'expected a string', 'Version'],
  ['an unknown element', { Version: '2012-10-17', Statement: allowAll, Statements: [] }, 'unknown element "Statements"', 'Statements'],
  ['an element in lower case', { statement: allowAll }, 'unknown element "statement"', 'statement'],
  ['an unknown member', { Statement: [allowAll, { ...allowAll, Conditions: {} }] }, 'unknown element "Conditions"', 'Statement[1].Conditions'],
  ['no Effect', { Statement: [{ Action: '*', Resource: '*' }] }, 'missing required field Effect', 'Statement[0]'],
  ['Effect in lower case', { Statement: [{ ...allowAll, Effect: 'allow' }] }, 'Effect must be "Allow" or "Deny"', 'Statement[0].Effect'],
  ['no Action', { Statement: { Effect: 'Allow', Resource: '*' } }, 'Policy statement must contain actions.', 'Statement'],
  ['an empty Action', { Statement: { ...allowAll, Action: [] } }, 'Policy statement must contain actions.', 'Statement.Action'],
  ['Action and NotAction', { Statement: { ...allowAll, NotAction: 'kms:*' } }, 'Action and NotAction in one statement', 'Statement.NotAction'],
  ['no Resource', { Statement: { Effect: 'Allow', Action: '*' } }, 'Policy statement must contain resources.', 'Statement'],
  ['an empty Resource', { Statement: { ...allowAll, Resource: [] } }, 'Policy statement must contain resources.', 'Statement.Resource'],
  ['Resource and NotResource', { Statement: { ...allowAll, NotResource: '*' } }, 'Resource and NotResource in one statement', 'Statement.NotResource'],
  ['a Principal in an identity policy', { Statement: { ...allowAll, Principal: '*' } }, 'should not specify a principal', 'Statement.Principal'],
  ['a Sid with a space', { Statement: { ...allowAll, Sid: 'Allow all' } }, '[0-9A-Za-z]*', 'Statement.Sid'],
  ['one Sid twice', { Statement: [{ ...allowAll, Sid: 'A' }, { ...allowAll, Sid: 'A' }] }, 'must be unique', 'Statement[1].Sid'],
  ['an action without vendor', { Statement: { ...allowAll, Action: ['kms:*', 'Encrypt'] } }, 'must be prefaced by a vendor', 'Statement.Action[1]'],
  ['an action with two colons', { Statement: { ...allowAll, Action: 'kms:a:b' } }, 'only one colon', 'Statement.Action'],
  ['a vendor with a star', { Statement: { ...allowAll, Action: 'k*:Encrypt' } }, 'Vendor k* is not valid', 'Statement.Action'],
  ['an action with a space', { Statement: { ...allowAll, Action: 'kms:En crypt' } }, 'is not an action', 'Statement.Action'],
  ['an action that is a number', { Statement: { ...allowAll, Action: 1 } }, 'expected a string', 'Statement.Action'],
  ['a resource that is no ARN', { Statement: { ...allowAll, Resource: 'my-repository' } }, 'Resource my-repository must be in ARN format or "*".', 'Statement.Resource'],
  ['an ARN cut short', { Statement: { ...allowAll, Resource: 'arn:aws:kms:us-east-1' } }, 'must be in ARN format', 'Statement.Resource'],
  ['a partition that does not exist', { Statement: { ...allowAll, Resource: 'arn:azure:kms:us-east-1:1:key/x' } }, 'Partition "azure" is not valid', 'Statement.Resource'],
  ['a service with a wildcard', { Statement: { ...allowAll, Resource: 'arn:aws:k*:us-east-1:1:key/x' } }, 'cannot contain regexes', 'Statement.Resource'],
  ['an unknown operator', { Statement: { ...allowAll, Condition: { StringMatches: { 'aws:username': 'a' } } } }, 'unknown condition operator "StringMatches"', 'Statement.Condition.StringMatches'],
  ['NullIfExists', { Statement: { ...allowAll, Condition: { NullIfExists: { 'aws:username': 'true' } } } }, 'unknown condition operator', 'Statement.Condition.NullIfExists'],
  ['an operator twice qualified', { Statement: { ...allowAll, Condition: { 'ForAnyValue:ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } } } }, 'unknown condition operator', 'Statement.Condition.ForAnyValue:ForAllValues:StringEquals'],
  ['a condition that is a list', { Statement: { ...allowAll, Condition: [] } }, 'expected an object', 'Statement.Condition'],
  ['a key without vendor', { Statement: { ...allowAll, Condition: { StringEquals: { username: 'a' } } } }, 'must be prefaced by a vendor', 'Statement.Condition.StringEquals.username'],
  ['a null value', { Statement: { ...allowAll, Condition: { StringEquals: { 'aws:username': null } } } }, 'expected a string', 'Statement.Condition.StringEquals.aws:username'],
  ['a date that is none', { Statement: { ...allowAll, Condition: { DateLessThan: { 'aws:CurrentTime': ['2026-02-30'] } } } }, '"2026-02-30" is not a date', 'Statement.Condition.DateLessThan.aws:CurrentTime[0]'],
  ['a number that is none', { Statement: { ...allowAll, Condition: { NumericEquals: { 'aws:EpochTime': 'soon' } } } }, '"soon" is not a number', 'Statement.Condition.NumericEquals.aws:EpochTime'],
  ['a boolean that is none', { Statement: { ...allowAll, Condition: { Bool: { 'aws:SecureTransport': 'yes' } } } }, '"yes" is not true or false', 'Statement.Condition.Bool.aws:SecureTransport'],
  ['a mask of 33 bits', { Statement: { ...allowAll, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/33' } } } }, 'is not an IP address', 'Statement.Condition.IpAddress.aws:SourceIp'],
  ['base64 that is none', { Statement: { ...allowAll, Condition: { BinaryEquals: { 'a:b': 'a' } } } }, 'is not base64', 'Statement.Condition.BinaryEquals.a:b'],
  ['no Principal in a key policy', { Statement: allowAll }, 'Missing required field Principal', 'Statement', 'resource'],
  ['Principal and NotPrincipal', { Statement: { ...allowAll, Principal: '*', NotPrincipal: '*' } }, 'Principal and NotPrincipal', 'Statement.NotPrincipal', 'resource'],
  ['a principal that is a name', { Statement: { ...allowAll, Principal: 'alice' } }, 'invalid principals', 'Statement.Principal', 'resource'],
  ['a principal with a wildcard', { Statement: { ...allowAll, Principal: { AWS: ['arn:aws:iam::111122223333:user/*'] } } }, 'invalid principals', 'Statement.Principal.AWS[0]', 'resource'],
  ['a group as principal', { Statement: { ...allowAll, Principal: { AWS: 'arn:aws:iam::111122223333:group/g' } } }, 'invalid principals', 'Statement.Principal.AWS', 'resource'],
  ['an account of 11 digits', { Statement: { ...allowAll, Principal: { AWS: '11112222333' } } }, 'invalid principals', 'Statement.Principal.AWS', 'resource'],
  ['a service that is no host', { Statement: { ...allowAll, Principal: { Service: 'codecommit' } } }, 'invalid principals', 'Statement.Principal.Service', 'resource'],
  ['a principal of unknown type', { Statement: { ...allowAll, Principal: { User: 'alice' } } }, 'invalid principals', 'Statement.Principal.User', 'resource'],
  ['an empty Principal', { Statement: { ...allowAll, Principal: {} } }, 'invalid principals', 'Statement.Principal', 'resource'],
]

test.each(malformed)('what AWS calls malformed is refused with its path: %s', (_what, document, message, path, kind) => {
  const error = refusal(JSON.stringify(document), kind)
  expect(error.name).toBe('MalformedPolicyDocument')
  expect(error.message).toContain(message)
  expect(error.path).toBe(path)
})

test('what looks odd and is right is accepted', () => {
  const accepted: [unknown, PolicyKind?][] = [
    [{ ...allowAll, Sid: '' }],
    [{ ...allowAll, Action: '*:*' }],
    [{ ...allowAll, Action: 'kms:*', Resource: 'arn:aws:logs:*' }],
    [{ ...allowAll, Resource: 'arn:${aws:PrincipalPartition}:kms:*:*:key/*' }],
    [{ ...allowAll, Condition: {} }],
    [{ ...allowAll, Condition: { stringequals: { 'aws:username': ['a', true, 1.50] } } }],
    [{ ...allowAll, Condition: { Bool: { 'aws:SecureTransport': true }, NumericLessThan: { 'a:b': 3 } } }],
    [{ ...allowAll, Condition: { DateGreaterThan: { 'aws:CurrentTime': '2026-11-22T10:00:00Z' } } }],
    [{ ...allowAll, Condition: { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '2001:db8::/32'] } } }],
    [{ Effect: 'Allow', Action: 'kms:*', Principal: { AWS: ['111122223333', 'AIDAJQABLZS4A3QDU576Q'] } }, 'resource'],
    [{ ...allowAll, Principal: { Service: ['codecommit.amazonaws.com'] }, Sid: 'A sentence, with spaces' }, 'resource'],
  ]
  for (const [statement, kind] of accepted) {
    expect(() => parsePolicyDocument(policy(statement), kind ?? 'identity'), JSON.stringify(statement)).not.toThrow()
  }
})

test('characters outside U+0020 to U+00FF are refused, with their place', () => {
  const error = refusal(policy({ ...allowAll, Resource: 'arn:aws:codecommit:us-east-1:111122223333:日本' }))
  expect(error.message).toContain('U+65E5')
  expect(refusal('\ufeff{}').message).toContain('U+FEFF')
  expect(() => parsePolicyDocument(policy({ ...allowAll, Resource: 'arn:aws:s3:::é' }), 'identity')).not.toThrow()
})

test('a policy of 100 KB that means to be slow is answered at once', () => {
  const attacks = [
    '['.repeat(100_000),
    '{"Statement":'.repeat(8_000),
    `{"Id": "${'\\u0041'.repeat(16_000)}`,
    `{"Id": ${'1'.repeat(100_000)}e`,
    ' '.repeat(100_000),
    `{"Id":"${'a'.repeat(100_000)}`,
    policy({ ...allowAll, Resource: `arn:aws:s3:::${'${'.repeat(45_000)}` }),
    policy({ ...allowAll, Resource: `arn:aws:s3:::${'${a, \''.repeat(16_000)}}` }),
    policy({ ...allowAll, Action: `kms:${'*'.repeat(100_000)}!` }),
    policy({ ...allowAll, Condition: { DateEquals: { 'a:b': '1'.repeat(100_000) } } }),
    policy({ ...allowAll, Condition: { IpAddress: { 'a:b': ':'.repeat(100_000) } } }),
    policy({ ...allowAll, Condition: { [`${'for'.repeat(30_000)}!`]: {} } }),
    `{"Statement": [${'{},'.repeat(30_000)}{}]}`,
    'x'.repeat(documentLimit + 1),
  ]
  for (const text of attacks) {
    const started = process.cpuUsage()
    try {
      parsePolicyDocument(text, 'identity')
    } catch (error) {
      if (!isMalformedPolicyDocument(error)) throw error
    }
    // Processor time, because others use this machine too; what is quadratic took 3.6 s.
    const { user, system } = process.cpuUsage(started)
    expect((user + system) / 1000, text.slice(0, 60)).toBeLessThan(1000)
  }
})

test('the size that quotas count leaves white space out', () => {
  expect(policySize('{\n  "Version": "2012-10-17"\r\n\t}')).toBe('{"Version":"2012-10-17"}'.length)
})
