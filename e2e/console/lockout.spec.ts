import { AttachUserPolicyCommand, CreatePolicyVersionCommand, CreateVirtualMFADeviceCommand, DeletePolicyVersionCommand, DetachUserPolicyCommand, EnableMFADeviceCommand, GetPolicyCommand, GetUserPolicyCommand, ListAttachedUserPoliciesCommand, ListGroupsForUserCommand, ListMFADevicesCommand, RemoveUserFromGroupCommand, UpdateAccessKeyCommand, GetLoginProfileCommand } from '@aws-sdk/client-iam'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { named } from '../named.ts'
import { signIn } from '../sign-in.ts'
import { totpCode } from '../totp.ts'

const administrator = { Sid: 'Administrator', Effect: 'Allow', Action: '*', Resource: '*' }
const lockout = 'You would lock yourself out'

test.describe('Who is about to lock themselves out of IAM is told before it is done, and confirms it by a name', () => {
  test('a policy attached, detached and deleted', async ({ page, server, asUser, asRoot }) => {
    const { iam } = asRoot('us-east-1')
    const alice = await asUser({ allow: [administrator] })
    const keepOut = named('KeepOut')
    await (await asUser({ name: 'bob', allow: [] })).attach('managed policy', keepOut, { Sid: 'KeepOut', Effect: 'Deny', Action: 'iam:*', Resource: '*' })
    await signIn(page, server, alice)
    await page.goto(`${server.origin}/iam/users/${alice.name}`)
    const attached = async () => (await iam.send(new ListAttachedUserPoliciesCommand({ UserName: alice.name }))).AttachedPolicies?.map(({ PolicyName }) => PolicyName)

    // Nothing is chosen for her.
    await page.getByRole('button', { name: 'Attach policy' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Attach policy' }).click()
    await expect(page.getByRole('alert').filter({ hasText: 'Fill this in.' })).toBeVisible()
    expect(await attached()).toEqual([])

    // A Deny that she could not detach again.
    await page.getByLabel('Managed policy').selectOption({ label: keepOut })
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Attach policy' }).click()
    await expect(dialog.getByText(lockout)).toBeVisible()
    await expect(dialog.getByText('You could not take this back: that needs iam:DetachUserPolicy, which you may do now.')).toBeVisible()
    await isHeldBack(page, dialog, 'Attach policy')
    expect(await attached()).toEqual([])
    await dialog.getByRole('button', { name: 'Cancel' }).click()

    // What lets her in, deleted; with a second policy that lets her in too, nothing is warned about.
    await open(page, 'WhatTheStoryNeeds', 'Delete')
    await dialog.getByRole('button', { name: 'Delete policy' }).click()
    await expect(dialog.getByText('You could not take this back: that needs iam:PutUserPolicy, which you may do now.')).toBeVisible()
    await isHeldBack(page, dialog, 'Delete policy')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect((await iam.send(new GetUserPolicyCommand({ UserName: alice.name, PolicyName: 'WhatTheStoryNeeds' }))).PolicyName).toBe('WhatTheStoryNeeds')
    const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
    await iam.send(new AttachUserPolicyCommand({ UserName: alice.name, PolicyArn }))
    await page.reload()
    await open(page, 'AdministratorAccess', 'Detach')
    await dialog.getByRole('button', { name: 'Detach policy' }).click()
    await expect(page.getByText('Policy detached', { exact: true })).toBeVisible()
    expect(await attached()).toEqual([])

    // The name that was typed lets it be done all the same.
    await page.getByRole('button', { name: 'Attach policy' }).click()
    await page.getByLabel('Managed policy').selectOption({ label: keepOut })
    await dialog.getByRole('button', { name: 'Attach policy' }).click()
    await dialog.getByRole('textbox', { name: /^To confirm, type/ }).fill(alice.name)
    await dialog.getByRole('button', { name: 'Attach policy' }).click()
    await expect(page.getByText('Policy attached', { exact: true })).toBeVisible()
    expect(await attached()).toEqual([keepOut])
    await iam.send(new DetachUserPolicyCommand({ UserName: alice.name, PolicyArn: `arn:aws:iam::${server.accountId}:policy/${keepOut}` }))
  })

  test('a group left and its policy detached; another default version, and a version that decides nothing', async ({ page, server, asUser, asRoot }) => {
    const { iam } = asRoot('us-east-1')
    const managed = named('Managed')
    const alice = await asUser({ allow: [] })
    await alice.attach('managed policy of a group', managed, administrator)
    const bob = await asUser({ name: 'bob' })
    const PolicyArn = `arn:aws:iam::${server.accountId}:policy/${managed}`
    const GroupName = (await iam.send(new ListGroupsForUserCommand({ UserName: alice.name }))).Groups?.[0]?.GroupName ?? ''
    for (const Action of ['codecommit:*', 'kms:*']) await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ ...administrator, Action }] }) }))
    await signIn(page, server, alice)
    const dialog = page.getByRole('dialog')

    for (const [path, row, button, submit, undo] of [
      [`groups/${GroupName}`, alice.name, 'Remove', 'Remove from group', 'AddUserToGroup'],
      [`users/${alice.name}/groups`, GroupName, 'Remove', 'Remove from group', 'AddUserToGroup'],
      [`groups/${GroupName}`, managed, 'Detach', 'Detach policy', 'AttachGroupPolicy'],
    ] as const) {
      await page.goto(`${server.origin}/iam/${path}`)
      await open(page, row, button)
      await dialog.getByRole('button', { name: submit }).click()
      await expect(dialog.getByText(`You could not take this back: that needs iam:${undo}, which you may do now.`)).toBeVisible()
      await isHeldBack(page, dialog, submit)
    }
    await dialog.getByRole('button', { name: 'Cancel' }).click()

    // Somebody else is put in and out again: nothing is warned about.
    await page.getByRole('button', { name: 'Add user' }).click()
    await page.getByLabel('User name').fill(bob.name)
    await dialog.getByRole('button', { name: 'Add user' }).click()
    await open(page, bob.name, 'Remove')
    await dialog.getByRole('button', { name: 'Remove from group' }).click()
    await expect(page.getByRole('table', { name: 'Users' }).getByRole('link', { name: bob.name })).toHaveCount(0)

    await page.goto(`${server.origin}/iam/policies/policy?arn=${encodeURIComponent(PolicyArn)}`)
    const version = (id: string) => page.getByRole('list', { name: 'Versions' }).getByRole('listitem').filter({ hasText: id })
    await version('v2').getByRole('button', { name: 'Set as default' }).click()
    await dialog.getByRole('button', { name: 'Set as default' }).click()
    await expect(dialog.getByText('You could not take this back: that needs iam:SetDefaultPolicyVersion, which you may do now.')).toBeVisible()
    await isHeldBack(page, dialog, 'Set as default')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await version('v3').getByRole('button', { name: 'Delete' }).click()
    await dialog.getByRole('button', { name: 'Delete version' }).click()
    await expect(version('v3')).toHaveCount(0)
    expect((await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy?.DefaultVersionId).toBe('v1')
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v2' }))
  })

  test('one’s own password, where no access key is left; before that it is not warned about, nor is another user’s', async ({ page, server, asUser, asRoot }) => {
    const { iam } = asRoot('us-east-1')
    const alice = await asUser({ allow: [administrator] })
    const bob = await asUser({ name: 'bob' })
    await signIn(page, server, alice)
    const dialog = page.getByRole('dialog')
    await page.goto(`${server.origin}/iam/users/${alice.name}/security-credentials`)
    const key = page.getByRole('listitem').filter({ hasText: alice.accessKey.accessKeyId })
    await key.getByRole('button', { name: 'Make inactive' }).click()
    await dialog.getByRole('button', { name: 'Make inactive' }).click()
    await expect(key.getByText('Inactive', { exact: true })).toBeVisible()
    await page.getByRole('button', { name: 'Remove password' }).click()
    await dialog.getByRole('button', { name: 'Remove password' }).click()
    await expect(dialog.getByText('It is the last thing that you could sign in or sign requests with: you could not take this back.')).toBeVisible()
    await isHeldBack(page, dialog, 'Remove password')
    expect((await iam.send(new GetLoginProfileCommand({ UserName: alice.name }))).LoginProfile?.UserName).toBe(alice.name)

    await page.goto(`${server.origin}/iam/users/${bob.name}/security-credentials`)
    await iam.send(new UpdateAccessKeyCommand({ UserName: bob.name, AccessKeyId: bob.accessKey.accessKeyId, Status: 'Inactive' }))
    await page.getByRole('button', { name: 'Remove password' }).click()
    await dialog.getByRole('button', { name: 'Remove password' }).click()
    await expect(page.getByText('None: this user cannot sign in to the console.')).toBeVisible()
    await page.getByRole('button', { name: 'Set password', exact: true }).click()
    await page.getByLabel('Password', { exact: true }).fill(bob.password)
    await dialog.getByRole('button', { name: 'Set password' }).click()
    await expect(page.getByRole('button', { name: 'Remove password' })).toBeVisible()
  })

  test('a group joined whose policy would keep one out of it for good; another may be put into it without a word', async ({ page, server, asUser, asRoot }) => {
    const { iam } = asRoot('us-east-1')
    const alice = await asUser({ allow: [administrator] })
    const bob = await asUser({ name: 'bob' })
    const carol = await asUser({ name: 'carol', allow: [] })
    await carol.attach('group policy', 'KeepOut', { Sid: 'KeepOut', Effect: 'Deny', Action: 'iam:*', Resource: '*' })
    const GroupName = (await iam.send(new ListGroupsForUserCommand({ UserName: carol.name }))).Groups?.[0]?.GroupName ?? ''
    const groups = async (UserName: string) => (await iam.send(new ListGroupsForUserCommand({ UserName }))).Groups?.map((group) => group.GroupName)
    await signIn(page, server, alice)
    const dialog = page.getByRole('dialog')

    await page.goto(`${server.origin}/iam/users/${alice.name}/groups`)
    await page.getByRole('button', { name: 'Add to group' }).click()
    await dialog.getByLabel('Group').selectOption({ label: GroupName })
    await dialog.getByRole('button', { name: 'Add to group' }).click()
    await expect(dialog.getByText('You could not take this back: that needs iam:RemoveUserFromGroup, which you may do now.')).toBeVisible()
    await isHeldBack(page, dialog, 'Add to group')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await page.goto(`${server.origin}/iam/groups/${GroupName}`)
    await page.getByRole('button', { name: 'Add user' }).click()
    await dialog.getByLabel('User name').fill(alice.name)
    await dialog.getByRole('button', { name: 'Add user' }).click()
    await isHeldBack(page, dialog, 'Add user')
    expect(await groups(alice.name)).toEqual([])

    await dialog.getByLabel('User name').fill(bob.name)
    await dialog.getByRole('textbox', { name: /^To confirm, type/ }).fill(GroupName)
    await dialog.getByRole('button', { name: 'Add user' }).click()
    await expect(page.getByRole('table', { name: 'Users' }).getByRole('link', { name: bob.name })).toBeVisible()
    expect(await groups(bob.name)).toEqual([GroupName])
    await iam.send(new RemoveUserFromGroupCommand({ UserName: bob.name, GroupName }))
  })

  test('the MFA device whose code lets one in: without it nobody could assign another', async ({ page, server, asUser, asRoot }) => {
    const { iam } = asRoot('us-east-1')
    const alice = await asUser({ allow: [{ ...administrator, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }] })
    const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: named('phone') }))
    const { SerialNumber = '', Base32StringSeed } = VirtualMFADevice ?? {}
    const secret = new TextDecoder().decode(Base32StringSeed)
    await iam.send(new EnableMFADeviceCommand({ UserName: alice.name, SerialNumber, AuthenticationCode1: totpCode(secret, -1), AuthenticationCode2: totpCode(secret, 0) }))
    await page.goto(`${server.origin}/sign-in`)
    await page.getByLabel('Account ID').fill(server.accountId)
    await page.getByLabel('IAM user name').fill(alice.name)
    await page.getByLabel('Password', { exact: true }).fill(alice.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('MFA code').fill(totpCode(secret, 1))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))

    await page.goto(`${server.origin}/iam/users/${alice.name}/security-credentials`)
    const dialog = page.getByRole('dialog')
    const remove = async () => {
      await page.getByRole('listitem').filter({ hasText: SerialNumber }).getByRole('button', { name: 'Remove' }).click()
      await dialog.getByRole('button', { name: 'Remove' }).click()
    }
    await remove()
    await expect(dialog.getByText('You could not take this back: that needs iam:EnableMFADevice, which you may do now.')).toBeVisible()
    await isHeldBack(page, dialog, 'Remove')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect((await iam.send(new ListMFADevicesCommand({ UserName: alice.name }))).MFADevices).toHaveLength(1)

    // With leave that no device is needed for, it is hers to remove.
    await alice.attach('inline policy', 'Always', administrator)
    await remove()
    await expect(page.getByText('No MFA device: the password alone signs in.')).toBeVisible()
  })

  test('who may not do it at all is refused in AWS’s words, and told nothing of what it would do', async ({ page, server, asUser, asRoot }) => {
    const bob = await asUser({ name: 'bob', allow: [{ Sid: 'Reads', Effect: 'Allow', Action: ['iam:Get*', 'iam:List*'], Resource: '*' }] })
    await signIn(page, server, bob)
    await page.goto(`${server.origin}/iam/users/${bob.name}`)
    await open(page, 'WhatTheStoryNeeds', 'Delete')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Delete policy' }).click()
    await expect(dialog.getByText(`${bob.arn} is not authorized to perform: iam:DeleteUserPolicy on resource: ${bob.arn} because no identity-based policy allows the iam:DeleteUserPolicy action`)).toBeVisible()
    await expect(dialog.getByText(lockout)).toHaveCount(0)
    expect((await asRoot('us-east-1').iam.send(new GetUserPolicyCommand({ UserName: bob.name, PolicyName: 'WhatTheStoryNeeds' }))).PolicyName).toBe('WhatTheStoryNeeds')
  })
})

async function open(page: Page, row: string, button: string): Promise<void> {
  await page.getByRole('row', { name: new RegExp(row) }).getByRole('button', { name: button }).click()
}

/** Neither a click nor Enter does it before the name is typed. */
async function isHeldBack(page: Page, dialog: Locator, submit: string): Promise<void> {
  const button = dialog.getByRole('button', { name: submit })
  await expect(dialog.getByText(lockout)).toBeVisible()
  await expect(button).toHaveAttribute('aria-disabled', 'true')
  await button.click({ force: true })
  await dialog.getByRole('textbox', { name: /^To confirm, type/ }).fill('not its name')
  await page.keyboard.press('Enter')
  await expect(dialog.getByText(lockout)).toBeVisible()
}
