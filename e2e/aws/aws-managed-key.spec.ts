import { CreateRepositoryCommand, DeleteRepositoryCommand, ListRepositoriesCommand } from '@aws-sdk/client-codecommit'
import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  ListAliasesCommand,
  ListKeyPoliciesCommand,
  ListKeysCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateKeyDescriptionCommand,
} from '@aws-sdk/client-kms'
import { refusalOf, type AwsClients } from '../aws-clients.ts'
import { readRow } from '../database.ts'
import { eventHistory } from '../event-history.ts'
import { expect, test } from '../fixtures.ts'
import { named } from '../named.ts'
import { home, ownRegions } from '../regions.ts'
import type { Statement } from '../users.ts'

const alias = 'alias/aws/codecommit'
const everything: Statement = { Sid: 'Administrator', Effect: 'Allow', Action: '*', Resource: '*' }

test.describe('Rule 4: The first repository in a Region creates that account’s aws/codecommit key in that Region, exactly once, even when many are created at the same moment. Every later repository there uses it. It outlives the last repository', () => {
  test('fifty first repositories at once make one key', async ({ asRoot }) => {
    const aws = asRoot(ownRegions.oneKey)
    expect((await keysOf(aws)).keys).toEqual([])
    const names = Array.from({ length: 50 }, (_, index) => `first-${index}`)
    const made = await Promise.all(names.map((repositoryName) => aws.codecommit.send(new CreateRepositoryCommand({ repositoryName, repositoryDescription: `The ${repositoryName}` }))))
    const { keys, aliases } = await keysOf(aws)
    expect(keys).toHaveLength(1)
    expect(aliases).toEqual([{ name: alias, target: keys[0] }])
    expect(new Set(made.map(({ repositoryMetadata }) => repositoryMetadata?.repositoryId)).size).toBe(50)
    const { repositories = [] } = await aws.codecommit.send(new ListRepositoriesCommand({}))
    expect(repositories.map(({ repositoryName }) => repositoryName).sort()).toEqual([...names].sort())

    const { KeyMetadata } = await aws.kms.send(new DescribeKeyCommand({ KeyId: alias }))
    expect(KeyMetadata).toMatchObject({ KeyManager: 'AWS', Origin: 'AWS_KMS', Enabled: true, KeyState: 'Enabled', KeyUsage: 'ENCRYPT_DECRYPT' })
    // Each repository's data key is under that one key.
    const events = await eventHistory(aws, { key: 'EventName', value: 'GenerateDataKeyWithoutPlaintext' })
    expect(events).toHaveLength(50)
    for (const { resources } of events) expect(resources?.[0]?.ARN).toBe(KeyMetadata?.Arn)
  })

  test('a Region’s key is its own, and outlives its last repository', async ({ asRoot }) => {
    const aws = asRoot(ownRegions.outlives)
    const create = (repositoryName: string) => aws.codecommit.send(new CreateRepositoryCommand({ repositoryName }))
    await create('one')
    const { keys } = await keysOf(aws)
    expect(keys).toHaveLength(1)
    const { KeyMetadata: here } = await aws.kms.send(new DescribeKeyCommand({ KeyId: alias }))
    const { KeyMetadata: there } = await asRoot(home).kms.send(new DescribeKeyCommand({ KeyId: alias }))
    expect(there?.Arn).not.toBe(here?.Arn)
    expect(here?.Arn).toBe(`arn:aws:kms:${ownRegions.outlives}:${here?.AWSAccountId ?? ''}:key/${keys[0] ?? ''}`)

    await create('two')
    for (const repositoryName of ['one', 'two']) await aws.codecommit.send(new DeleteRepositoryCommand({ repositoryName }))
    expect((await aws.codecommit.send(new ListRepositoriesCommand({}))).repositories).toEqual([])
    expect((await keysOf(aws)).keys).toEqual(keys)
    await create('three')
    expect((await keysOf(aws)).keys).toEqual(keys)
    await aws.codecommit.send(new DeleteRepositoryCommand({ repositoryName: 'three' }))
  })
})

test.describe('Rule 5: Only CodeCommit uses that key. Its key policy is the real one, and the refusals come from evaluating it, root included', () => {
  test('neither the root user nor an administrator can use it, and both read why', async ({ asRoot, asUser, makeRepository, server }) => {
    const region = ownRegions.onlyCodeCommit
    await makeRepository({ region })
    const admin = await asUser({ name: 'admin', allow: [everything] })
    const people = [
      { aws: asRoot(region), arn: `arn:aws:iam::${server.accountId}:root` },
      { aws: admin.aws(region), arn: admin.arn },
    ]
    const { KeyMetadata } = await asRoot(region).kms.send(new DescribeKeyCommand({ KeyId: alias }))
    const Arn = KeyMetadata?.Arn ?? ''
    for (const { aws, arn } of people) {
      const sealed = await aws.kms.send(new EncryptCommand({ KeyId: await ownKey(aws), Plaintext: Buffer.from('mine') }))
      for (const KeyId of [alias, Arn]) {
        const calls = {
          Encrypt: () => aws.kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') })),
          GenerateDataKey: () => aws.kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' })),
          GenerateDataKeyWithoutPlaintext: () => aws.kms.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: 'AES_256' })),
          ReEncryptTo: () => aws.kms.send(new ReEncryptCommand({ CiphertextBlob: sealed.CiphertextBlob, SourceKeyId: sealed.KeyId, DestinationKeyId: KeyId })),
        }
        for (const [action, call] of Object.entries(calls)) {
          const { name, message, status } = await refusalOf(call())
          expect({ action, name, status }).toEqual({ action, name: 'AccessDeniedException', status: 400 })
          expect(message).toBe(`User: ${arn} is not authorized to perform: kms:${action} on resource: ${Arn} because no resource-based policy allows the kms:${action} action`)
        }
      }
    }
  })

  test('what CodeCommit sealed does not open outside CodeCommit, with the very encryption context it was sealed with', async ({ asRoot, makeRepository, server }) => {
    const { id } = await makeRepository({ region: ownRegions.onlyCodeCommit, description: 'sealed' })
    const { dataKey, description } = readRow(
      server,
      'SELECT "ciphertextBlob" AS "dataKey", "descriptionCiphertext" AS "description" FROM "RepositoryKey" JOIN "Repository" ON "Repository"."id" = "repositoryId" WHERE "repositoryId" = ?',
      id,
    ) as { dataKey: Buffer; description: Buffer }
    const { kms } = asRoot(ownRegions.onlyCodeCommit)
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: alias }))
    const EncryptionContext = { 'aws:codecommit:repository-id': id }
    for (const CiphertextBlob of [dataKey, description]) {
      for (const KeyId of [undefined, alias, KeyMetadata?.Arn]) {
        const { name, message } = await refusalOf(kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext, KeyId })))
        expect(name).toBe('AccessDeniedException')
        if (KeyId === undefined) expect(message).toContain('The ciphertext refers to a customer master key that does not exist')
        else expect(message).toContain('because no resource-based policy allows the kms:Decrypt action')
      }
      const { name } = await refusalOf(kms.send(new ReEncryptCommand({ CiphertextBlob, SourceEncryptionContext: EncryptionContext, DestinationKeyId: await ownKey({ kms }) })))
      expect(name).toBe('AccessDeniedException')
    }
  })

  test('GetKeyPolicy returns the real policy: use through CodeCommit alone, and reading for the account', async ({ asRoot, makeRepository, server }) => {
    const region = ownRegions.onlyCodeCommit
    await makeRepository({ region })
    const { kms } = asRoot(region)
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: alias }))
    const KeyId = KeyMetadata?.KeyId
    expect((await kms.send(new ListKeyPoliciesCommand({ KeyId }))).PolicyNames).toEqual(['default'])
    const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }))
    expect(JSON.parse(Policy ?? '')).toEqual({
      Version: '2012-10-17',
      Id: 'auto-codecommit-2',
      Statement: [
        {
          Sid: 'Allow access through CodeCommit for all principals in the account that are authorized to use CodeCommit',
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
          Resource: '*',
          Condition: { StringEquals: { 'kms:ViaService': `codecommit.${region}.amazonaws.com`, 'kms:CallerAccount': server.accountId } },
        },
        {
          Sid: 'Allow direct access to key metadata to the account',
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${server.accountId}:root` },
          Action: ['kms:Describe*', 'kms:Get*', 'kms:List*'],
          Resource: '*',
        },
      ],
    })
    expect(KeyMetadata?.Description).toBe('Default key that protects my CodeCommit repositories when no other key is defined')
  })

  test('no user may pretend to be CodeCommit: the service’s name in a header or an encryption context opens nothing', async ({ asRoot, makeRepository }) => {
    const { id } = await makeRepository({ region: ownRegions.onlyCodeCommit })
    const { kms } = asRoot(ownRegions.onlyCodeCommit)
    kms.middlewareStack.add(
      (next) => (args) => {
        const { headers } = args.request as { headers: Record<string, string> }
        headers['x-amz-invoked-by'] = 'codecommit.amazonaws.com'
        headers['x-amz-source-service'] = 'codecommit.amazonaws.com'
        headers['user-agent'] = 'codecommit.amazonaws.com'
        return next(args)
      },
      { step: 'build' },
    )
    const EncryptionContext = { 'aws:codecommit:repository-id': id, 'kms:ViaService': `codecommit.${ownRegions.onlyCodeCommit}.amazonaws.com` }
    expect((await refusalOf(kms.send(new GenerateDataKeyCommand({ KeyId: alias, KeySpec: 'AES_256', EncryptionContext })))).name).toBe('AccessDeniedException')
  })
})

test.describe('Rule 9: Nobody can change or delete that key', () => {
  test('every call that would change it is refused, to the root user as to an administrator, and changes nothing', async ({ asRoot, asUser, makeRepository }) => {
    const region = ownRegions.unchangeable
    await makeRepository({ region })
    const admin = await asUser({ name: 'admin', allow: [everything] })
    const root = asRoot(region)
    const stateOf = async () => {
      const { KeyMetadata } = await root.kms.send(new DescribeKeyCommand({ KeyId: alias }))
      const KeyId = KeyMetadata?.KeyId
      const { Policy } = await root.kms.send(new GetKeyPolicyCommand({ KeyId }))
      const { $metadata: _, ...rotation } = await root.kms.send(new GetKeyRotationStatusCommand({ KeyId }))
      const { aliases } = await keysOf(root)
      return { KeyMetadata, Policy, rotation, aliases: aliases.filter(({ target }) => target === KeyId) }
    }
    const before = await stateOf()
    const KeyId = before.KeyMetadata?.KeyId
    expect(before.rotation.KeyRotationEnabled).toBe(true)
    for (const { kms } of [root, admin.aws(region)]) {
      const other = await ownKey({ ...root, kms })
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }] })
      const refused = {
        DisableKey: () => kms.send(new DisableKeyCommand({ KeyId })),
        EnableKey: () => kms.send(new EnableKeyCommand({ KeyId })),
        ScheduleKeyDeletion: () => kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 })),
        CancelKeyDeletion: () => kms.send(new CancelKeyDeletionCommand({ KeyId })),
        PutKeyPolicy: () => kms.send(new PutKeyPolicyCommand({ KeyId, Policy, BypassPolicyLockoutSafetyCheck: true })),
        EnableKeyRotation: () => kms.send(new EnableKeyRotationCommand({ KeyId })),
        DisableKeyRotation: () => kms.send(new DisableKeyRotationCommand({ KeyId })),
        RotateKeyOnDemand: () => kms.send(new RotateKeyOnDemandCommand({ KeyId })),
        UpdateKeyDescription: () => kms.send(new UpdateKeyDescriptionCommand({ KeyId, Description: 'mine' })),
        TagResource: () => kms.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'owner', TagValue: 'me' }] })),
        UntagResource: () => kms.send(new UntagResourceCommand({ KeyId, TagKeys: ['owner'] })),
        CreateAlias: () => kms.send(new CreateAliasCommand({ AliasName: `alias/${named('mine')}`, TargetKeyId: KeyId })),
      }
      for (const [operation, call] of Object.entries(refused)) {
        const { name, message } = await refusalOf(call())
        expect({ operation, name }).toEqual({ operation, name: 'AccessDeniedException' })
        expect(message).toContain(`not authorized to perform: kms:${operation}`)
        expect(message).toContain('because no resource-based policy allows')
      }
      const reserved = {
        UpdateAlias: () => kms.send(new UpdateAliasCommand({ AliasName: alias, TargetKeyId: other })),
        DeleteAlias: () => kms.send(new DeleteAliasCommand({ AliasName: alias })),
        CreateAlias: () => kms.send(new CreateAliasCommand({ AliasName: 'alias/aws/mine', TargetKeyId: other })),
      }
      for (const [operation, call] of Object.entries(reserved)) {
        expect({ operation, name: (await refusalOf(call())).name }).toEqual({ operation, name: expect.stringMatching(/^(NotAuthorizedException|AccessDeniedException)$/) })
      }
    }
    expect(await stateOf()).toEqual(before)
    const events = await eventHistory(root, { key: 'ResourceName', value: before.KeyMetadata?.Arn ?? '' })
    const refusals = events.filter(({ eventName, errorCode }) => eventName === 'ScheduleKeyDeletion' && errorCode === 'AccessDenied')
    expect(refusals.map(({ userIdentity }) => userIdentity.type).sort()).toEqual(['IAMUser', 'Root'])
  })
})

async function keysOf({ kms }: AwsClients): Promise<{ keys: string[]; aliases: { name: string | undefined; target: string | undefined }[] }> {
  const { Keys = [] } = await kms.send(new ListKeysCommand({ Limit: 1000 }))
  const { Aliases = [] } = await kms.send(new ListAliasesCommand({ Limit: 100 }))
  return {
    keys: Keys.map(({ KeyId }) => KeyId ?? ''),
    aliases: Aliases.filter(({ TargetKeyId }) => TargetKeyId !== undefined).map(({ AliasName, TargetKeyId }) => ({ name: AliasName, target: TargetKeyId })),
  }
}

/** A key of one's own, for what is to be tried beside the other. */
async function ownKey({ kms }: Pick<AwsClients, 'kms'>): Promise<string> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
  return KeyMetadata?.KeyId ?? ''
}
