import { CreateAliasCommand, CreateKeyCommand } from '@aws-sdk/client-kms'
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { named } from '../named.ts'
import { home } from '../regions.ts'
import { signIn } from '../sign-in.ts'

test.describe('Command palette', () => {
  test('every page, repository, key, user and action by a few letters, and an identifier goes straight to what it names', async ({ page, server, asUser, asRoot, makeRepository }) => {
    const alice = await asUser({ allow: [{ Effect: 'Allow', Action: '*', Resource: '*' }] })
    const repository = await makeRepository({ noun: 'palette' })
    const work = await alice.git.makeRepository('work', { 'a.txt': 'a' })
    await alice.git.git(['push', repository.cloneUrlHttp, 'main'], { cwd: work })
    const commitId = (await alice.git.git(['rev-parse', 'main'], { cwd: work })).trim()
    const { kms, cloudtrail } = asRoot(home)
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
    const alias = named('palette')
    await kms.send(new CreateAliasCommand({ AliasName: `alias/${alias}`, TargetKeyId: KeyMetadata?.KeyId }))
    const { Events } = await cloudtrail.send(new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'GitPush' }], MaxResults: 1 }))
    const eventId = Events?.[0]?.EventId ?? ''

    await signIn(page, server, alice)
    await page.goto(`${server.origin}/codecommit/repositories?region=${home}`)
    const box = page.getByRole('combobox', { name: /Page, repository, key, user or action/ })
    const option = (name: string | RegExp) => page.getByRole('option', { name })

    await (await open(page)).fill('event hist')
    await expect(option(/^Event history/)).toHaveAttribute('aria-selected', 'true')
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/\/cloudtrail\/events/)

    await (await open(page)).fill('create rep')
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/\/codecommit\/repositories\/create/)

    for (const [text, url] of [
      [repository.name, `/codecommit/repositories/${repository.name}`],
      [alias, `/iam/encryption-keys/${home}/${KeyMetadata?.KeyId ?? ''}`],
      [alice.name, `/iam/users/${alice.name}`],
    ] as const) {
      await (await open(page)).fill(text)
      await expect(option(new RegExp(`^${text}`)).first()).toBeVisible()
      await page.keyboard.press('Enter')
      await expect(page).toHaveURL((at) => at.pathname === url)
    }

    await page.goto(`${server.origin}/codecommit/repositories?region=${home}`)
    for (const [identifier, url] of [
      [repository.id, `/codecommit/repositories/${repository.name}`],
      [repository.arn, `/codecommit/repositories/${repository.name}`],
      [KeyMetadata?.KeyId ?? '', `/iam/encryption-keys/${home}/${KeyMetadata?.KeyId ?? ''}`],
      [KeyMetadata?.Arn ?? '', `/iam/encryption-keys/${home}/${KeyMetadata?.KeyId ?? ''}`],
      [alice.arn, `/iam/users/${alice.name}`],
      [eventId, `/cloudtrail/events/${eventId}`],
    ] as const) {
      await paste(page, identifier)
      await expect(page).toHaveURL((at) => at.pathname === url)
    }
    // A commit is found in the repository that is open.
    await page.goto(`${server.origin}/codecommit/repositories/${repository.name}/branches?region=${home}`)
    await paste(page, commitId)
    await expect(page).toHaveURL((at) => at.pathname === `/codecommit/repositories/${repository.name}/commits/${commitId}`)

    await paste(page, '00000000-0000-4000-8000-000000000000')
    await expect(page.getByText('Nothing of that name or ID that you may see')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(box).toHaveCount(0)
  })

  test('who may see none of them finds none, and is not recorded as refused for having typed', async ({ page, server, asUser, asRoot, makeRepository }) => {
    const { name, id, arn } = await makeRepository({ noun: 'palette' })
    const bob = await asUser({ name: 'bob', allow: [] })
    await signIn(page, server, bob)
    await page.goto(`${server.origin}/codecommit/repositories/create?region=${home}`)
    const events = async () =>
      (await asRoot(home).cloudtrail.send(new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'Username', AttributeValue: bob.name }], MaxResults: 50 }))).Events?.length
    const before = await events()
    for (const text of [name, id, arn]) {
      await (await open(page)).fill(text)
      await expect(page.getByRole('status').getByText('Nothing of that name or ID that you may see')).toBeVisible()
      await expect(page.getByRole('option')).toHaveCount(0)
      await page.keyboard.press('Escape')
    }
    expect(await events()).toBe(before)
  })
})

async function paste(page: Page, text: string): Promise<void> {
  const box = await open(page)
  await box.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', pasted)
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, text)
}

/** The palette, open. A page that has not come alive yet hears no key: it is asked again. */
async function open(page: Page): Promise<Locator> {
  const box = page.getByRole('combobox', { name: /Page, repository/ })
  // One that is on its way out is not the one that is asked for.
  await expect(box).toHaveCount(0)
  await expect(async () => {
    if (!(await box.isVisible())) await page.keyboard.press('Control+k')
    await expect(box).toBeFocused({ timeout: 3000 })
  }).toPass({ timeout: 30_000 })
  return box
}
