import { DeleteBranchCommand, ListRepositoriesCommand } from '@aws-sdk/client-codecommit'
import { CreatePolicyCommand, CreateUserCommand } from '@aws-sdk/client-iam'
import { CreateKeyCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms'
import { paths } from '../../app/paths.ts'
import { rootClients } from '../aws-clients.ts'
import { expect, test } from '../fixtures.ts'
import { home, ownRegions } from '../regions.ts'
import { startServer } from '../server.ts'
import { signIn, signInAsRoot } from '../sign-in.ts'
import { inTurns } from './in-turns.ts'
import { scrollTo, status, toTheEnd } from './long-list.ts'
import { focusedRow, rowsSeen, watchRows } from './rows-seen.ts'

test('310 events: each once, to the oldest; one beside the list and the newest on top as before', async ({ page, server, asUser }) => {
  const alice = await asUser({ allow: [{ Effect: 'Allow', Action: 'cloudtrail:LookupEvents', Resource: '*' }] })
  const bob = await asUser({ name: 'bob' })
  const codecommit = bob.aws(home).codecommit
  await inTurns(Array.from({ length: 310 }), async () => codecommit.send(new ListRepositoriesCommand({})))
  await signIn(page, server, alice)
  const url = paths.events(home, { Username: bob.name })
  await page.goto(server.origin + url)
  await expect(status(page)).toHaveText(/^50 events shown, back to .* UTC, there are more$/)
  const table = page.getByRole('table', { name: 'Events' })
  const ids: string[] = []
  const note = async () => ids.push(...(await table.getByRole('row').getByRole('link').evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).searchParams.get('event') ?? ''))))
  await note()
  await toTheEnd(page, async () => {
    await page.mouse.wheel(0, 500)
    await note()
  })
  await expect(status(page)).toHaveText('310 events shown')
  await page.mouse.wheel(0, 20_000)
  await expect(table.locator('tr[aria-rowindex="311"]')).toBeInViewport({ ratio: 1 })
  await note()
  expect(new Set(ids).size).toBe(310)

  // One of the last page, beside the list; the list is as long as before, also once one has come back from that event's own page.
  const last = table.locator('tr[aria-rowindex="305"]').getByRole('link')
  await last.click()
  await expect(page.getByRole('region', { name: 'Event', exact: true })).toContainText('ListRepositories')
  await expect(status(page)).toHaveText('310 events shown')
  await page.goBack()
  await expect(page).toHaveURL(server.origin + url)
  await expect(status(page)).toHaveText('310 events shown')

  await page.mouse.wheel(0, -30_000)
  await page.getByRole('button', { name: 'Live' }).click()
  await expect(page.getByText('Waiting for events')).toBeVisible()
  const newest = await table.getByRole('row').nth(1).getByRole('link').getAttribute('href')
  await codecommit.send(new ListRepositoriesCommand({}))
  await expect(page.getByText('1 event since it began')).toBeVisible()
  await expect(table.getByRole('row').nth(1).getByRole('link')).not.toHaveAttribute('href', newest ?? '')
  await expect(table.getByRole('row').nth(2).getByRole('link')).toHaveAttribute('href', newest ?? '')
})

test('120 branches, commits and tags: each once; a branch deleted between two pages does not begin the list anew; a change keeps the rows', async ({ page, server, asUser, makeRepository }) => {
  const { name, cloneUrlHttp } = await makeRepository()
  const alice = await asUser()
  const work = await alice.git.makeRepository('work', { 'README.md': '# Long\n' })
  const numbers = Array.from({ length: 120 }, (_, index) => String(index).padStart(3, '0'))
  for (const number of numbers) await alice.git.git(['commit', '-q', '--allow-empty', '-m', `commit ${number}`], { cwd: work })
  for (const number of numbers) {
    await alice.git.git(['branch', `branch-${number}`], { cwd: work })
    await alice.git.git(['tag', `tag-${number}`], { cwd: work })
  }
  await alice.git.git(['push', '-q', cloneUrlHttp, 'main'], { cwd: work })
  await alice.git.git(['push', '-q', cloneUrlHttp, '--all'], { cwd: work })
  await alice.git.git(['push', '-q', cloneUrlHttp, '--tags'], { cwd: work })
  await signIn(page, server, alice)

  await watchRows(page)
  await page.goto(server.origin + paths.gitTags(home, name))
  await expect(status(page)).toHaveText('50 of 120 tags shown, there are more')
  await toTheEnd(page)
  await page.mouse.wheel(0, 20_000)
  await expect(page.getByRole('row', { name: 'tag-119' })).toBeInViewport({ ratio: 1 })
  for (const [place, seen] of Object.entries((await rowsSeen(page)).byPlace)) expect(seen, `row ${place}`).toEqual([`tag-${numbers[Number(place) - 2] ?? ''}`])

  await page.goto(server.origin + paths.commits(home, name))
  await toTheEnd(page)
  await expect(status(page)).toHaveText('121 commits shown')
  await page.mouse.wheel(0, 20_000)
  await expect(page.getByRole('table', { name: 'Commits' }).locator('tr[aria-rowindex="122"]')).toBeInViewport({ ratio: 1 })
  const { byPlace } = await rowsSeen(page)
  const commits = Object.values(byPlace)
  expect(commits.filter((seen) => seen.length !== 1)).toEqual([])
  expect(new Set(commits.flat()).size).toBe(commits.length)

  await page.goto(server.origin + paths.branches(home, name))
  const table = page.getByRole('table', { name: 'Branches' })
  await expect(status(page)).toHaveText('50 of 121 branches shown, there are more')
  // The next page goes on after this one.
  await alice.aws(home).codecommit.send(new DeleteBranchCommand({ repositoryName: name, branchName: 'branch-049' }))
  await page.getByRole('button', { name: 'Load more' }).click()
  await toTheEnd(page)
  await expect(status(page)).toHaveText('121 of 120 branches shown')
  await scrollTo(page, 'Branches', 'branch-110', 200)
  await page.getByRole('button', { name: 'Actions on branch-110' }).click()
  await page.getByRole('menuitem', { name: 'Make default' }).click()
  const row = table.getByRole('row').filter({ has: page.getByRole('link', { name: 'branch-110', exact: true }) })
  await expect(row).toContainText('default')
  await expect(row).toBeInViewport()
  // What was read before is read again: the one that is gone is gone.
  await expect(status(page)).toHaveText('120 of 120 branches shown')
  await expect(row).toContainText('default')
  await expect(row).toBeInViewport()
})

test('120 keys: what is selected on several pages is disabled together, and the list stays as long as it was', async ({ page, server, asUser, asRoot }) => {
  const region = ownRegions.longKeyLists
  const { kms } = asRoot(region)
  const made: string[] = []
  await inTurns(Array.from({ length: 120 }), async () => made.push((await kms.send(new CreateKeyCommand({}))).KeyMetadata?.KeyId ?? ''))
  const alice = await asUser({ allow: [{ Effect: 'Allow', Action: 'kms:*', Resource: '*' }] })
  await signIn(page, server, alice)
  for (const [path, label] of [[paths.customerManagedKeys(region), 'Customer managed keys'], [paths.encryptionKeys(region), 'Encryption keys']] as const) {
    await page.goto(server.origin + path)
    const table = page.getByRole('table', { name: label })
    await table.getByRole('row').nth(1).focus()
    await page.keyboard.press('Space')
    await toTheEnd(page, async () => page.keyboard.press('End'))
    await expect(status(page)).toHaveText('120 keys shown')
    await page.keyboard.press('End')
    await expect(focusedRow(page)).toHaveAttribute('aria-rowindex', '121')
    await page.keyboard.press('Space')
    await expect(page.getByText('2 selected')).toBeVisible()
    const disable = label === 'Customer managed keys'
    await page.getByRole('button', { name: 'Key actions' }).click()
    await page.getByRole('menuitem', { name: disable ? 'Disable' : 'Enable', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: disable ? 'Disable' : 'Enable', exact: true }).click()
    await expect(table.locator('tr[aria-rowindex="121"]')).toContainText(disable ? 'Disabled' : 'Enabled')
    await expect(status(page)).toHaveText('120 keys shown')
    await page.getByRole('checkbox', { name: 'Select all' }).scrollIntoViewIfNeeded()
    await page.getByRole('checkbox', { name: 'Select all' }).check()
    await expect(page.getByText('120 selected')).toBeVisible()
  }
  await inTurns(made, async (KeyId) => kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 })))
})

test('105 users and 210 policies of a server of their own', async ({ page }) => {
  await using server = await startServer()
  const { iam } = rootClients(server, 'us-east-1')
  const numbers = Array.from({ length: 210 }, (_, index) => String(index).padStart(3, '0'))
  await inTurns(numbers.slice(0, 105), async (number) => iam.send(new CreateUserCommand({ UserName: `user-${number}` })))
  await inTurns(numbers, async (number) =>
    iam.send(new CreatePolicyCommand({ PolicyName: `policy-${number}`, PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' }] }) })),
  )
  await signInAsRoot(page, server)
  await page.goto(server.origin + paths.users())
  await expect(status(page)).toHaveText('100 users shown, there are more')
  await toTheEnd(page)
  await expect(status(page)).toHaveText('105 users shown')
  await page.mouse.wheel(0, 20_000)
  await expect(page.getByRole('row', { name: 'user-104' })).toBeInViewport()

  await page.goto(server.origin + paths.policies())
  await expect(status(page)).toHaveText('200 policies shown, there are more')
  await toTheEnd(page)
  await page.mouse.wheel(0, 20_000)
  await scrollTo(page, 'Policies', 'policy-209', 300)
})

test('rows of what is no list are not found, and nobody gets any who has not signed in', async ({ page, server, asUser }) => {
  expect((await page.request.get(`${server.origin}/rows/iam/users`)).url()).toContain('/sign-in')
  await signIn(page, server, await asUser())
  for (const path of ['iam/roles', 'constructor', 'iam/users/somebody']) expect((await page.request.get(`${server.origin}/rows/${path}`)).status(), path).toBe(404)
  expect((await page.request.get(`${server.origin}/rows/iam/users`)).status()).toBe(403)
})
