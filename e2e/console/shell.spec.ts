import { ListGroupsForUserCommand } from '@aws-sdk/client-iam'
import { CreateKeyCommand, DescribeKeyCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms'
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { named } from '../named.ts'
import { home } from '../regions.ts'
import { signIn } from '../sign-in.ts'

test('keys typed before the page has come alive are not lost', async ({ page, server, asUser, makeRepository }) => {
  const { name, cloneUrlHttp } = await makeRepository({ noun: 'ahead' })
  const alice = await asUser()
  const work = await alice.git.makeRepository('work', { 'src/main.ts': 'export const a = 1\n' })
  await alice.git.git(['push', '-q', cloneUrlHttp, 'main'], { cwd: work })
  await signIn(page, server, alice)

  let release = await holdScripts(page)
  await page.goto(`${server.origin}/codecommit/repositories?region=${home}`, { waitUntil: 'domcontentloaded' })
  await page.keyboard.press('/')
  await page.keyboard.type(name)
  await release()
  await expect(page.getByRole('searchbox', { name: 'Find repositories by name' })).toHaveValue(name)
  await expect(page).toHaveURL(new RegExp(`filter=${name}`))

  release = await holdScripts(page)
  await page.goto(`${server.origin}/codecommit/repositories/${name}/browse/src/main.ts?region=${home}`, { waitUntil: 'domcontentloaded' })
  await page.keyboard.press('b')
  await release()
  await expect(page).toHaveURL(/\/blame\/src\/main.ts/)

  release = await holdScripts(page)
  await page.goto(`${server.origin}/console`, { waitUntil: 'domcontentloaded' })
  await page.keyboard.press('g')
  await page.keyboard.press('r')
  await release()
  await expect(page.getByRole('heading', { level: 1, name: 'Repositories' })).toBeVisible()

  release = await holdScripts(page)
  await page.goto(`${server.origin}/console`, { waitUntil: 'domcontentloaded' })
  await page.keyboard.press('Control+k')
  await release()
  await expect(page.getByRole('dialog', { name: 'Go to' })).toBeVisible()
})

test('every page of a repository is marked among its tabs, and imports have their place', async ({ page, server, asUser, makeRepository }) => {
  const { name, cloneUrlHttp } = await makeRepository({ noun: 'tabs' })
  const alice = await asUser()
  const work = await alice.git.makeRepository('work', { 'src/main.ts': 'export const a = 1\n' })
  const commit = (await alice.git.git(['rev-parse', 'main'], { cwd: work })).trim()
  await alice.git.git(['push', '-q', cloneUrlHttp, 'main'], { cwd: work })
  await signIn(page, server, alice)
  const marked: readonly (readonly [path: string, tab: string])[] = [
    ['', 'Code'],
    ['/browse/src', 'Code'],
    ['/blame/src/main.ts', 'Code'],
    ['/find', 'Code'],
    ['/search', 'Code'],
    ['/commits', 'Commits'],
    [`/commits/${commit}`, 'Commits'],
    ['/compare', 'Compare'],
  ]
  const tabs = page.getByRole('navigation', { name, exact: true })
  for (const [path, tab] of marked) {
    await page.goto(`${server.origin}/codecommit/repositories/${name}${path}?region=${home}`)
    await expect(tabs.locator('[aria-current]'), path).toHaveText([tab])
  }
  await page.getByRole('navigation', { name: 'CodeCommit' }).getByRole('link', { name: /^Imports/ }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Import repository' })).toBeVisible()
  await expect(page.getByRole('navigation', { name: 'CodeCommit' }).locator('[aria-current]')).toContainText('Imports')
})

test('every page of a key is marked in the navigation: within the list that the key is of, the refused one’s too', async ({ page, server, asUser, asRoot, makeRepository }) => {
  await makeRepository()
  const { kms } = asRoot(home)
  const { KeyMetadata: managed } = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/codecommit' }))
  const { KeyMetadata: own } = await kms.send(new CreateKeyCommand({}))
  const alice = await asUser({ allow: [{ Effect: 'Allow', Action: 'kms:*', Resource: '*' }] })
  await signIn(page, server, alice)
  const marked = page.getByRole('navigation', { name: 'KMS' }).locator('[aria-current=page]')
  const keyPage = (id: string | undefined, tab = '') => page.goto(`${server.origin}/kms/keys/${id ?? ''}${tab}?region=${home}`)
  for (const tab of ['', '/rotation', '/usage']) {
    await keyPage(managed?.KeyId, tab)
    await expect(marked).toHaveText(/^AWS managed keys/)
    await keyPage(own?.KeyId, tab)
    await expect(marked).toHaveText(/^Customer managed keys/)
  }
  // What a page said of itself ends with it.
  await page.getByRole('navigation', { name: 'KMS' }).getByRole('link', { name: 'AWS managed keys' }).click()
  await expect(marked).toHaveText(/^AWS managed keys/)

  await alice.attach('inline policy', 'Blind', { Effect: 'Deny', Action: 'kms:DescribeKey', Resource: '*' })
  await keyPage(own?.KeyId)
  await expect(page.getByRole('main').getByText('You may not do this: kms:DescribeKey was refused')).toBeVisible()
  await expect(marked).toHaveText(/^Customer managed keys/)

  await page.setViewportSize({ width: 360, height: 740 })
  await page.getByRole('button', { name: 'KMS' }).click()
  await expect(page.getByRole('menuitem', { name: 'Customer managed keys' })).toHaveAttribute('aria-current', 'page')
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId: own?.KeyId, PendingWindowInDays: 7 }))
})

test('the Region chooser names each Region with its code, the ones used lately first', async ({ page, server, asUser }) => {
  await signIn(page, server, await asUser())
  for (const region of ['eu-west-1', home]) {
    await page.goto(`${server.origin}/codecommit/repositories?region=${region}`)
    await page.waitForLoadState('networkidle')
  }
  await page.getByRole('button', { name: 'Region: US East (Ohio)' }).click()
  const items = page.getByRole('menuitem')
  await expect(items.nth(0)).toHaveText(/US East \(Ohio\)\s*us-east-2/)
  await expect(items.nth(1)).toHaveText(/Europe \(Ireland\)\s*eu-west-1/)
  await items.nth(1).click()
  await expect(page).toHaveURL(/region=eu-west-1/)
})

test('a user who was removed from a group, and a policy that was detached, are brought back from the toast', async ({ page, server, asUser, asRoot }) => {
  const alice = await asUser({ allow: [{ Effect: 'Allow', Action: '*', Resource: '*' }] })
  const bob = await asUser({ name: 'bob' })
  await bob.attach('managed policy of a group', named('Shared'), { Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' })
  const { Groups = [] } = await asRoot(home).iam.send(new ListGroupsForUserCommand({ UserName: bob.name }))
  const group = Groups[0]?.GroupName ?? ''
  await signIn(page, server, alice)
  await page.goto(`${server.origin}/iam/groups/${group}`)
  for (const [table, button, submit] of [
    ['Users', 'Remove', 'Remove from group'],
    ['Policies', 'Detach', 'Detach policy'],
  ] as const) {
    const rows = page.getByRole('table', { name: table }).getByRole('button', { name: button })
    await rows.click()
    await page.getByRole('dialog').getByRole('button', { name: submit }).click()
    await expect(rows).toHaveCount(0)
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await expect(rows).toHaveCount(1)
  }
})

/** Keeps the browser from running the page's scripts until it is told. */
async function holdScripts(page: Page): Promise<() => Promise<void>> {
  const held: (() => void)[] = []
  const scripts = /\/_next\/static\/.*\.js/
  await page.route(scripts, async (route) => {
    await new Promise<void>((resolve) => held.push(resolve))
    await route.continue()
  })
  return async () => {
    // Those that come later pass.
    held.push = (...items) => {
      for (const item of items) item()
      return 0
    }
    for (const resume of held) resume()
    await page.waitForLoadState('networkidle')
    await page.unroute(scripts)
  }
}
