import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AddUserToGroupCommand, DeleteSSHPublicKeyCommand, ListGroupsForUserCommand, RemoveUserFromGroupCommand, ResetServiceSpecificCredentialCommand, UpdateAccessKeyCommand, UpdateLoginProfileCommand, UploadSSHPublicKeyCommand } from '@aws-sdk/client-iam'
import { GetRepositoryCommand } from '@aws-sdk/client-codecommit'
import { CreateKeyCommand, DisableKeyCommand, EnableKeyCommand, EncryptCommand, PutKeyPolicyCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms'
import type { Page } from '@playwright/test'
import { refusalOf } from '../aws-clients.ts'
import { expect, test, type TestRepository } from '../fixtures.ts'
import { gitPassword } from '../git-signature.ts'
import { runProgram } from '../git-client.ts'
import { home } from '../regions.ts'
import type { RunningServer } from '../server.ts'
import { signIn } from '../sign-in.ts'
import { allOfCodeCommit, type TestUser } from '../users.ts'

// Each is used first, so that whatever the server keeps in memory is warm; then it is taken away, and used once more.
test.describe('What is taken away is gone from the very next request: git, API and console', () => {
  test('a policy, and the membership of a group that gave one', async ({ page, server, asUser, asRoot, makeRepository }) => {
    const repository = await makeRepository()
    const { iam } = asRoot('us-east-1')
    const alice = await asUser({ allow: [] })
    const detach = await alice.attach('inline policy', 'Work', allOfCodeCommit)
    await alice.git.git(['ls-remote', repository.cloneUrlHttp])
    await signIn(page, server, alice)
    await reads({ alice, repository, page, server }, true)
    await detach()
    await reads({ alice, repository, page, server }, false)

    await alice.attach('group policy', 'Team', allOfCodeCommit)
    await reads({ alice, repository, page, server }, true)
    const { Groups = [] } = await iam.send(new ListGroupsForUserCommand({ UserName: alice.name }))
    const membership = { UserName: alice.name, GroupName: Groups[0]?.GroupName }
    await iam.send(new RemoveUserFromGroupCommand(membership))
    await reads({ alice, repository, page, server }, false)
    await iam.send(new AddUserToGroupCommand(membership))
    await reads({ alice, repository, page, server }, true)
  })

  test('a key’s state and a key’s policy', async ({ page, server, asUser, asRoot }) => {
    const { kms } = asRoot(home)
    const { KeyId = '' } = (await kms.send(new CreateKeyCommand({}))).KeyMetadata ?? {}
    const alice = await asUser({ allow: [{ Sid: 'Keys', Effect: 'Allow', Action: 'kms:*', Resource: '*' }] })
    const encrypt = () => alice.aws(home).kms.send(new EncryptCommand({ KeyId, Plaintext: new Uint8Array([1]) }))
    await signIn(page, server, alice)
    await page.goto(`${server.origin}/kms/keys/${KeyId}/try-out?region=${home}`)
    const tryOut = async () => {
      await page.getByLabel('Plaintext', { exact: true }).fill('text')
      await page.getByRole('button', { name: 'Encrypt' }).click()
    }
    await encrypt()
    await tryOut()
    await expect(page.getByRole('region', { name: 'ciphertext' })).toBeVisible()
    await kms.send(new DisableKeyCommand({ KeyId }))
    expect((await refusalOf(encrypt())).name).toBe('DisabledException')
    // The page was there before: what is sent from it is judged now.
    await tryOut()
    await expect(page.getByText('DisabledException')).toBeVisible()
    await kms.send(new EnableKeyCommand({ KeyId }))
    await encrypt()

    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${server.accountId}:root` }, Action: 'kms:*', Resource: '*' }, { Sid: 'NotAlice', Effect: 'Deny', Principal: { AWS: alice.arn }, Action: 'kms:Encrypt', Resource: '*' }] }
    await kms.send(new PutKeyPolicyCommand({ KeyId, Policy: JSON.stringify(policy) }))
    expect((await refusalOf(encrypt())).message).toContain('with an explicit deny in a resource-based policy')
    await tryOut()
    await expect(page.getByText('You may not do this: kms:Encrypt was refused')).toBeVisible()
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
  })

  test('an access key that is made inactive, for the API and for git; a Git password that is reset', async ({ asUser, asRoot, makeRepository, makeGit }) => {
    const repository = await makeRepository()
    const { iam } = asRoot('us-east-1')
    const alice = await asUser()
    const describe = () => alice.aws(home).codecommit.send(new GetRepositoryCommand({ repositoryName: repository.name }))
    const signed = makeGit()
    signed.signIn(alice.accessKey.accessKeyId, gitPassword(alice.accessKey, { host: 'localhost', path: new URL(repository.cloneUrlHttp).pathname, region: home }))
    await describe()
    await signed.git(['ls-remote', repository.cloneUrlHttp])
    await iam.send(new UpdateAccessKeyCommand({ UserName: alice.name, AccessKeyId: alice.accessKey.accessKeyId, Status: 'Inactive' }))
    expect((await refusalOf(describe())).name).toBe('UnrecognizedClientException')
    expect((await signed.run(['ls-remote', repository.cloneUrlHttp])).stderr).toContain('403')

    const { id, userName, password } = alice.gitCredentials
    await alice.git.git(['ls-remote', repository.cloneUrlHttp])
    const { ServiceSpecificCredential } = await iam.send(new ResetServiceSpecificCredentialCommand({ UserName: alice.name, ServiceSpecificCredentialId: id }))
    expect(ServiceSpecificCredential?.ServicePassword).not.toBe(password)
    expect((await alice.git.run(['ls-remote', repository.cloneUrlHttp])).stderr).toContain('403')
    alice.git.signIn(userName, ServiceSpecificCredential?.ServicePassword ?? '')
    await alice.git.git(['ls-remote', repository.cloneUrlHttp])
  })

  test('an SSH public key that is deleted, on a connection that it has opened and that is still open', async ({ asUser, asRoot, makeRepository }) => {
    const { cloneUrlSsh } = await makeRepository()
    const { iam } = asRoot('us-east-1')
    const alice = await asUser()
    const file = join(alice.git.home, 'id_rsa')
    execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-b', '3072', '-N', '', '-f', file])
    const { SSHPublicKey } = await iam.send(new UploadSSHPublicKeyCommand({ UserName: alice.name, SSHPublicKeyBody: readFileSync(`${file}.pub`, 'utf8') }))
    const keyId = SSHPublicKey?.SSHPublicKeyId ?? ''
    const { hostname, port, pathname } = new URL(cloneUrlSsh)
    const socket = join(alice.git.home, 'control')
    const ssh = (...more: string[]) =>
      runProgram('ssh', ['-F', 'none', '-i', file, '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-S', socket, '-p', port, ...more], { cwd: alice.git.folder, environment: alice.git.environment })
    // The first connection stays open; what comes later goes through it without signing in again.
    await ssh('-M', '-f', '-N', `${keyId}@${hostname}`)
    const list = () => ssh(`${keyId}@${hostname}`, `git-upload-pack '${pathname}'`)
    try {
      expect((await list()).stdout).toMatch(/^[0-9a-f]{4}/)
      await iam.send(new DeleteSSHPublicKeyCommand({ UserName: alice.name, SSHPublicKeyId: keyId }))
      const refused = await list()
      expect(refused.code).not.toBe(0)
      expect(refused.stdout).not.toContain('refs/')
    } finally {
      await ssh('-O', 'exit', hostname)
    }
  })

  test('a console password that is reset ends the sessions that the old one began', async ({ page, server, asUser, asRoot }) => {
    const { iam } = asRoot('us-east-1')
    const alice = await asUser()
    await signIn(page, server, alice)
    await page.goto(`${server.origin}/codecommit/repositories?region=${home}`)
    await expect(page.getByRole('heading', { level: 1, name: 'Repositories' })).toBeVisible()
    const Password = 'Another-horse-8-battery'
    await iam.send(new UpdateLoginProfileCommand({ UserName: alice.name, Password }))
    await page.reload()
    await expect(page).toHaveURL(/\/sign-in/)
    await page.getByLabel('Account ID').fill(server.accountId)
    await page.getByLabel('IAM user name').fill(alice.name)
    await page.getByLabel('Password', { exact: true }).fill(alice.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByText('The account ID, the name or the password is not right.')).toBeVisible()
    await signIn(page, server, { name: alice.name, password: Password })
  })
})

/** Reads a repository by git, by the API and in the console's page, once each: allowed or refused. */
async function reads({ alice, repository, page, server }: { alice: TestUser; repository: TestRepository; page: Page; server: RunningServer }, allowed: boolean): Promise<void> {
  const listed = await alice.git.run(['ls-remote', repository.cloneUrlHttp])
  expect(listed.code === 0, listed.stderr).toBe(allowed)
  const got = alice.aws(home).codecommit.send(new GetRepositoryCommand({ repositoryName: repository.name }))
  if (allowed) await got
  else expect((await refusalOf(got)).name).toBe('AccessDeniedException')
  await page.goto(`${server.origin}/codecommit/repositories/${repository.name}?region=${home}`)
  const refused = page.getByText('You may not do this: codecommit:GetRepository was refused')
  if (allowed) await expect(page.getByRole('heading', { level: 1, name: repository.name })).toBeVisible()
  await expect(refused).toHaveCount(allowed ? 0 : 1)
}
