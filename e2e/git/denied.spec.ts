import { CreateRepositoryCommand, GetRepositoryCommand, ListRepositoriesCommand, UpdateRepositoryDescriptionCommand, UpdateRepositoryNameCommand } from '@aws-sdk/client-codecommit'
import { DescribeKeyCommand, ListAliasesCommand, ListKeysCommand } from '@aws-sdk/client-kms'
import { refusalOf } from '../aws-clients.ts'
import { eventHistory, kmsEventsOf } from '../event-history.ts'
import { expect, test } from '../fixtures.ts'
import { named } from '../named.ts'
import { home, ownRegions } from '../regions.ts'
import { readRow } from '../database.ts'
import { signIn } from '../sign-in.ts'
import type { PolicyPlace, Statement } from '../users.ts'

const places: readonly PolicyPlace[] = ['inline policy', 'managed policy', 'group policy', 'managed policy of a group']
const theSix = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:DescribeKey']

function deny(action: string): Statement {
  return { Sid: `Deny${action.slice(4)}`, Effect: 'Deny', Action: action, Resource: '*' }
}

test.describe('Rule 7: The caller needs no KMS permission, but an explicit Deny of any of these, in any policy attached to the user, stops the operation that needs it', () => {
  test('users without any KMS permission do everything: create, push, pull, describe, read', async ({ asUser }) => {
    const region = ownRegions.noKmsPermission
    const alice = await asUser()
    const { codecommit, kms } = alice.aws(region)
    expect((await refusalOf(kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/codecommit' })))).name).toMatch(/AccessDenied|NotFound/)
    // The first of its Region: it makes the key.
    const repositoryName = named('demo')
    const { repositoryMetadata } = await codecommit.send(new CreateRepositoryCommand({ repositoryName, repositoryDescription: 'Hers alone' }))
    const url = repositoryMetadata?.cloneUrlHttp ?? ''
    const working = await alice.git.makeRepository('work', { 'README.md': 'hello' })
    await alice.git.git(['push', url, 'main'], { cwd: working })
    await alice.git.git(['clone', url, 'copy'])
    await codecommit.send(new UpdateRepositoryDescriptionCommand({ repositoryName, repositoryDescription: 'Still hers' }))
    expect((await codecommit.send(new GetRepositoryCommand({ repositoryName }))).repositoryMetadata).toMatchObject({ repositoryDescription: 'Still hers', defaultBranch: 'main' })
    expect((await refusalOf(kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/codecommit' })))).name).toBe('AccessDeniedException')
  })

  test('a Deny of any of the six, in any kind of policy, stops a first repository, says which, and leaves nothing behind', async ({ asUser, asRoot, server }) => {
    test.setTimeout(180_000)
    const region = ownRegions.refusedFirst
    const root = asRoot(region)
    const alice = await asUser()
    const { codecommit } = alice.aws(region)
    for (const place of places) {
      for (const action of theSix) {
        const policyName = named('NoKms')
        const detach = await alice.attach(place, policyName, { Sid: 'Harmless', Effect: 'Allow', Action: 'kms:ListKeys', Resource: '*' }, deny(action))
        const { name, message } = await refusalOf(codecommit.send(new CreateRepositoryCommand({ repositoryName: 'first', repositoryDescription: 'never' })))
        expect({ place, action, name }).toEqual({ place, action, name: 'EncryptionKeyAccessDeniedException' })
        expect(message).toContain(`User: ${alice.arn} is not authorized to perform: ${action}`)
        expect(message).toContain(`arn:aws:kms:${region}:${server.accountId}:key/`)
        const policy = place.startsWith('managed policy') ? `arn:aws:iam::${server.accountId}:policy/${policyName}` : policyName
        const attachedTo = place.includes('group') ? 'group team-' : `user ${alice.name}`
        expect(message).toContain(`with an explicit deny in an identity-based policy: policy ${policy} (statement Deny${action.slice(4)}) attached to ${attachedTo}`)
        await detach()
      }
    }
    expect((await root.kms.send(new ListKeysCommand({}))).Keys).toEqual([])
    expect((await root.kms.send(new ListAliasesCommand({}))).Aliases?.filter(({ TargetKeyId }) => TargetKeyId !== undefined)).toEqual([])
    expect((await root.codecommit.send(new ListRepositoriesCommand({}))).repositories).toEqual([])
    expect(readRow(server, 'SELECT (SELECT count(*) FROM "Repository" WHERE "region" = ?) + (SELECT count(*) FROM "KmsKey" WHERE "region" = ?) AS "rows"', region, region)).toEqual({ rows: 0 })
    // With the last Deny gone the same call goes through.
    await codecommit.send(new CreateRepositoryCommand({ repositoryName: 'first' }))
    expect((await root.kms.send(new ListKeysCommand({}))).Keys).toHaveLength(1)
  })

  test('a Deny by wildcard, by NotAction, by condition or on another key: what it says counts, and nothing more', async ({ asUser, asRoot, makeRepository }) => {
    const { cloneUrlHttp, id } = await makeRepository()
    const { KeyMetadata } = await asRoot().kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/codecommit' }))
    const Arn = KeyMetadata?.Arn ?? ''
    const alice = await asUser()
    const working = await alice.git.makeRepository('work', { 'a.txt': 'a' })
    await alice.git.git(['push', cloneUrlHttp, 'main'], { cwd: working })
    const pull = () => alice.git.run(['ls-remote', cloneUrlHttp])
    const effective: Record<string, Statement> = {
      'every action': { Effect: 'Deny', Action: '*', Resource: Arn },
      'all of KMS': { Effect: 'Deny', Action: 'kms:*', Resource: '*' },
      'by pattern and case': { Effect: 'Deny', Action: 'KMS:dec?ypt', Resource: `${Arn.slice(0, -4)}*` },
      'all but reading metadata': { Effect: 'Deny', NotAction: ['kms:Describe*', 'codecommit:*', 'iam:*'], Resource: '*' },
      'through CodeCommit': { Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*', Condition: { StringEquals: { 'kms:ViaService': `codecommit.${home}.amazonaws.com` } } },
      'this repository': { Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*', Condition: { StringEquals: { 'kms:EncryptionContext:aws:codecommit:repository-id': id } } },
      'whenever a service calls': { Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*', Condition: { Bool: { 'aws:ViaAWSService': 'true' } } },
    }
    for (const [title, statement] of Object.entries(effective)) {
      const detach = await alice.attach('inline policy', 'Deny', { Sid: 'TheDeny', ...statement })
      const { code, stderr } = await pull()
      expect({ title, refused: code !== 0 }).toEqual({ title, refused: true })
      expect(stderr).toContain('policy Deny (statement TheDeny)')
      await detach()
    }
    const harmless: Record<string, Statement> = {
      'another key': { Effect: 'Deny', Action: 'kms:*', Resource: `${Arn.slice(0, -12)}000000000000` },
      'another Region’s keys': { Effect: 'Deny', Action: 'kms:*', Resource: 'arn:aws:kms:eu-west-1:*:key/*' },
      'another repository': { Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*', Condition: { StringEquals: { 'kms:EncryptionContext:aws:codecommit:repository-id': 'another' } } },
      'what is not called': { Effect: 'Deny', Action: ['kms:CreateKey', 'kms:ReEncrypt', 'kms:GenerateRandom'], Resource: '*' },
      'an alias, which is not the key': { Effect: 'Deny', Action: 'kms:Decrypt', Resource: `arn:aws:kms:${home}:*:alias/aws/codecommit` },
    }
    for (const [title, statement] of Object.entries(harmless)) {
      const detach = await alice.attach('inline policy', 'Deny', { Sid: 'TheDeny', ...statement })
      expect({ title, code: (await pull()).code }).toEqual({ title, code: 0 })
      await detach()
    }
  })

  for (const place of places) {
    test(`GenerateDataKey denied by ${place}: the push is refused in git's own output, before anything is uploaded`, async ({ asUser, asRoot, makeRepository }) => {
      const { cloneUrlHttp, id } = await makeRepository()
      const { KeyMetadata } = await asRoot().kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/codecommit' }))
      const alice = await asUser()
      const working = await alice.git.makeRepository('work', { 'a.txt': 'a' })
      await alice.git.git(['push', cloneUrlHttp, 'main'], { cwd: working })
      const before = await alice.git.git(['ls-remote', cloneUrlHttp])
      await alice.git.commit(working, { 'b.txt': 'b' })

      const policyName = named('DenyDataKeys')
      const detach = await alice.attach(place, policyName, deny('kms:GenerateDataKey'))
      const { code, stderr } = await alice.git.run(['push', cloneUrlHttp, 'main'], { cwd: working })
      expect(code).not.toBe(0)
      for (const part of ['kms:GenerateDataKey', KeyMetadata?.Arn ?? '', policyName, 'DenyGenerateDataKey', alice.arn, 'explicit deny']) expect(stderr).toContain(part)
      // A pull needs no data key of its own.
      expect(await alice.git.git(['ls-remote', cloneUrlHttp])).toBe(before)
      const refused = (await kmsEventsOf(asRoot(), id)).filter(({ errorCode }) => errorCode !== undefined)
      expect(refused.map(({ eventName, errorCode, userIdentity }) => ({ eventName, errorCode, arn: userIdentity.arn }))).toEqual([{ eventName: 'GenerateDataKey', errorCode: 'AccessDenied', arn: alice.arn }])

      await detach()
      await alice.git.git(['push', cloneUrlHttp, 'main'], { cwd: working })
      expect(await alice.git.git(['ls-remote', cloneUrlHttp, 'refs/heads/main'])).not.toBe(before)
    })

    test(`Decrypt denied by ${place}: clone, fetch, push, API and console are refused, each with the reason`, async ({ asUser, asRoot, makeRepository, page, server }) => {
      const { cloneUrlHttp, name } = await makeRepository({ description: 'Sealed words' })
      const { KeyMetadata } = await asRoot().kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/codecommit' }))
      const alice = await asUser()
      const working = await alice.git.makeRepository('work', { 'a.txt': 'a' })
      await alice.git.git(['push', '--set-upstream', cloneUrlHttp, 'main'], { cwd: working })
      await signIn(page, server, alice)

      const policyName = named('DenyDecrypt')
      const detach = await alice.attach(place, policyName, deny('kms:Decrypt'))
      const reason = ['kms:Decrypt', KeyMetadata?.Arn ?? '', policyName, 'DenyDecrypt']
      await alice.git.commit(working, { 'b.txt': 'b' })
      for (const command of [['clone', cloneUrlHttp, 'copy'], ['-c', 'protocol.version=0', 'clone', cloneUrlHttp, 'copy'], ['-C', working, 'fetch', cloneUrlHttp], ['-C', working, 'push', cloneUrlHttp, 'main']]) {
        const { code, stderr } = await alice.git.run(command)
        expect({ command, refused: code !== 0 }).toEqual({ command, refused: true })
        for (const part of reason) expect(stderr).toContain(part)
      }
      const { codecommit } = alice.aws(home)
      const { name: code, message, status } = await refusalOf(codecommit.send(new GetRepositoryCommand({ repositoryName: name })))
      expect({ code, status }).toEqual({ code: 'EncryptionKeyAccessDeniedException', status: 400 })
      for (const part of reason) expect(message).toContain(part)
      // What needs no key still works: a rename, and the list.
      await codecommit.send(new UpdateRepositoryNameCommand({ oldName: name, newName: `${name}-2` }))
      await codecommit.send(new UpdateRepositoryNameCommand({ oldName: `${name}-2`, newName: name }))
      expect((await codecommit.send(new ListRepositoriesCommand({}))).repositories?.map(({ repositoryName }) => repositoryName)).toContain(name)

      await page.goto(`${server.origin}/codecommit/repositories/${name}?region=${home}`)
      for (const part of reason) await expect(page.getByRole('main').getByText(part).first()).toBeVisible()
      await expect(page.getByText('Sealed words')).toHaveCount(0)
      await detach()
      await page.reload()
      await expect(page.getByRole('main').getByText('a.txt').first()).toBeVisible()
      await alice.git.git(['clone', cloneUrlHttp, 'copy'])
    })
  }

  test('the same over SSH: the reason is in git’s own output', async ({ asUser, makeRepository }) => {
    const { cloneUrlSsh } = await makeRepository()
    const alice = await asUser()
    const url = cloneUrlSsh.replace('ssh://', `ssh://${await alice.uploadSshKey()}@`)
    const working = await alice.git.makeRepository('work', { 'a.txt': 'a' })
    await alice.git.git(['push', url, 'main'], { cwd: working })
    await alice.git.commit(working, { 'b.txt': 'b' })
    for (const [action, command] of [['kms:GenerateDataKey', ['push', url, 'main']], ['kms:Decrypt', ['clone', url, 'copy']]] as const) {
      const detach = await alice.attach('inline policy', 'DenyOverSsh', deny(action))
      const { code, stderr } = await alice.git.run(command, { cwd: working })
      expect(code).not.toBe(0)
      for (const part of [action, 'DenyOverSsh', `Deny${action.slice(4)}`]) expect(stderr).toContain(part)
      await detach()
      await alice.git.git(command, { cwd: working })
    }
  })

  test('in the console: a repository is not created, and the page says which action, key, policy and statement', async ({ page, server, asUser, asRoot, makeRepository }) => {
    await makeRepository()
    const { KeyMetadata } = await asRoot().kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/codecommit' }))
    const alice = await asUser()
    await alice.attach('inline policy', 'NoDataKeys', deny('kms:GenerateDataKeyWithoutPlaintext'))
    await signIn(page, server, alice)
    await page.goto(`${server.origin}/codecommit/repositories/create?region=${home}`)
    const repositoryName = named('never')
    await page.getByLabel('Repository name').fill(repositoryName)
    await page.getByRole('button', { name: 'Create', exact: true }).click()
    for (const part of ['kms:GenerateDataKeyWithoutPlaintext', KeyMetadata?.Arn ?? '', 'NoDataKeys', 'DenyGenerateDataKeyWithoutPlaintext', 'explicit']) {
      await expect(page.getByRole('main').getByText(part).first()).toBeVisible()
    }
    // What was typed is still there.
    await expect(page.getByLabel('Repository name')).toHaveValue(repositoryName)
    expect((await refusalOf(asRoot().codecommit.send(new GetRepositoryCommand({ repositoryName })))).name).toBe('RepositoryDoesNotExistException')
  })

  test('DescribeKey or Encrypt denied stops a later repository too, where it needs them; GenerateDataKeyWithoutPlaintext always', async ({ asUser, makeRepository, asRoot }) => {
    await makeRepository()
    const alice = await asUser()
    const { codecommit } = alice.aws(home)
    for (const action of ['kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKeyWithoutPlaintext']) {
      const detach = await alice.attach('inline policy', 'Deny', deny(action))
      const repositoryName = named('later')
      const { name, message } = await refusalOf(codecommit.send(new CreateRepositoryCommand({ repositoryName, repositoryDescription: 'With words' })))
      expect({ action, name }).toEqual({ action, name: 'EncryptionKeyAccessDeniedException' })
      expect(message).toContain(action)
      expect((await refusalOf(asRoot().codecommit.send(new GetRepositoryCommand({ repositoryName })))).name).toBe('RepositoryDoesNotExistException')
      await detach()
    }
    const events = await eventHistory(asRoot(), { key: 'Username', value: alice.name })
    expect(events.filter(({ eventName, errorCode }) => eventName === 'CreateRepository' && errorCode === 'EncryptionKeyAccessDeniedException')).toHaveLength(3)
  })
})
