import { CreateRepositoryCommand, DeleteRepositoryCommand } from '@aws-sdk/client-codecommit'
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { named } from '../named.ts'
import { home } from '../regions.ts'

test('The main job by keyboard alone: sign in, create a repository, find its key, find its events', async ({ page, server, asUser, asRoot }) => {
  const alice = await asUser({ allow: [{ Effect: 'Allow', Action: '*', Resource: '*' }] })
  const name = named('keys-only')
  // The Region has its key: what is made here is one more repository.
  const first = named('first')
  await asRoot(home).codecommit.send(new CreateRepositoryCommand({ repositoryName: first }))
  const { keyboard } = page

  await page.goto(`${server.origin}/sign-in`)
  await tabTo(page, 'Account ID')
  await keyboard.press('Control+a')
  await keyboard.type(server.accountId)
  await tabTo(page, 'IAM user name')
  await keyboard.type(alice.name)
  await tabTo(page, 'Password')
  await keyboard.type(alice.password)
  await keyboard.press('Enter')
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))

  await keyboard.press('g')
  await keyboard.press('r')
  await expect(page.getByRole('heading', { level: 1, name: 'Repositories' })).toBeVisible()
  await tabTo(page, 'Create repository')
  await keyboard.press('Enter')
  await expect(page).toHaveURL(/repositories\/create/)
  await tabTo(page, 'Repository name')
  await keyboard.type(name)
  await keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  await tabTo(page, 'Settings')
  await keyboard.press('Enter')
  const text = await page.getByRole('main').getByText(/^\{"aws:codecommit:repository-id"/).first().innerText()
  const id = /[0-9a-f-]{36}/.exec(text)?.[0] ?? ''

  await keyboard.press('g')
  await keyboard.press('k')
  await tabTo(page, 'Get Started Now')
  await keyboard.press('Enter')
  await expect(page.getByRole('table', { name: 'Encryption keys' })).toBeVisible()
  await keyboard.press('/')
  await keyboard.type('aws/codecommit')
  await expect(page).toHaveURL(/filter=aws/)
  await tabTo(page, 'aws/codecommit')
  await keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: /aws\/codecommit/ })).toBeVisible()

  await keyboard.press('g')
  await keyboard.press('e')
  await expect(page.getByRole('heading', { level: 1, name: 'Event history' })).toBeVisible()
  await keyboard.press('/')
  await keyboard.type(id)
  await keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`RepositoryId=${id}`))
  // Rows by the arrows; Enter opens one beside the list, Escape closes it.
  await expect(page.getByRole('table', { name: 'Events' }).getByText('GenerateDataKeyWithoutPlaintext')).toBeVisible()
  await page.waitForLoadState('networkidle')
  for (let tabs = 0; (await page.evaluate(() => document.activeElement?.tagName)) !== 'TR'; tabs++) {
    if (tabs > 80) throw new Error('no row of the table takes the focus')
    await keyboard.press('Tab')
  }
  await keyboard.press('ArrowDown')
  await keyboard.press('Enter')
  const event = page.getByRole('region', { name: 'Event', exact: true })
  await expect(event.getByText(`"aws:codecommit:repository-id": "${id}"`).or(event.getByText(`"repositoryId": "${id}"`)).first()).toBeVisible()
  await keyboard.press('Escape')
  await expect(event).toHaveCount(0)
  for (const repositoryName of [name, first]) await asRoot(home).codecommit.send(new DeleteRepositoryCommand({ repositoryName }))
})

/** Presses Tab until something of this name has the focus, and fails where nothing ever has. */
async function tabTo(page: Page, name: string): Promise<void> {
  // A page that is still coming has not all its stops yet.
  await page.waitForLoadState('networkidle')
  for (let tabs = 0; tabs < 120; tabs++) {
    const found = await page.evaluate(() => {
      const element = document.activeElement
      if (!(element instanceof HTMLElement) || element === document.body) return ''
      const label = element instanceof HTMLInputElement ? element.labels?.[0]?.innerText : undefined
      return (element.getAttribute('aria-label') ?? label ?? element.innerText).trim()
    })
    if (found === name) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never comes to ${name}`)
}
