import { CreateBranchCommand, CreateRepositoryCommand, GetBranchCommand, GetRepositoryCommand, ListRepositoriesCommand, UpdateRepositoryDescriptionCommand, UpdateRepositoryNameCommand } from '@aws-sdk/client-codecommit'
import { CreatePolicyCommand, CreateUserCommand, GetUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { CreateAliasCommand, CreateKeyCommand, DescribeKeyCommand, EncryptCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms'
import { refusalOf } from '../aws-clients.ts'
import { expect, test } from '../fixtures.ts'
import { named } from '../named.ts'
import { basic, rawRequest } from '../raw-request.ts'
import { home } from '../regions.ts'

test.describe('Names of every illegal kind', () => {
  test('of repositories', async ({ asRoot, asUser, server, makeRepository }) => {
    const { codecommit } = asRoot()
    const { name } = await makeRepository()
    const illegal = ['', ' ', '.', '..', 'a b', 'a/b', '../etc', 'a\\b', 'a\u0000b', 'größe', '日本語', 'a?b', 'a#b', 'a%2fb', 'a:b', 'x'.repeat(101), 'demo.git', 'a\nb', '<script>', "'; DROP TABLE", '\ud83d\ude00']
    for (const repositoryName of illegal) {
      const calls = [
        () => codecommit.send(new CreateRepositoryCommand({ repositoryName })),
        () => codecommit.send(new GetRepositoryCommand({ repositoryName })),
        () => codecommit.send(new UpdateRepositoryNameCommand({ oldName: name, newName: repositoryName })),
      ]
      for (const call of calls) {
        const { name: code, status } = await refusalOf(call())
        expect({ repositoryName, code, status }).toEqual({ repositoryName, code: expect.stringMatching(/^(InvalidRepositoryNameException|RepositoryNameRequiredException)$/), status: 400 })
      }
    }
    // The same in the URL of a clone.
    const { gitCredentials } = await asUser()
    for (const path of ['..', '%2e%2e', 'a%2fb', 'a%00b', 'x'.repeat(200), '%', '%zz', 'gr%C3%B6%C3%9Fe', '....', '-', 'demo/../..']) {
      const { status } = await rawRequest(server, `/v1/regions/${home}/repos/${path}/info/refs?service=git-upload-pack`, { headers: basic(gitCredentials.userName, gitCredentials.password) })
      expect({ path, status }).toEqual({ path, status: 404 })
    }
    for (const region of ['nowhere', 'us-east-99', '..', 'us-east-2%00', 'US-EAST-2']) {
      const { status } = await rawRequest(server, `/v1/regions/${region}/repos/${name}/info/refs?service=git-upload-pack`, { headers: basic(gitCredentials.userName, gitCredentials.password) })
      expect({ region, status }).toEqual({ region, status: 404 })
    }
    expect((await codecommit.send(new GetRepositoryCommand({ repositoryName: name }))).repositoryMetadata?.repositoryName).toBe(name)
    const legal = ['a', '-', '_', 'A.b_c-9', 'x'.repeat(100), '.hidden', '...x']
    for (const repositoryName of legal.map((each) => (each.length > 3 ? each : `${each}${named('')}`))) await codecommit.send(new CreateRepositoryCommand({ repositoryName }))
  })

  test('of branches, users, keys’ aliases, and descriptions beyond their length', async ({ asRoot, asUser, makeRepository }) => {
    const { codecommit, iam, kms } = asRoot()
    const { name: repositoryName, cloneUrlHttp } = await makeRepository()
    const alice = await asUser()
    const working = await alice.git.makeRepository('work', { 'a.txt': 'a' })
    await alice.git.git(['push', cloneUrlHttp, 'main'], { cwd: working })
    const commitId = await alice.git.git(['rev-parse', 'HEAD'], { cwd: working })
    for (const branchName of ['', ' ', 'a b', 'a..b', '.a', 'a.', 'a/', '/a', 'a//b', 'a~', 'a^', 'a:b', 'a?', 'a*', 'a[', 'a\\b', '@', 'a@{b', 'a.lock', 'x'.repeat(257), '0'.repeat(40), 'a\u0007']) {
      const { name, status } = await refusalOf(codecommit.send(new CreateBranchCommand({ repositoryName, branchName, commitId })))
      expect({ branchName, name, status }).toEqual({ branchName, name: expect.stringMatching(/^(InvalidBranchNameException|BranchNameRequiredException)$/), status: 400 })
    }
    for (const given of ['', 'zz', 'f'.repeat(39), 'f'.repeat(40), 'main', '--help', '../x']) {
      const { name } = await refusalOf(codecommit.send(new CreateBranchCommand({ repositoryName, branchName: 'next', commitId: given })))
      expect({ given, name }).toEqual({ given, name: expect.stringMatching(/^(CommitIdRequiredException|InvalidCommitIdException|CommitDoesNotExistException)$/) })
    }
    expect((await refusalOf(codecommit.send(new GetBranchCommand({ repositoryName, branchName: 'next' })))).name).toBe('BranchDoesNotExistException')
    for (const repositoryDescription of ['x'.repeat(1001), '日'.repeat(1001)]) {
      expect((await refusalOf(codecommit.send(new UpdateRepositoryDescriptionCommand({ repositoryName, repositoryDescription })))).name).toBe('InvalidRepositoryDescriptionException')
      expect((await refusalOf(codecommit.send(new CreateRepositoryCommand({ repositoryName: named('long'), repositoryDescription })))).name).toBe('InvalidRepositoryDescriptionException')
    }
    const longest = '日本語 & <b>"x"</b> \u{1f511} '.repeat(100).slice(0, 1000)
    await codecommit.send(new UpdateRepositoryDescriptionCommand({ repositoryName, repositoryDescription: longest }))
    expect((await codecommit.send(new GetRepositoryCommand({ repositoryName }))).repositoryMetadata?.repositoryDescription).toBe(longest)

    for (const UserName of ['', 'a b', 'a/b', 'x'.repeat(65), 'größe', '<x>']) {
      const { name, status } = await refusalOf(iam.send(new CreateUserCommand({ UserName })))
      expect({ UserName, name, status }).toEqual({ UserName, name: expect.stringMatching(/Validation/), status: 400 })
    }
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
    for (const AliasName of ['', 'x', 'alias/', 'alias/a b', 'alias/aws/mine', 'alias/a:b', `alias/${'x'.repeat(251)}`, 'alias/größe']) {
      const { name, status } = await refusalOf(kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyMetadata?.KeyId })))
      expect({ AliasName, name, status }).toEqual({ AliasName, name: expect.stringMatching(/^(ValidationException|InvalidAliasNameException|NotAuthorizedException)$/), status: 400 })
    }
    for (const KeyId of ['', ' ', 'x'.repeat(3000), '../x', 'arn:aws:kms:us-east-2:111122223333:key/..', 'arn:aws:kms:eu-west-1:111122223333:alias/aws/codecommit', '00000000-0000-4000-8000-000000000000']) {
      expect((await refusalOf(kms.send(new DescribeKeyCommand({ KeyId })))).name).toMatch(/^(NotFoundException|ValidationException|InvalidArnException)$/)
      expect((await refusalOf(kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') })))).name).toMatch(/^(NotFoundException|ValidationException|InvalidArnException)$/)
    }
  })
})

test.describe('A policy of 100 KB', () => {
  test('is refused by its length or its form, wherever a policy is taken, and nothing slows down', async ({ asRoot, asUser }) => {
    const { iam, kms, codecommit } = asRoot()
    const alice = await asUser()
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
    const statements = Array.from({ length: 900 }, (_, index) => ({ Sid: `Statement${index}`, Effect: 'Allow', Principal: '*', Action: `kms:${'*?'.repeat(20)}x`, Resource: '*' }))
    const withoutPrincipal = statements.map(({ Principal: _, ...statement }) => statement)
    const identity = JSON.stringify({ Version: '2012-10-17', Statement: withoutPrincipal })
    const resource = JSON.stringify({ Version: '2012-10-17', Statement: statements })
    expect(identity.length).toBeGreaterThan(100_000)
    const nested = `${'{"Statement":['.repeat(7500)}${']}'.repeat(7500)}`
    const spaces = `{"Version":"2012-10-17","Statement":[${' '.repeat(100_000)}]}`
    const started = Date.now()
    for (const PolicyDocument of [identity, nested, spaces, '['.repeat(100_000), '"'.repeat(100_000), 'x'.repeat(100_000), '\u0000'.repeat(1000)]) {
      const PolicyName = named('Large')
      const calls = [
        () => iam.send(new PutUserPolicyCommand({ UserName: alice.name, PolicyName, PolicyDocument })),
        () => iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument })),
      ]
      for (const call of calls) {
        const { name, status } = await refusalOf(call())
        expect({ name, status, text: PolicyDocument.slice(0, 20) }).toEqual({ name: expect.stringMatching(/^(LimitExceeded|MalformedPolicyDocument|ValidationError)/), status: expect.any(Number), text: PolicyDocument.slice(0, 20) })
        expect(status).toBeLessThan(500)
      }
    }
    for (const Policy of [resource, nested, '['.repeat(100_000), 'x'.repeat(100_000), 'x'.repeat(200_000)]) {
      const calls = [() => kms.send(new PutKeyPolicyCommand({ KeyId: KeyMetadata?.KeyId, Policy })), () => kms.send(new CreateKeyCommand({ Policy }))]
      for (const call of calls) {
        const { name, status } = await refusalOf(call())
        expect({ name, status }).toEqual({ name: expect.stringMatching(/^(LimitExceededException|MalformedPolicyDocumentException|ValidationException)$/), status: 400 })
      }
    }
    // The largest that is taken, with patterns that a careless matcher needs for ever.
    const slow = Array.from({ length: 6 }, (_, index) => ({ Sid: `Slow${index}`, Effect: 'Deny', Action: 'codecommit:*', Resource: `arn:aws:codecommit:*:*:${'*a'.repeat(40)}b` }))
    await alice.attach('inline policy', 'Slow', ...slow)
    const before = Date.now()
    expect((await refusalOf(alice.aws(home).codecommit.send(new GetRepositoryCommand({ repositoryName: 'a'.repeat(100) })))).name).toBe('RepositoryDoesNotExistException')
    expect(Date.now() - before).toBeLessThan(5_000)
    expect(Date.now() - started).toBeLessThan(60_000)
    await codecommit.send(new ListRepositoriesCommand({}))
    await iam.send(new GetUserCommand({ UserName: alice.name }))
  })
})
