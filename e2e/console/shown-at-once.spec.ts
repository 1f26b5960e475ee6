import { ListAccessKeysCommand } from '@aws-sdk/client-iam'
import { CreateKeyCommand, DescribeKeyCommand, ListResourceTagsCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms'
import type { Page, Route } from '@playwright/test'
import { paths } from '../../app/paths.ts'
import { expect, test } from '../fixtures.ts'
import { home } from '../regions.ts'
import { signIn } from '../sign-in.ts'

const administrator = { Sid: 'Administrator', Effect: 'Allow', Action: '*', Resource: '*' }

test.describe('What is safe to take back is shown at once, before the server has answered', () => {
  test('tags, state and description of a key; an access key made inactive and active', async ({ page, server, asUser, asRoot }) => {
    const { kms, iam } = asRoot(home)
    const alice = await asUser({ allow: [administrator] })
    const KeyId = (await kms.send(new CreateKeyCommand({ Description: 'before', Tags: [{ TagKey: 'team', TagValue: 'web' }] }))).KeyMetadata?.KeyId ?? ''
    const tags = async () => (await kms.send(new ListResourceTagsCommand({ KeyId }))).Tags?.map(({ TagKey }) => TagKey)
    const main = page.getByRole('main')
    const dialog = page.getByRole('dialog')
    await signIn(page, server, alice)

    await page.goto(server.origin + paths.kmsKey(home, KeyId, 'tags'))
    let answer = await holdActions(page)
    await page.getByRole('button', { name: 'Remove the tag team' }).click()
    await expect(main.getByText('No tags')).toBeVisible()
    expect(await tags()).toEqual(['team'])
    await answer()
    await expect(page.getByText('Tag removed', { exact: true })).toBeVisible()
    await expect(main.getByText('No tags')).toBeVisible()
    expect(await tags()).toEqual([])
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(main.getByRole('term').filter({ hasText: 'team' })).toBeVisible()

    answer = await holdActions(page)
    await page.getByRole('button', { name: 'Key actions' }).click()
    await page.getByRole('menuitem', { name: 'Disable', exact: true }).click()
    await dialog.getByRole('button', { name: 'Disable', exact: true }).click()
    await expect(dialog).toHaveCount(0)
    await expect(main.getByText('Disabled', { exact: true })).toBeVisible()
    expect((await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState).toBe('Enabled')
    await answer()
    await expect(page.getByText('The key is disabled', { exact: true })).toBeVisible()
    await expect(main.getByText('Disabled', { exact: true })).toBeVisible()

    answer = await holdActions(page)
    await page.getByRole('button', { name: 'Edit description' }).click()
    await dialog.getByLabel('Description').fill('after')
    await dialog.getByRole('button', { name: 'Save changes' }).click()
    await expect(main.getByText('after', { exact: true })).toBeVisible()
    expect((await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.Description).toBe('before')
    await answer()
    await expect(page.getByText('Description saved', { exact: true })).toBeVisible()
    expect((await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata).toMatchObject({ Description: 'after', KeyState: 'Disabled' })

    const { accessKeyId } = alice.accessKey
    const status = async () => (await iam.send(new ListAccessKeysCommand({ UserName: alice.name }))).AccessKeyMetadata?.[0]?.Status
    await page.goto(server.origin + paths.user(alice.name, 'security-credentials'))
    const row = page.getByRole('listitem').filter({ hasText: accessKeyId })
    await row.getByRole('button', { name: 'Make inactive' }).click()
    await dialog.getByRole('button', { name: 'Make inactive' }).click()
    await expect(page.getByText('Access key made inactive', { exact: true })).toBeVisible()
    answer = await holdActions(page)
    await row.getByRole('button', { name: 'Make active' }).click()
    await expect(row.getByText('Active', { exact: true })).toBeVisible()
    expect(await status()).toBe('Inactive')
    await answer()
    await expect(page.getByText('Access key made active', { exact: true })).toBeVisible()
    expect(await status()).toBe('Active')
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
  })

  test('where it is refused the page is as before, and says why in AWS’s words', async ({ page, server, asUser, asRoot }) => {
    const { kms } = asRoot(home)
    const bob = await asUser({ name: 'bob', allow: [administrator] })
    const KeyId = (await kms.send(new CreateKeyCommand({ Description: 'before', Tags: [{ TagKey: 'team', TagValue: 'web' }] }))).KeyMetadata?.KeyId ?? ''
    const main = page.getByRole('main')
    const dialog = page.getByRole('dialog')
    await signIn(page, server, bob)
    const refused = (action: string) => expect(main.getByText(`${bob.arn} is not authorized to perform: ${action} on resource: `)).toContainText(' with an explicit deny in an identity-based policy')

    // Allowed when the pages were opened, and so offered; no longer when it is done.
    await page.goto(server.origin + paths.kmsKey(home, KeyId, 'tags'))
    await bob.attach('inline policy', 'HandsOff', { Sid: 'HandsOff', Effect: 'Deny', Action: ['kms:UntagResource', 'kms:DisableKey', 'kms:UpdateKeyDescription'], Resource: '*' })
    let answer = await holdActions(page)
    await page.getByRole('button', { name: 'Remove the tag team' }).click()
    await expect(main.getByText('No tags')).toBeVisible()
    await answer()
    await expect(main.getByRole('term').filter({ hasText: 'team' })).toBeVisible()
    await refused('kms:UntagResource')
    expect((await kms.send(new ListResourceTagsCommand({ KeyId }))).Tags).toHaveLength(1)

    answer = await holdActions(page)
    await page.getByRole('button', { name: 'Edit description' }).click()
    await dialog.getByLabel('Description').fill('not by me')
    await dialog.getByRole('button', { name: 'Save changes' }).click()
    await expect(main.getByText('not by me')).toBeVisible()
    await answer()
    await expect(main.getByText('before', { exact: true })).toBeVisible()
    await expect(main.getByText('not by me')).toHaveCount(0)
    await refused('kms:UpdateKeyDescription')

    answer = await holdActions(page)
    await page.getByRole('button', { name: 'Key actions' }).click()
    await page.getByRole('menuitem', { name: 'Disable', exact: true }).click()
    await dialog.getByRole('button', { name: 'Disable', exact: true }).click()
    await expect(main.getByText('Disabled', { exact: true })).toBeVisible()
    await answer()
    await expect(main.getByText('Enabled', { exact: true })).toBeVisible()
    await refused('kms:DisableKey')
    expect((await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata).toMatchObject({ Description: 'before', KeyState: 'Enabled' })

    await page.goto(server.origin + paths.user(bob.name, 'security-credentials'))
    const row = page.getByRole('listitem').filter({ hasText: bob.gitCredentials.userName })
    await bob.attach('inline policy', 'NotThese', { Sid: 'NotThese', Effect: 'Deny', Action: 'iam:UpdateServiceSpecificCredential', Resource: '*' })
    await row.getByRole('button', { name: 'Make inactive' }).click()
    answer = await holdActions(page)
    await dialog.getByRole('button', { name: 'Make inactive' }).click()
    await expect(row.getByText('Inactive', { exact: true })).toBeVisible()
    await answer()
    await expect(row.getByText('Active', { exact: true })).toBeVisible()
    await refused('iam:UpdateServiceSpecificCredential')
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
  })
})

/** Holds back whatever action the page asks for from now on; gives what lets it through. */
async function holdActions(page: Page): Promise<() => Promise<void>> {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  const hold = async (route: Route): Promise<void> => {
    if (route.request().headers()['next-action'] !== undefined) await opened
    await route.fallback()
  }
  await page.route('**/*', hold)
  return async () => {
    open()
    await page.unroute('**/*', hold)
  }
}
