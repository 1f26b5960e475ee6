import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CreateRepository } from '#lib/codecommit/repositories'
import { CreateServiceSpecificCredential, CreateUser, PutUserPolicy } from '#lib/iam/api'
import { invoke } from '#lib/invoke'
import { CreateKey, DescribeKey, DisableKey } from '#lib/kms/api'
import type { RequestContext } from '#lib/operation/context'
import { rootContext, userContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { ExplainAccess } from './explain-access.ts'

let database: TestDatabase
let repository: { arn: string; id: string }
let keyArn: string

beforeAll(async () => {
  database = await testDatabase()
  const { repositoryMetadata } = await invoke(CreateRepository, rootContext(), { repositoryName: 'hello' })
  repository = { arn: repositoryMetadata.Arn, id: repositoryMetadata.repositoryId }
  keyArn = (await invoke(DescribeKey, rootContext(), { KeyId: 'alias/aws/codecommit' })).KeyMetadata.Arn
})

afterAll(async () => {
  await database[Symbol.asyncDispose]()
})

async function userWith(name: string, ...statements: object[]): Promise<RequestContext> {
  const { User } = await invoke(CreateUser, rootContext(), { UserName: name })
  if (statements.length > 0) {
    await invoke(PutUserPolicy, rootContext(), { UserName: name, PolicyName: 'Work', PolicyDocument: policy(...statements) })
  }
  await invoke(CreateServiceSpecificCredential, rootContext(), { UserName: name, ServiceName: 'codecommit.amazonaws.com' })
  return userContext({ id: User.UserId, name, arn: User.Arn })
}

const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements })
const arnOf = ({ principal }: RequestContext) => ('arn' in principal ? principal.arn : '')
const allOfCodeCommit = { Sid: 'All', Effect: 'Allow', Action: 'codecommit:*', Resource: '*' }
const denyDataKeys = { Sid: 'NoDataKeys', Effect: 'Deny', Action: 'kms:GenerateDataKey', Resource: '*' }
const asRoot = (input: object) => invoke(ExplainAccess, rootContext(), input)

describe('may this user push to this repository?', () => {
  test('every check in order: git’s own, then those of the key on the caller’s behalf', async () => {
    const alice = await userWith('alice', allOfCodeCommit)
    const answer = await asRoot({ PolicySourceArn: arnOf(alice), Action: 'codecommit:GitPush', ResourceArn: repository.arn })
    expect(answer.Decision).toBe('Allowed')
    expect(answer.Authentication).toEqual({ Decision: 'Allowed', Text: 'alice has 1 Git credential, active.' })
    expect(answer.Checks.map(({ Action, Resource, Via, Decision }) => [Action, Resource, Via, Decision])).toEqual([
      ['codecommit:GitPush', repository.arn, undefined, 'Allowed'],
      ['kms:Decrypt', keyArn, 'codecommit.amazonaws.com', 'Allowed'],
      ['kms:GenerateDataKey', keyArn, 'codecommit.amazonaws.com', 'Allowed'],
      ['codecommit:GitPush', repository.arn, undefined, 'Allowed'],
    ])
    expect(answer.Checks[0]?.DecidedBy).toMatchObject([{ policy: 'Work', statement: 'All', attachedTo: 'alice' }])
    expect(answer.Checks[2]?.DecidedBy).toMatchObject([{ policy: 'key policy', index: 0 }])
    expect(answer.Checks[2]?.Conditions).toMatchObject({
      'kms:EncryptionContext:aws:codecommit:repository-id': [repository.id],
      'kms:ViaService': ['codecommit.us-east-2.amazonaws.com'],
    })
    expect(answer.Checks[3]?.Conditions['codecommit:References']).toEqual(['refs/heads/main'])
  })

  test('a Deny is found in its document, and a what-if without it is allowed while the stored policy still refuses', async () => {
    const bob = await userWith('bob', allOfCodeCommit, denyDataKeys)
    const question = { PolicySourceArn: arnOf(bob), Action: 'codecommit:GitPush', ResourceArn: repository.arn }
    const answer = await asRoot(question)
    expect(answer.Decision).toBe('Refused')
    const refused = answer.Checks.find(({ Decision }) => Decision !== 'Allowed')
    expect(refused).toMatchObject({ Action: 'kms:GenerateDataKey', Decision: 'ExplicitlyDenied', DecidedBy: [{ statement: 'NoDataKeys', index: 1 }] })
    const [work] = answer.Policies
    const { StartLine = 0, EndLine = 0 } = work?.Statements[1] ?? {}
    const lines = work?.Document?.split('\n').slice(StartLine - 1, EndLine).join('\n')
    expect(JSON.parse(lines?.replace(/,$/, '') ?? '')).toEqual(denyDataKeys)

    const supposed = await asRoot({ ...question, Edits: [{ PolicyId: work?.Id, Document: policy(allOfCodeCommit) }] })
    expect(supposed.Decision).toBe('Allowed')
    expect(supposed.Policies[0]).toMatchObject({ Id: work?.Id, Supposed: true })
    expect((await asRoot(question)).Decision).toBe('Refused')
    await expect(asRoot({ ...question, Edits: [{ PolicyId: work?.Id, Document: '{"Statement":' }] })).rejects.toThrow(/line 1, column 14/)
  })

  test('a user without policies: what-if one more policy', async () => {
    const carol = await userWith('carol')
    const question = { PolicySourceArn: arnOf(carol), Action: 'codecommit:GitPull', ResourceArn: repository.arn }
    expect((await asRoot(question)).Checks.map(({ Decision }) => Decision)).toEqual(['ImplicitlyDenied', 'Allowed'])
    const supposed = await asRoot({ ...question, Edits: [{ PolicyId: 'new', Document: policy(allOfCodeCommit) }] })
    expect(supposed.Decision).toBe('Allowed')
  })

  test('a Deny of one branch shows at the second phase alone', async () => {
    const keepMain = {
      Sid: 'KeepMain',
      Effect: 'Deny',
      Action: 'codecommit:GitPush',
      Resource: '*',
      Condition: { StringEqualsIfExists: { 'codecommit:References': 'refs/heads/main' }, Null: { 'codecommit:References': 'false' } },
    }
    const dan = await userWith('dan', allOfCodeCommit, keepMain)
    const question = { PolicySourceArn: arnOf(dan), Action: 'codecommit:GitPush', ResourceArn: repository.arn }
    expect((await asRoot(question)).Checks.map(({ Decision }) => Decision)).toEqual(['Allowed', 'Allowed', 'Allowed', 'ExplicitlyDenied'])
    expect((await asRoot({ ...question, Reference: 'refs/heads/topic' })).Decision).toBe('Allowed')
  })
})

test('a first repository: none of the six may be denied, and the key is not made by asking', async () => {
  const erin = await userWith('erin', allOfCodeCommit, { Effect: 'Deny', Action: 'kms:ReEncrypt', Resource: '*' })
  const arn = repository.arn.replace('us-east-2:', 'eu-west-3:').replace('hello', 'new')
  const answer = await asRoot({ PolicySourceArn: arnOf(erin), Action: 'codecommit:CreateRepository', ResourceArn: arn })
  const actions = new Set(answer.Checks.map(({ Action }) => Action))
  for (const action of ['kms:DescribeKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:GenerateDataKey', 'kms:Decrypt', 'kms:Encrypt', 'kms:ReEncrypt']) {
    expect(actions).toContain(action)
  }
  expect(new Set(answer.Checks.filter(({ Decision }) => Decision !== 'Allowed').map(({ Action }) => Action))).toEqual(new Set(['kms:ReEncrypt']))
  expect(answer.Checks.some(({ Decision }) => Decision === 'Absent')).toBe(false)
})

test('a key: root is refused by its own policy, a supposed policy changes that, and a disabled key is said to be unusable', async () => {
  const root = rootContext()
  const onManaged = { PolicySourceArn: arnOf(root), Action: 'kms:DisableKey', ResourceArn: keyArn }
  expect((await asRoot(onManaged)).Checks).toMatchObject([{ Decision: 'ImplicitlyDenied', Text: expect.stringContaining('no resource-based policy allows') as string }])
  const own = (await invoke(CreateKey, root, {})).KeyMetadata
  const decrypt = { PolicySourceArn: arnOf(root), Action: 'kms:Decrypt', ResourceArn: own.Arn }
  expect((await asRoot(decrypt)).Decision).toBe('Allowed')
  const PolicyId = `resource-policy key policy ${own.Arn}`
  const Document = policy({ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:user/nobody' }, Action: 'kms:*', Resource: '*' })
  expect((await asRoot({ ...decrypt, Edits: [{ PolicyId, Document }] })).Decision).toBe('Refused')
  await invoke(DisableKey, root, { KeyId: own.KeyId })
  expect((await asRoot(decrypt)).Checks.at(-1)).toMatchObject({ Decision: 'Unusable', Text: expect.stringContaining('is disabled') as string })
})

describe('who may ask', () => {
  test('a user without iam:SimulatePrincipalPolicy is refused', async () => {
    const frank = await userWith('frank', allOfCodeCommit)
    const question = { PolicySourceArn: arnOf(frank), Action: 'codecommit:GitPush', ResourceArn: repository.arn }
    await expect(invoke(ExplainAccess, frank, question)).rejects.toThrow(/iam:SimulatePrincipalPolicy/)
  })

  test('whoever may not see the repository is not told of it, though they may ask about the user', async () => {
    const grace = await userWith('grace', { Effect: 'Allow', Action: 'iam:SimulatePrincipalPolicy', Resource: '*' })
    const question = { PolicySourceArn: arnOf(grace), Action: 'codecommit:GitPush', ResourceArn: repository.arn }
    await expect(invoke(ExplainAccess, grace, question)).rejects.toThrow(/codecommit:GetRepository/)
    await expect(invoke(ExplainAccess, grace, { ...question, ResourceArn: `${repository.arn}-absent` })).rejects.toThrow(/codecommit:GetRepository/)
  })

  test('whoever may not read a policy is told what it decides, not what it says; nor which credentials there are', async () => {
    const heidi = await userWith('heidi', allOfCodeCommit, { Effect: 'Allow', Action: 'iam:SimulatePrincipalPolicy', Resource: '*' })
    const answer = await invoke(ExplainAccess, heidi, { PolicySourceArn: arnOf(heidi), Action: 'codecommit:GitPull', ResourceArn: repository.arn })
    expect(answer.Authentication).toEqual({ Decision: 'Unknown', Text: expect.stringContaining('iam:ListAccessKeys') as string })
    const work = answer.Policies.find(({ Policy }) => Policy === 'Work')
    expect(work?.Document).toBeUndefined()
    expect(work?.Refused).toContain('iam:GetUserPolicy')
  })
})
