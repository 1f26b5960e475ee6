import { CreateAliasCommand, CreateKeyCommand, DisableKeyCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms'
import type { Page } from '@playwright/test'
import type { AwsClients } from '../aws-clients.ts'
import { expect, test } from '../fixtures.ts'
import { named } from '../named.ts'
import { home } from '../regions.ts'
import { signIn } from '../sign-in.ts'

const administrator = { Sid: 'Administrator', Effect: 'Allow', Action: '*', Resource: '*' }
const field = (page: Page) => page.getByRole('searchbox', { name: 'Find keys by alias or key ID' })

test.describe('What is chosen while a text is still being typed is not lost, and neither is the text', () => {
  test('a status chosen right after typing: the list is narrowed by both, however slowly its pages come', async ({ page, server, asUser, asRoot }) => {
    const { kms } = asRoot(home)
    const noun = named('twin')
    const [enabled, disabled] = [await makeKey(kms, `${noun}-on`), await makeKey(kms, `${noun}-off`)]
    await kms.send(new DisableKeyCommand({ KeyId: disabled }))
    await signIn(page, server, await asUser({ allow: [administrator] }))
    await page.goto(`${server.origin}/kms/customer-managed-keys?region=${home}`)
    const rows = page.getByRole('table', { name: 'Customer managed keys' }).getByRole('row')

    const answer = await holdAnswers(page)
    await field(page).fill(noun)
    await page.getByRole('combobox', { name: 'Status' }).selectOption('Disabled')
    await page.getByRole('combobox', { name: 'Order' }).selectOption('By key ID')
    await answer()
    await expect(page).toHaveURL((url) => ['filter', 'state', 'sort'].map((name) => url.searchParams.get(name)).join() === `${noun},Disabled,id`)
    await expect(rows).toHaveCount(2)
    await expect(rows.nth(1)).toContainText(`${noun}-off`)

    // And the other way round: a text typed while the status is on its way.
    await page.goto(`${server.origin}/kms/customer-managed-keys?region=${home}`)
    const again = await holdAnswers(page)
    await page.getByRole('combobox', { name: 'Status' }).selectOption('Enabled')
    await field(page).fill(noun)
    await page.keyboard.press('Enter')
    await again()
    await expect(page).toHaveURL((url) => ['filter', 'state'].map((name) => url.searchParams.get(name)).join() === `${noun},Enabled`)
    await expect(rows).toHaveCount(2)
    await expect(rows.nth(1)).toContainText(`${noun}-on`)
    for (const KeyId of [enabled, disabled]) await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
  })

  test('a Region chosen right after typing, in IAM and in the bar; a link that was followed stays followed', async ({ page, server, asUser, asRoot, makeRepository }) => {
    const { kms } = asRoot(home)
    const noun = named('elsewhere')
    const key = await makeKey(kms, noun)
    const repository = await makeRepository()
    await signIn(page, server, await asUser({ allow: [administrator] }))
    await page.goto(`${server.origin}/iam/encryption-keys?region=ap-south-1`)
    let answer = await holdAnswers(page)
    await field(page).fill(noun)
    await page.getByRole('combobox', { name: 'Filter: Region' }).selectOption(home)
    await answer()
    await expect(page.getByRole('table', { name: 'Encryption keys' }).getByRole('link', { name: noun })).toBeVisible()
    await expect(page).toHaveURL((url) => url.searchParams.get('region') === home && url.searchParams.get('filter') === noun)

    await page.goto(`${server.origin}/codecommit/repositories?region=ap-south-1`)
    answer = await holdAnswers(page)
    await page.getByRole('searchbox', { name: 'Find repositories by name' }).fill(repository.name)
    await page.getByRole('button', { name: /^Region: / }).click()
    await page.getByRole('menuitem', { name: /^US East \(Ohio\)/ }).last().click()
    await answer()
    await expect(page.getByRole('table', { name: 'Repositories' }).getByRole('link', { name: repository.name })).toBeVisible()
    await expect(page).toHaveURL((url) => url.searchParams.get('region') === home && url.searchParams.get('filter') === repository.name)

    answer = await holdAnswers(page)
    await page.getByRole('searchbox', { name: 'Find repositories by name' }).fill(repository.name.slice(0, -1))
    await page.getByRole('table', { name: 'Repositories' }).getByRole('link', { name: repository.name }).click()
    await answer()
    await expect(page.getByRole('heading', { level: 1, name: repository.name })).toBeVisible()
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId: key, PendingWindowInDays: 7 }))
  })
})

async function makeKey(kms: AwsClients['kms'], alias: string): Promise<string> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
  const KeyId = KeyMetadata?.KeyId ?? ''
  await kms.send(new CreateAliasCommand({ AliasName: `alias/${alias}`, TargetKeyId: KeyId }))
  return KeyId
}

/** Keeps the answers of the pages that are gone to from the browser until it is told. */
async function holdAnswers(page: Page): Promise<() => Promise<void>> {
  const held: (() => void)[] = []
  const pages = (url: URL) => url.searchParams.has('_rsc')
  await page.route(pages, async (route) => {
    await new Promise<void>((resolve) => held.push(resolve))
    // What is no longer wanted is gone.
    await route.continue().catch(() => undefined)
  })
  return async () => {
    await page.unroute(pages)
    for (const resume of held) resume()
  }
}
