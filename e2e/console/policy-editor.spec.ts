import { DeleteGroupPolicyCommand, DeleteUserPolicyCommand, GetGroupPolicyCommand, GetPolicyCommand, GetUserPolicyCommand, ListGroupPoliciesCommand, ListGroupsForUserCommand } from '@aws-sdk/client-iam'
import { CreateKeyCommand, DescribeKeyCommand, GetKeyPolicyCommand, PutKeyPolicyCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms'
import type { Locator, Page } from '@playwright/test'
import { refusalOf } from '../aws-clients.ts'
import { expect, test } from '../fixtures.ts'
import { home } from '../regions.ts'
import { signIn } from '../sign-in.ts'

const administrator = { Sid: 'Administrator', Effect: 'Allow', Action: '*', Resource: '*' }

const documentOf = (...statements: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2)

test.describe('The policy editor: what is written is checked, shown against what was there, and saved when that is confirmed', () => {
  test('a key policy: actions and condition keys are completed, an error is at its line, the changes are shown before they are saved, and the API has them', async ({ page, server, asUser, asRoot }) => {
    const { kms } = asRoot(home)
    const { KeyId = '', Arn = '' } = (await kms.send(new CreateKeyCommand({ Description: 'edited' }))).KeyMetadata ?? {}
    const alice = await asUser({ allow: [administrator] })
    await signIn(page, server, alice)
    await page.goto(`${server.origin}/kms/keys/${KeyId}?region=${home}`)
    const editor = await openEditor(page)
    const save = page.getByRole('main').getByRole('button', { name: 'Save changes' })

    // Nothing has changed: there is nothing to save, and the button says so.
    await expect(save).toHaveAttribute('aria-disabled', 'true')
    await expect(page.getByText('The document is as it was: there is nothing to save.')).toHaveCount(1)

    // Completion, where the cursor is.
    await replace(page, editor, '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "kms:GenerateDataKeyW')
    await page.keyboard.press('Control+Space')
    await page.getByRole('option', { name: 'kms:GenerateDataKeyWithoutPlaintext' }).click()
    await expect(editor).toContainText('"kms:GenerateDataKeyWithoutPlaintext')
    await replace(page, editor, '{"Statement": [{"Condition": {"StringEquals": {"kms:EncryptionContextK')
    await page.keyboard.press('Control+Space')
    await page.getByRole('option', { name: 'kms:EncryptionContextKeys' }).click()
    await expect(editor).toContainText('"kms:EncryptionContextKeys')

    // An error, at its line, as one types and when one saves all the same.
    await replace(page, editor, documentOf({ Sid: 'Everything', Effect: 'Permit', Principal: { AWS: alice.arn }, Action: 'kms:*', Resource: '*' }))
    await expect(page.getByText(/Statement\[0\]\.Effect, line 6, column/).first()).toBeVisible()
    await expect(page.locator('.cm-lintRange-error')).toHaveText(/"Permit"/)
    await save.click()
    await expect(page.getByRole('alert').filter({ hasText: 'line 6' })).toBeVisible()
    await expect(page.getByRole('dialog')).toHaveCount(0)

    // What has changed, line by line, before it is saved.
    await replace(page, editor, documentOf(accountStatement(server.accountId), { Sid: 'NoDataKeys', Effect: 'Deny', Principal: { AWS: alice.arn }, Action: 'kms:GenerateDataKey', Resource: '*' }))
    await save.click()
    const dialog = page.getByRole('dialog', { name: 'Save these changes?' })
    const changes = dialog.getByRole('region', { name: /^Changes of/ })
    await expect(changes.getByRole('row', { name: /NoDataKeys/ })).toBeVisible()
    await expect(dialog.getByText('You could no longer do kms:GenerateDataKey with this key, which you may now.')).toBeVisible()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect((await kms.send(new GetKeyPolicyCommand({ KeyId }))).Policy).not.toContain('NoDataKeys')
    await save.click()
    await dialog.getByRole('button', { name: 'Save changes' }).click()
    await expect(page.getByText('Key policy saved', { exact: true })).toBeVisible()
    expect((await kms.send(new GetKeyPolicyCommand({ KeyId }))).Policy).toContain('NoDataKeys')
    await expect(save).toHaveAttribute('aria-disabled', 'true')
    expect(Arn).not.toBe('')
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
  })

  test('who is about to lock themselves out of a key is told so, and confirms it a second time by the key’s name, or nothing is saved', async ({ page, server, asUser, asRoot }) => {
    const { kms } = asRoot(home)
    const { KeyId = '' } = (await kms.send(new CreateKeyCommand({ Description: 'locked' }))).KeyMetadata ?? {}
    const alice = await asUser({ allow: [administrator] })
    await signIn(page, server, alice)
    await page.goto(`${server.origin}/kms/keys/${KeyId}?region=${home}`)
    const editor = await openEditor(page)
    await replace(page, editor, documentOf({ Sid: 'SomebodyElse', Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${server.accountId}:root` }, Action: ['kms:DescribeKey', 'kms:ScheduleKeyDeletion'], Resource: '*' }))
    await expect(page.getByText('With this policy you would lock yourself out')).toBeVisible()
    await page.getByRole('main').getByRole('button', { name: 'Save changes' }).click()
    const dialog = page.getByRole('dialog', { name: 'Save these changes?' })
    await expect(dialog.getByText('The new key policy will not allow you to update the key policy in the future.')).toBeVisible()
    await expect(dialog.getByText(/^You could no longer do kms:PutKeyPolicy, .*kms:Encrypt.* with this key, which you may now\.$/)).toBeVisible()
    // Neither a click nor Enter saves it before the name is typed.
    const save = dialog.getByRole('button', { name: 'Save changes' })
    await expect(save).toHaveAttribute('aria-disabled', 'true')
    await save.click({ force: true })
    await dialog.getByRole('textbox', { name: /^To confirm, type/ }).fill('not its name')
    await page.keyboard.press('Enter')
    expect((await kms.send(new GetKeyPolicyCommand({ KeyId }))).Policy).toContain('Enable IAM User Permissions')
    await dialog.getByRole('textbox', { name: /^To confirm, type/ }).fill(KeyId)
    await save.click()
    await expect(page.getByText('Key policy saved', { exact: true })).toBeVisible()
    const refusal = await refusalOf(alice.aws(home).kms.send(new PutKeyPolicyCommand({ KeyId, Policy: documentOf(accountStatement(server.accountId)) })))
    expect(refusal.name).toBe('AccessDeniedException')
    expect((await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState).toBe('Enabled')
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
  })

  test('a user without kms:PutKeyPolicy reads AWS’s words instead of an editor, and is refused with them where the leave goes while they write', async ({ page, server, asUser, asRoot }) => {
    const { kms } = asRoot(home)
    const { KeyId = '', Arn = '' } = (await kms.send(new CreateKeyCommand({ Description: 'guarded' }))).KeyMetadata ?? {}
    const bob = await asUser({ name: 'bob', allow: [{ Sid: 'Reads', Effect: 'Allow', Action: ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:ListAliases'], Resource: '*' }] })
    await signIn(page, server, bob)
    await page.goto(`${server.origin}/kms/keys/${KeyId}?region=${home}`)
    await expect(page.getByText('No identity-based policy allows the kms:PutKeyPolicy action')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Save changes' })).toHaveCount(0)

    const takeAway = await bob.attach('inline policy', 'Puts', { Sid: 'Puts', Effect: 'Allow', Action: 'kms:PutKeyPolicy', Resource: '*' })
    await page.reload()
    const editor = await openEditor(page)
    await takeAway()
    await replace(page, editor, documentOf(accountStatement(server.accountId), { Sid: 'Mine', Effect: 'Allow', Principal: { AWS: bob.arn }, Action: 'kms:*', Resource: '*' }))
    await page.getByRole('button', { name: 'Save changes' }).click()
    const dialog = page.getByRole('dialog', { name: 'Save these changes?' })
    await dialog.getByRole('button', { name: 'Save changes' }).click()
    await expect(dialog.getByText(`${bob.arn} is not authorized to perform: kms:PutKeyPolicy on resource: ${Arn} because no identity-based policy allows the kms:PutKeyPolicy action`)).toBeVisible()
    expect((await kms.send(new GetKeyPolicyCommand({ KeyId }))).Policy).not.toContain(bob.arn)
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
  })

  test('a user’s own inline policy and a version of a managed one: the changes first, and a name to type where they would lock their writer out', async ({ page, server, asUser, asRoot }) => {
    const { iam } = asRoot('us-east-1')
    const alice = await asUser({ allow: [administrator] })
    await signIn(page, server, alice)
    await page.goto(`${server.origin}/iam/users/${alice.name}/policies/WhatTheStoryNeeds`)
    const editor = await openEditor(page)
    const dialog = page.getByRole('dialog', { name: 'Save these changes?' })
    await replace(page, editor, documentOf({ Sid: 'Less', Effect: 'Allow', Action: 'codecommit:*', Resource: '*' }))
    await page.getByRole('main').getByRole('button', { name: 'Save changes' }).click()
    await expect(dialog.getByText(/^You could no longer do iam:PutUserPolicy, .* for yourself, which you may now\.$/)).toBeVisible()
    await expect(dialog.getByRole('button', { name: 'Save changes' })).toHaveAttribute('aria-disabled', 'true')
    await dialog.getByRole('button', { name: 'Cancel' }).click()

    await replace(page, editor, documentOf(administrator, { Sid: 'NotThis', Effect: 'Deny', Action: 'sts:GetCallerIdentity', Resource: '*' }))
    await page.getByRole('main').getByRole('button', { name: 'Save changes' }).click()
    await expect(dialog.getByRole('row', { name: /NotThis/ })).toBeVisible()
    await dialog.getByRole('button', { name: 'Save changes' }).click()
    await expect(page).toHaveURL(new RegExp(`/iam/users/${alice.name}$`))
    const { PolicyDocument = '' } = await iam.send(new GetUserPolicyCommand({ UserName: alice.name, PolicyName: 'WhatTheStoryNeeds' }))
    expect(decodeURIComponent(PolicyDocument)).toContain('NotThis')

    const managed = `Managed-${alice.name}`
    await alice.attach('managed policy', managed, { Sid: 'First', Effect: 'Allow', Action: 'sts:*', Resource: '*' })
    const PolicyArn = `arn:aws:iam::${server.accountId}:policy/${managed}`
    await page.goto(`${server.origin}/iam/policies/policy?arn=${encodeURIComponent(PolicyArn)}`)
    await expect(page.getByRole('button', { name: 'Create version' })).toHaveAttribute('aria-disabled', 'true')
    const versioned = await openEditor(page)
    await replace(page, versioned, documentOf({ Sid: 'LocksOut', Effect: 'Deny', Action: 'iam:*', Resource: '*' }))
    await page.getByRole('button', { name: 'Create version' }).click()
    await expect(dialog.getByRole('row', { name: /LocksOut/ })).toBeVisible()
    await expect(dialog.getByRole('button', { name: 'Create version' })).toHaveAttribute('aria-disabled', 'true')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect((await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy?.DefaultVersionId).toBe('v1')
  })

  test('a group’s inline policy is written, read, changed and deleted on the group’s page, and counts for its users from the next request on', async ({ page, server, asUser, asRoot, makeRepository }) => {
    const { iam } = asRoot('us-east-1')
    const { cloneUrlHttp } = await makeRepository()
    const alice = await asUser({ allow: [administrator] })
    const bob = await asUser({ name: 'bob' })
    await bob.attach('group policy', 'Nothing', { Sid: 'Nothing', Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' })
    await signIn(page, server, alice)
    await page.goto(`${server.origin}/iam/users/${bob.name}/groups`)
    await page.getByRole('main').getByRole('link', { name: /^team-/ }).click()
    const GroupName = await page.getByRole('heading', { level: 1, name: /^team-/ }).innerText()
    expect((await bob.git.run(['ls-remote', cloneUrlHttp])).code).toBe(0)

    await page.getByRole('link', { name: 'Create inline policy' }).click()
    await page.getByLabel('Policy name').fill('KeepOut')
    const editor = await openEditor(page)
    await replace(page, editor, documentOf({ Sid: 'NoPull', Effect: 'Deny', Action: 'codecommit:GitPull', Resource: '*' }))
    await page.getByRole('button', { name: 'Create policy' }).click()
    await expect(page.getByText('Policy KeepOut saved', { exact: true })).toBeVisible()
    const refused = await bob.git.run(['ls-remote', cloneUrlHttp])
    expect(refused.stderr).toContain('with an explicit deny')
    expect(refused.stderr).toContain('NoPull')

    await page.getByRole('table', { name: 'Policies' }).getByRole('link', { name: 'KeepOut' }).click()
    const again = await openEditor(page)
    await expect(again).toContainText('NoPull')
    await replace(page, again, documentOf({ Sid: 'NoPush', Effect: 'Deny', Action: 'codecommit:GitPush', Resource: '*' }))
    await page.getByRole('main').getByRole('button', { name: 'Save changes' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Save changes' }).click()
    await expect(page).toHaveURL(new RegExp(`/iam/groups/${GroupName}$`))
    expect((await bob.git.run(['ls-remote', cloneUrlHttp])).code).toBe(0)
    expect(decodeURIComponent((await iam.send(new GetGroupPolicyCommand({ GroupName, PolicyName: 'KeepOut' }))).PolicyDocument ?? '')).toContain('NoPush')

    await page.getByRole('row', { name: /KeepOut/ }).getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete policy' }).click()
    await expect(page.getByRole('row', { name: /KeepOut/ })).toHaveCount(0)
    expect((await iam.send(new ListGroupPoliciesCommand({ GroupName }))).PolicyNames).toEqual(['Nothing'])

    // Who may not write group policies is refused with AWS's words, and nothing is there.
    await page.context().clearCookies()
    await bob.attach('inline policy', 'Reads', { Sid: 'Reads', Effect: 'Allow', Action: ['iam:Get*', 'iam:List*'], Resource: '*' })
    await signIn(page, server, bob)
    await page.goto(`${server.origin}/iam/groups/${GroupName}/create-policy`)
    await page.getByLabel('Policy name').fill('Escalates')
    const own = await openEditor(page)
    await replace(page, own, documentOf(administrator))
    await page.getByRole('button', { name: 'Create policy' }).click()
    await expect(page.getByText(`${bob.arn} is not authorized to perform: iam:PutGroupPolicy on resource: arn:aws:iam::${server.accountId}:group/${GroupName} because no identity-based policy allows the iam:PutGroupPolicy action`)).toBeVisible()
    expect((await iam.send(new ListGroupPoliciesCommand({ GroupName }))).PolicyNames).toEqual(['Nothing'])
  })

  for (const kind of ['user', 'group'] as const) {
    test(`a new inline policy of a ${kind} under a name that exists: what it replaces is shown, and stays unless that is confirmed`, async ({ page, server, asUser, asRoot }) => {
      const { iam } = asRoot('us-east-1')
      const alice = await asUser({ allow: [administrator] })
      const bob = await asUser({ name: 'bob', allow: [] })
      await bob.attach(kind === 'user' ? 'inline policy' : 'group policy', 'Work', { Sid: 'Before', Effect: 'Allow', Action: 'codecommit:*', Resource: '*' })
      const GroupName = (await iam.send(new ListGroupsForUserCommand({ UserName: bob.name }))).Groups?.[0]?.GroupName ?? ''
      const name = kind === 'user' ? bob.name : GroupName
      const stored = async (PolicyName: string) => {
        const { PolicyDocument = '' } = kind === 'user' ? await iam.send(new GetUserPolicyCommand({ UserName: name, PolicyName })) : await iam.send(new GetGroupPolicyCommand({ GroupName, PolicyName }))
        return decodeURIComponent(PolicyDocument)
      }
      await signIn(page, server, alice)
      await page.goto(`${server.origin}/iam/${kind}s/${name}/create-policy`)
      await page.getByLabel('Policy name').fill('Work')
      await replace(page, await openEditor(page), documentOf({ Sid: 'After', Effect: 'Allow', Action: 'codecommit:*', Resource: '*' }))
      await page.getByRole('button', { name: 'Create policy' }).click()
      const dialog = page.getByRole('dialog', { name: 'Replace the policy Work?' })
      await expect(dialog.getByText(`${name} has an inline policy of this name already: this one takes its place.`)).toBeVisible()
      const changes = dialog.getByRole('region', { name: 'Changes of Work' })
      await expect(changes.getByRole('row', { name: /Before/ })).toBeVisible()
      await expect(changes.getByRole('row', { name: /After/ })).toBeVisible()
      await dialog.getByRole('button', { name: 'Cancel' }).click()
      expect(await stored('Work')).toContain('Before')
      await page.getByRole('button', { name: 'Create policy' }).click()
      await dialog.getByRole('button', { name: 'Replace policy' }).click()
      await expect(page).toHaveURL(new RegExp(`/iam/${kind}s/${name}$`))
      expect(await stored('Work')).toContain('After')

      // A name that is free is asked about no further.
      await page.goto(`${server.origin}/iam/${kind}s/${name}/create-policy`)
      await page.getByLabel('Policy name').fill('Other')
      await page.getByRole('button', { name: 'Create policy' }).click()
      await expect(page).toHaveURL(new RegExp(`/iam/${kind}s/${name}$`))
      expect(await stored('Other')).toContain('CloneAndPush')
      await (kind === 'user' ? iam.send(new DeleteUserPolicyCommand({ UserName: name, PolicyName: 'Other' })) : iam.send(new DeleteGroupPolicyCommand({ GroupName, PolicyName: 'Other' })))

      // Who may write but not read is told that there may be one, and not what it says.
      await alice.attach('inline policy', 'Blind', { Sid: 'Blind', Effect: 'Deny', Action: ['iam:GetUserPolicy', 'iam:GetGroupPolicy'], Resource: '*' })
      await page.goto(`${server.origin}/iam/${kind}s/${name}/create-policy`)
      await page.getByLabel('Policy name').fill('Work')
      await page.getByRole('button', { name: 'Create policy' }).click()
      const blind = page.getByRole('dialog', { name: 'Create this policy?' })
      await expect(blind.getByText(`If ${name} has an inline policy named Work, this one replaces it`)).toBeVisible()
      await expect(blind.getByText(/with an explicit deny in an identity-based policy/)).toBeVisible()
      await expect(blind.getByText('After')).toHaveCount(0)
      await blind.getByRole('button', { name: 'Cancel' }).click()
      expect(await stored('Work')).toContain('After')
    })
  }
})

function accountStatement(accountId: string): object {
  return { Sid: 'Enable IAM User Permissions', Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: 'kms:*', Resource: '*' }
}

/** Turns to the plain field, and waits until the editor has taken its place. */
async function openEditor(page: Page): Promise<Locator> {
  await page.getByRole('textbox', { name: 'Policy document' }).click()
  const editor = page.locator('.cm-content')
  await expect(editor).toBeVisible()
  return editor
}

/** Writes in the place of all that is there, as a paste does: nothing is completed or closed on the way. */
async function replace(page: Page, editor: Locator, text: string): Promise<void> {
  await editor.click()
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText(text)
}
