import type { Page } from '@playwright/test'
import type { RunningServer } from './server.ts'

/** Signs in to the console as an IAM user would: by the form. */
export async function signIn(page: Page, server: RunningServer, user: Readonly<{ name: string; password: string }>): Promise<void> {
  await page.goto(`${server.origin}/sign-in`)
  await page.getByLabel('Account ID').fill(server.accountId)
  await page.getByLabel('IAM user name').fill(user.name)
  await page.getByLabel('Password', { exact: true }).fill(user.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
}

/** Signs in to the console as the root user. */
export async function signInAsRoot(page: Page, server: RunningServer): Promise<void> {
  await page.goto(`${server.origin}/sign-in?root=1`)
  await page.getByLabel('Account ID').fill(server.accountId)
  await page.getByLabel('Password', { exact: true }).fill(server.rootPassword)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
}
