import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DeactivateMFADeviceCommand, DeleteAccessKeyCommand, DeleteGroupCommand, DeleteLoginProfileCommand, DeletePolicyCommand, DeleteVirtualMFADeviceCommand, DetachGroupPolicyCommand, GetUserCommand, ListAccessKeysCommand, ListMFADevicesCommand } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import type { Page } from '@playwright/test'
import { awsClients, refusalOf } from '../aws-clients.ts'
import { expect, test } from '../fixtures.ts'
import { named } from '../named.ts'
import { home } from '../regions.ts'
import { signIn } from '../sign-in.ts'
import { totpCode } from '../totp.ts'

const administrator = { Sid: 'Administrator', Effect: 'Allow', Action: '*', Resource: '*' }

test.describe('IAM: users, groups and policies', () => {
  test('an administrator makes a user, a group and a policy; the user signs in and may do what the group’s policy says, and no longer once they have left it', async ({ page, server, browser, asUser, asRoot, makeRepository }) => {
    const { iam } = asRoot('us-east-1')
    const repository = await makeRepository()
    const [UserName, GroupName, PolicyName] = [named('carol'), named('readers'), named('Read')]
    const Password = 'Correct-horse-7-battery'
    await signIn(page, server, await asUser({ allow: [administrator] }))

    await page.goto(`${server.origin}/iam/users/create`)
    await page.getByLabel('User name').fill(UserName)
    await page.getByLabel('Console password').fill(Password)
    await page.getByRole('button', { name: 'Create user' }).click()
    await expect(page.getByRole('heading', { level: 1, name: UserName })).toBeVisible()

    await page.goto(`${server.origin}/iam/policies/create`)
    await page.getByLabel('Policy name').fill(PolicyName)
    const plain = page.getByRole('textbox', { name: 'Policy document' })
    await plain.click()
    await expect(page.locator('.cm-content')).toBeVisible()
    await page.locator('.cm-content').click()
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText(JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: 'Reads', Effect: 'Allow', Action: ['codecommit:Get*', 'codecommit:List*', 'codecommit:BatchGet*'], Resource: '*' }] }))
    await page.getByRole('button', { name: 'Create policy' }).click()
    await expect(page.getByRole('heading', { level: 1, name: PolicyName })).toBeVisible()
    const PolicyArn = `arn:aws:iam::${server.accountId}:policy/${PolicyName}`

    await page.goto(`${server.origin}/iam/groups`)
    await page.getByRole('button', { name: 'Create group' }).click()
    await page.getByLabel('Group name').fill(GroupName)
    await page.getByRole('dialog').getByRole('button', { name: 'Create group' }).click()
    await expect(page.getByRole('heading', { level: 1, name: GroupName })).toBeVisible()
    await page.getByRole('button', { name: 'Add user' }).click()
    await page.getByLabel('User name').fill(UserName)
    await page.getByRole('dialog').getByRole('button', { name: 'Add user' }).click()
    await expect(page.getByRole('table', { name: 'Users' }).getByRole('link', { name: UserName })).toBeVisible()
    await page.getByRole('button', { name: 'Attach policy' }).click()
    await page.getByLabel('Managed policy').selectOption(PolicyArn)
    await page.getByRole('dialog').getByRole('button', { name: 'Attach policy' }).click()
    await expect(page.getByRole('table', { name: 'Policies' }).getByRole('link', { name: PolicyName })).toBeVisible()
    await page.goto(`${server.origin}/iam/users/${UserName}`)
    await expect(page.getByRole('row', { name: new RegExp(PolicyName) }).getByText(`By group ${GroupName}`)).toBeVisible()

    const theirs = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage()
    await signIn(theirs, server, { name: UserName, password: Password })
    await theirs.goto(`${server.origin}/codecommit/repositories/${repository.name}?region=${home}`)
    await expect(theirs.getByRole('heading', { level: 1, name: repository.name })).toBeVisible()
    await page.goto(`${server.origin}/iam/groups/${GroupName}`)
    await page.getByRole('row', { name: new RegExp(UserName) }).getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove from group' }).click()
    await expect(page.getByText('No users in this group')).toBeVisible()
    await theirs.reload()
    await expect(theirs.getByText('You may not do this: codecommit:GetRepository was refused')).toBeVisible()
    await theirs.context().close()

    // What still belongs to a user is named, and removed first.
    await page.goto(`${server.origin}/iam/users/${UserName}`)
    await page.getByRole('button', { name: 'Delete user' }).click()
    await page.getByRole('dialog').getByRole('textbox').fill(UserName)
    await page.getByRole('dialog').getByRole('button', { name: 'Delete user' }).click()
    await expect(page.getByRole('dialog').getByText('Cannot delete entity, must remove referenced objects first.').first()).toBeVisible()
    await iam.send(new DeleteLoginProfileCommand({ UserName }))
    await page.getByRole('dialog').getByRole('button', { name: 'Delete user' }).click()
    await expect(page).toHaveURL(/\/iam\/users$/)
    expect((await refusalOf(iam.send(new GetUserCommand({ UserName })))).name).toContain('NoSuchEntity')
    await iam.send(new DetachGroupPolicyCommand({ GroupName, PolicyArn }))
    await iam.send(new DeleteGroupCommand({ GroupName }))
    await iam.send(new DeletePolicyCommand({ PolicyArn }))
  })

  test('a user who may do nothing in IAM sees nobody, and makes neither a user, a group nor a policy: each says which action', async ({ page, server, asUser, asRoot }) => {
    const { iam } = asRoot('us-east-1')
    const alice = await asUser()
    const bob = await asUser({ name: 'bob' })
    await signIn(page, server, bob)
    const main = page.getByRole('main')
    for (const [path, action] of [
      ['/iam/users', 'iam:ListUsers'],
      ['/iam/groups', 'iam:ListGroups'],
      ['/iam/policies', 'iam:ListPolicies'],
      [`/iam/users/${alice.name}`, 'iam:GetUser'],
    ] as const) {
      await page.goto(server.origin + path)
      await expect(main.getByText(`You may not do this: ${action} was refused`).first()).toBeVisible()
      // The refusal names what was asked for, and nothing is there that only its row knows.
      await expect(main.getByRole('table')).toHaveCount(0)
    }
    const UserName = named('eve')
    await page.goto(`${server.origin}/iam/users/create`)
    await page.getByLabel('User name').fill(UserName)
    await page.getByRole('button', { name: 'Create user' }).click()
    await expect(main.getByText(`${bob.arn} is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::${server.accountId}:user/${UserName} because no identity-based policy allows the iam:CreateUser action`)).toBeVisible()
    expect((await refusalOf(iam.send(new GetUserCommand({ UserName })))).name).toContain('NoSuchEntity')
    await page.goto(`${server.origin}/iam/groups`)
    await page.getByRole('button', { name: 'Create group' }).click()
    await page.getByLabel('Group name').fill(UserName)
    await page.getByRole('dialog').getByRole('button', { name: 'Create group' }).click()
    await expect(page.getByRole('dialog').getByText('You may not do this: iam:CreateGroup was refused')).toBeVisible()
    // Nor does one give oneself what one has not.
    await page.goto(`${server.origin}/iam/users/${bob.name}/create-policy`)
    await page.getByLabel('Policy name').fill('Everything')
    await page.getByRole('button', { name: 'Create policy' }).click()
    await expect(main.getByText('You may not do this: iam:PutUserPolicy was refused')).toBeVisible()
  })
})

test.describe('My security credentials', () => {
  const own = { Sid: 'Own', Effect: 'Allow', Action: ['iam:*AccessKey*', 'iam:*ServiceSpecificCredential*', 'iam:*SSHPublicKey*', 'iam:*MFADevice*', 'iam:ChangePassword'], Resource: ['arn:aws:iam::*:user/${aws:username}', 'arn:aws:iam::*:mfa/*'] }

  test('access keys, Git credentials, SSH public keys and the password of oneself: each works once made, and no longer once it is taken away', async ({ page, server, asUser, asRoot, makeRepository, makeGit }) => {
    const { iam } = asRoot('us-east-1')
    const { cloneUrlHttp } = await makeRepository()
    const alice = await asUser({ allow: [own, { Sid: 'Git', Effect: 'Allow', Action: 'codecommit:*', Resource: '*' }] })
    await signIn(page, server, alice)
    await page.goto(`${server.origin}/iam/security-credentials`)

    // A second access key; the secret is shown once.
    await page.getByRole('button', { name: 'Create access key' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Create access key' }).click()
    const [accessKeyId = '', secretAccessKey = ''] = await shownOnce(page)
    const { sts } = awsClients(server, { accessKeyId, secretAccessKey }, home)
    expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(alice.arn)
    await expect(page.getByText(secretAccessKey)).toHaveCount(0)
    const keyRow = page.getByRole('listitem').filter({ hasText: accessKeyId })
    await keyRow.getByRole('button', { name: 'Make inactive' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Make inactive' }).click()
    await expect(keyRow.getByText('Inactive', { exact: true })).toBeVisible()
    expect((await refusalOf(sts.send(new GetCallerIdentityCommand({})))).name).toContain('InvalidClientTokenId')
    await iam.send(new DeleteAccessKeyCommand({ UserName: alice.name, AccessKeyId: accessKeyId }))

    await page.getByRole('button', { name: 'Generate credentials' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Generate' }).click()
    const [gitUser = '', gitPassword = ''] = await shownOnce(page)
    const git = makeGit()
    git.signIn(gitUser, gitPassword)
    await git.git(['ls-remote', cloneUrlHttp])
    const gitRow = page.getByRole('listitem').filter({ hasText: gitUser })
    await gitRow.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await expect(gitRow).toHaveCount(0)
    expect((await git.run(['ls-remote', cloneUrlHttp])).stderr).toContain('403')

    const file = join(alice.git.home, 'id_rsa')
    execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-b', '3072', '-N', '', '-f', file])
    await page.getByRole('button', { name: 'Upload SSH public key' }).click()
    await page.getByRole('dialog').getByLabel('Public key').fill(readFileSync(`${file}.pub`, 'utf8'))
    await page.getByRole('dialog').getByRole('button', { name: 'Upload' }).click()
    const sshRow = page.getByRole('listitem').filter({ hasText: /APKA/ })
    await expect(sshRow.getByText('Active', { exact: true })).toBeVisible()
    await sshRow.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await expect(sshRow).toHaveCount(0)

    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByLabel('Current password').fill('not-the-password-1A')
    await page.getByLabel('New password').fill('Another-horse-8-battery')
    await page.getByRole('dialog').getByRole('button', { name: 'Change password' }).click()
    await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible()
    await page.getByLabel('Current password').fill(alice.password)
    await page.getByRole('dialog').getByRole('button', { name: 'Change password' }).click()
    // Whoever knew the old one is out, and so is this session.
    await expect(page).toHaveURL(/\/sign-in/)
    await signIn(page, server, { name: alice.name, password: 'Another-horse-8-battery' })
  })

  test('MFA: a device by its QR code or its key; from then on a sign-in asks for its code, takes no wrong one, and none twice', async ({ page, server, asUser, asRoot }) => {
    const { iam } = asRoot('us-east-1')
    const alice = await asUser({ allow: [own] })
    await signIn(page, server, alice)
    await page.goto(`${server.origin}/iam/security-credentials`)
    await page.getByRole('button', { name: 'Assign MFA device' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Device name').fill(`${alice.name}-phone`)
    await dialog.getByRole('button', { name: 'Continue' }).click()
    await expect(dialog.getByRole('img', { name: /^QR code of the secret key/ })).toBeVisible()
    const secret = await dialog.getByRole('region', { name: 'secret key' }).innerText()
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    await dialog.getByLabel('MFA code 1').fill('000000')
    await dialog.getByLabel('MFA code 2').fill('000000')
    await dialog.getByRole('button', { name: 'Continue' }).click()
    await expect(dialog.getByRole('alert')).toBeVisible()
    // The secret is still there after the refusal. One code before and the one of now: the next is for signing in.
    await expect(dialog.getByRole('img', { name: /^QR code/ })).toBeVisible()
    let now = Date.now()
    await expect(async () => {
      now = Date.now()
      await dialog.getByLabel('MFA code 1').fill(totpCode(secret, -1, now))
      await dialog.getByLabel('MFA code 2').fill(totpCode(secret, 0, now))
      await dialog.getByRole('button', { name: 'Continue' }).click()
      await expect(dialog).toHaveCount(0, { timeout: 5000 })
    }).toPass()
    const { MFADevices: [device] = [] } = await iam.send(new ListMFADevicesCommand({ UserName: alice.name }))
    await expect(page.getByRole('listitem').filter({ hasText: device?.SerialNumber ?? 'none' })).toBeVisible()

    await page.context().clearCookies()
    await page.goto(`${server.origin}/sign-in`)
    await page.getByLabel('Account ID').fill(server.accountId)
    await page.getByLabel('IAM user name').fill(alice.name)
    await page.getByLabel('Password', { exact: true }).fill(alice.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    // A code that was used, and a wrong one.
    for (const code of [totpCode(secret, 0, now), '000000']) {
      await page.getByLabel('MFA code').fill(code)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await expect(page.getByText('The account ID, the name or the password is not right.')).toBeVisible()
      await expect(page).toHaveURL(/\/sign-in/)
    }
    await page.getByLabel('MFA code').fill(totpCode(secret, 1))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
    await iam.send(new DeactivateMFADeviceCommand({ UserName: alice.name, SerialNumber: device?.SerialNumber }))
    await iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: device?.SerialNumber }))
  })

  test('another user sees none of them and makes none: neither a key, a password nor an MFA device', async ({ page, server, asUser, asRoot }) => {
    const { iam } = asRoot('us-east-1')
    const alice = await asUser()
    const bob = await asUser({ name: 'bob', allow: [own] })
    await signIn(page, server, bob)
    await page.goto(`${server.origin}/iam/users/${alice.name}/security-credentials`)
    const main = page.getByRole('main')
    for (const action of ['iam:ListMFADevices', 'iam:ListServiceSpecificCredentials', 'iam:ListSSHPublicKeys', 'iam:ListAccessKeys', 'iam:GetLoginProfile']) await expect(main.getByText(`You may not do this: ${action} was refused`)).toBeVisible()
    await expect(main.getByText(alice.accessKey.accessKeyId)).toHaveCount(0)
    await page.getByRole('button', { name: 'Create access key' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Create access key' }).click()
    await expect(page.getByRole('dialog').getByText(`${bob.arn} is not authorized to perform: iam:CreateAccessKey on resource: ${alice.arn} because no identity-based policy allows the iam:CreateAccessKey action`)).toBeVisible()
    expect((await iam.send(new ListAccessKeysCommand({ UserName: alice.name }))).AccessKeyMetadata).toHaveLength(1)
  })
})

/** Shows what the dialog hides, reads it, and says that it was kept. */
async function shownOnce(page: Page): Promise<string[]> {
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Show' }).click()
  const values = await dialog.getByRole('definition').locator('code').allInnerTexts()
  await dialog.getByRole('button', { name: 'I have kept it' }).click()
  return values
}
