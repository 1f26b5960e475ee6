import { DescribeKeyCommand, ListKeysCommand } from '@aws-sdk/client-kms'
import { expect, test } from '../fixtures.ts'
import { named } from '../named.ts'
import { home, ownRegions } from '../regions.ts'
import { signIn, signInAsRoot } from '../sign-in.ts'

const administrator = { Sid: 'Administrator', Effect: 'Allow', Action: '*', Resource: '*' }

test.describe('Rule 8: In the console: sign in, IAM, Encryption keys, Get Started Now on the first visit, a Region filter of its own, the list of keys of that Region, aws/codecommit, its basic information', () => {
  test('from signing in to the key that the first repository made', async ({ page, server, asUser, asRoot }) => {
    const region = ownRegions.walk
    const alice = await asUser({ allow: [administrator] })
    await signIn(page, server, alice)

    // The console says what a first repository will do, before it does it.
    await page.goto(`${server.origin}/codecommit/repositories/create?region=${region}`)
    await expect(page.getByText('CodeCommit will create the key aws/codecommit')).toBeVisible()
    const repositoryName = named('walk')
    await page.getByLabel('Repository name').fill(repositoryName)
    await page.getByLabel('Description').fill('Walked to')
    await page.getByRole('button', { name: 'Create', exact: true }).click()
    await expect(page.getByRole('heading', { level: 1, name: repositoryName })).toBeVisible()
    expect((await asRoot(region).kms.send(new ListKeysCommand({}))).Keys).toHaveLength(1)
    const { KeyMetadata } = await asRoot(region).kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/codecommit' }))

    // Services, IAM, Encryption keys.
    await page.getByRole('banner').getByRole('button', { name: /CodeCommit|Services/ }).click()
    await page.getByRole('menuitem', { name: /IAM/ }).or(page.getByRole('link', { name: /IAM/ })).first().click()
    await expect(page).toHaveURL(/\/iam/)
    await page.getByRole('navigation').getByRole('link', { name: /Encryption keys/ }).click()

    // The first visit, and only the first.
    await page.getByRole('button', { name: 'Get Started Now' }).click()
    const table = page.getByRole('table', { name: 'Encryption keys' })
    const filter = page.getByLabel('Filter: Region')
    await expect(filter).toBeVisible()

    // The list is of the filter's Region: a Region of its own, not the console's.
    await filter.selectOption({ value: 'me-south-1' })
    await expect(page.getByText('No keys in Middle East (Bahrain)')).toBeVisible()
    await filter.selectOption({ value: region })
    const row = table.getByRole('row', { name: /aws\/codecommit/ })
    await expect(row).toBeVisible()
    await expect(page).toHaveURL(new RegExp(`region=${region}`))
    await expect(row.getByText(KeyMetadata?.KeyId ?? '')).toBeVisible()
    await expect(row.getByText('Enabled')).toBeVisible()
    await expect(table.getByRole('row')).toHaveCount(2)

    await row.getByRole('link', { name: 'aws/codecommit' }).click()
    await expect(page.getByRole('heading', { level: 1, name: /aws\/codecommit/ })).toBeVisible()
    const main = page.getByRole('main')
    for (const fact of [KeyMetadata?.KeyId ?? '', KeyMetadata?.Arn ?? '', 'Enabled', 'AWS_KMS', 'ENCRYPT_DECRYPT', 'Europe (Frankfurt)', KeyMetadata?.Description ?? '']) {
      await expect(main.getByText(fact).first()).toBeVisible()
    }
    await page.getByRole('link', { name: 'Key policy' }).click()
    await expect(main.getByText('kms:ViaService').first()).toBeVisible()
    await expect(main.getByText('auto-codecommit-2').first()).toBeVisible()

    await page.goto(`${server.origin}/iam/encryption-keys`)
    await expect(page.getByRole('table', { name: 'Encryption keys' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Get Started Now' })).toHaveCount(0)
  })

  test('a text narrows the list by alias or key ID; a user who may not list keys reads which action is not allowed', async ({ page, server, asUser, makeRepository, asRoot }) => {
    await makeRepository()
    const { KeyMetadata } = await asRoot().kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/codecommit' }))
    const alice = await asUser({ allow: [administrator] })
    await signIn(page, server, alice)
    const list = `${server.origin}/iam/encryption-keys?region=${home}`
    for (const text of ['codecommit', KeyMetadata?.KeyId?.slice(0, 13) ?? '']) {
      await page.goto(list)
      await page.getByRole('searchbox', { name: 'Find keys by alias or key ID' }).fill(text)
      await page.keyboard.press('Enter')
      await expect(page).toHaveURL(/filter=/)
      await expect(page.getByRole('table', { name: 'Encryption keys' }).getByRole('row', { name: /aws\/codecommit/ })).toBeVisible()
      await expect(page.getByRole('table', { name: 'Encryption keys' }).getByRole('row')).toHaveCount(2)
    }
    await page.goto(`${list}&filter=no-such-key-anywhere`)
    await expect(page.getByText('No key in US East (Ohio) has that in its alias or ID')).toBeVisible()

    const bob = await asUser({ name: 'bob' })
    await page.context().clearCookies()
    await signIn(page, server, bob)
    await page.goto(list)
    await expect(page.getByRole('main').getByText('kms:ListKeys').or(page.getByRole('main').getByText('kms:ListAliases')).first()).toBeVisible()
    await expect(page.getByRole('main').getByText(KeyMetadata?.KeyId ?? '-')).toHaveCount(0)
  })
})

test.describe('Rule 9: Nobody can change or delete that key. The console shows why; the API refuses', () => {
  for (const who of ['the root user', 'an administrator']) {
    test(`to ${who} every action on aws/codecommit is closed, and says why`, async ({ page, server, asUser, makeRepository, asRoot }) => {
      await makeRepository()
      const { KeyMetadata } = await asRoot().kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/codecommit' }))
      if (who === 'the root user') await signInAsRoot(page, server)
      else await signIn(page, server, await asUser({ allow: [administrator] }))

      await page.goto(`${server.origin}/iam/encryption-keys?region=${home}&filter=aws/codecommit`)
      const box = page.getByRole('row', { name: /aws\/codecommit/ }).getByRole('checkbox')
      await expect(box).toHaveAttribute('aria-disabled', 'true').catch(() => expect(box).toBeDisabled())

      await page.goto(`${server.origin}/iam/encryption-keys/${home}/${KeyMetadata?.KeyId ?? ''}`)
      await expect(page.getByText('AWS manages this key', { exact: true })).toBeVisible()
      await expect(page.getByText('its key policy lets nobody change it, rotate it, use it directly or delete it, the root user included')).toBeVisible()
      // Not a sentence written beforehand: the answer that each call would get. And on the page itself, not only in a hint beside a button.
      for (const action of ['kms:DisableKey', 'kms:ScheduleKeyDeletion', 'kms:UpdateKeyDescription', 'kms:PutKeyPolicy', 'kms:TagResource']) {
        await expect(page.getByRole('main').getByText(new RegExp(`no resource-based policy allows the ${action} action`, 'i')).filter({ visible: true }).first()).toBeVisible()
      }
      await page.getByRole('button', { name: 'Key actions' }).click()
      for (const name of ['Disable', 'Schedule key deletion', 'Cancel key deletion']) {
        const item = page.getByRole('menuitem', { name: new RegExp(`^${name}`) })
        await expect(item).toHaveAttribute('aria-disabled', 'true')
      }
      await page.keyboard.press('Escape')
      for (const tab of ['Key policy', 'Tags', 'Key rotation', 'Aliases']) {
        await page.getByRole('link', { name: tab, exact: true }).click()
        // Of this tab, not of the one before.
        await expect(page.getByRole('heading', { level: 2, name: tab === 'Key rotation' ? 'Automatic rotation' : tab, exact: true })).toBeVisible()
        await expect(page.getByRole('main').getByText(/no resource-based policy allows/i).filter({ visible: true }).first()).toBeVisible()
      }
    })
  }
})
