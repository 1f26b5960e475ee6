import { CreateRepositoryCommand, DeleteRepositoryCommand } from '@aws-sdk/client-codecommit'
import { DescribeKeyCommand } from '@aws-sdk/client-kms'
import type { Page } from '@playwright/test'
import { paths } from '../../app/paths.ts'
import { rootClients } from '../aws-clients.ts'
import { expect, test } from '../fixtures.ts'
import { ownRegions } from '../regions.ts'
import { sharedServer } from '../server.ts'
import { signIn } from '../sign-in.ts'
import { inTurns } from './in-turns.ts'
import { scrollTo, status, toTheEnd } from './long-list.ts'
import { focusedRow, rowsSeen, watchRows } from './rows-seen.ts'

const region = ownRegions.longLists
const names = Array.from({ length: 250 }, (_, index) => `row-${String(index).padStart(3, '0')}`)
const url = paths.repositories(region)

test.describe('A list of 250 repositories', () => {
  test.describe.configure({ mode: 'serial' })

  test('is read by scrolling: each row once, in order, and nothing that is read moves', async ({ page, server, asRoot, asUser }) => {
    const { codecommit } = asRoot(region)
    await inTurns(names, async (repositoryName) => codecommit.send(new CreateRepositoryCommand({ repositoryName })))
    await signIn(page, server, await asUser())
    await page.setViewportSize({ width: 1280, height: 800 })
    await watchRows(page)
    await page.goto(server.origin + url)
    await expect(status(page)).toHaveText('50 repositories shown, there are more')
    await expect(table(page)).toHaveAttribute('aria-rowcount', '-1')
    await page.mouse.move(600, 500)
    await toTheEnd(page, async () => page.mouse.wheel(0, 700))
    await expect(status(page)).toHaveText('250 repositories shown')
    await page.mouse.wheel(0, 20_000)
    await expect(table(page).getByRole('row', { name: 'row-249' })).toBeInViewport({ ratio: 1 })
    await expect(table(page)).toHaveAttribute('aria-rowcount', '251')
    await expect(page.getByRole('button', { name: 'Load more' })).toHaveCount(0)
    // Ten thousand would be no more in the document.
    expect(await table(page).getByRole('row').count()).toBeLessThan(100)
    await page.mouse.wheel(0, -20_000)
    await expect(table(page).getByRole('row', { name: 'row-000' })).toBeInViewport({ ratio: 1 })
    const { byPlace, moved } = await rowsSeen(page)
    expect(moved).toEqual([])
    for (const [place, seen] of Object.entries(byPlace)) expect(seen, `row ${place}`).toEqual([names[Number(place) - 2]])
  })

  test('is read by the keyboard alone: End goes on as rows are added, the button adds some too', async ({ page, server, asUser }) => {
    await signIn(page, server, await asUser())
    await page.goto(server.origin + url)
    await table(page).getByRole('row').nth(1).focus()
    await toTheEnd(page, async () => page.keyboard.press('End'))
    await page.keyboard.press('End')
    await expect(focusedRow(page)).toContainText('row-249')
    await expect(focusedRow(page)).toHaveAttribute('aria-rowindex', '251')
    await page.keyboard.press('ArrowUp')
    await expect(focusedRow(page)).toContainText('row-248')
    await page.keyboard.press('Home')
    await expect(focusedRow(page)).toContainText('row-000')

    await page.reload()
    await expect(status(page)).toHaveText('50 repositories shown, there are more')
    const button = page.getByRole('button', { name: 'Load more' })
    await button.focus()
    await page.keyboard.press('Enter')
    // The button is near the end of the list: rows come by themselves, too.
    await expect(status(page)).toHaveText(/^1[05]0 repositories shown, there are more$/)
    await expect(button).toBeFocused()
    await toTheEnd(page, async () => page.keyboard.press('Enter'))
    await expect(status(page)).toBeFocused()
  })

  test('shows what was made meanwhile once, where it belongs', async ({ page, server, asUser, asRoot }) => {
    const { codecommit } = asRoot(region)
    await signIn(page, server, await asUser())
    await page.goto(server.origin + url)
    await expect(status(page)).toHaveText('50 repositories shown, there are more')
    for (const repositoryName of ['row-010-late', 'row-150-late']) await codecommit.send(new CreateRepositoryCommand({ repositoryName }))
    await watchRows(page)
    await toTheEnd(page)
    await expect(status(page)).toHaveText('251 repositories shown')
    await page.reload()
    await toTheEnd(page)
    await expect(status(page)).toHaveText('252 repositories shown')
    for (const repositoryName of ['row-010-late', 'row-150-late']) await codecommit.send(new DeleteRepositoryCommand({ repositoryName }))
  })

  test('who loses the permission between two pages is told so, keeps the rows, and goes on once it is back', async ({ page, server, asUser }) => {
    const alice = await asUser()
    await signIn(page, server, alice)
    await page.goto(server.origin + url)
    await expect(status(page)).toHaveText('50 repositories shown, there are more')
    const allow = await alice.attach('inline policy', 'NoList', { Sid: 'NoMorePages', Effect: 'Deny', Action: 'codecommit:ListRepositories', Resource: '*' })
    const message = page.getByRole('alert').filter({ hasText: 'codecommit:ListRepositories was refused' })
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, 3000)
        return message.count()
      })
      .toBe(1)
    await expect(message).toContainText('NoMorePages')
    await expect(status(page)).toHaveText('50 repositories shown, there are more')
    await expect(table(page).getByRole('row')).toHaveCount(51)
    await expect(page.getByRole('link', { name: 'First page' })).toHaveAttribute('href', url)
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect(message).toBeVisible()
    await allow()
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect(status(page)).toHaveText(/^1[05]0 repositories shown/)
    await expect(message).toHaveCount(0)
  })

  test('is as it was when one comes back to it; a reload and a visit by a link begin anew', async ({ page, server, asUser }) => {
    await signIn(page, server, await asUser())
    await page.goto(server.origin + url)
    await toTheEnd(page)
    const row = table(page).getByRole('row', { name: 'row-170' })
    await scrollTo(page, 'Repositories', 'row-170')
    const before = await row.boundingBox()
    await row.getByRole('link', { name: 'row-170' }).click()
    await expect(page.getByRole('heading', { name: 'row-170' })).toBeVisible()
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.goBack()
    await expect(status(page)).toHaveText('250 repositories shown')
    await expect(row).toBeInViewport({ ratio: 1 })
    await expect.poll(async () => Math.abs(((await row.boundingBox())?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(2)
    expect(asked.filter((asking) => asking.includes('/rows/'))).toEqual([])

    await page.getByRole('searchbox', { name: 'Find repositories by name' }).fill('row-00')
    await expect(table(page).getByRole('row')).toHaveCount(11)
    await expect(status(page)).toHaveCount(0)
    await page.getByRole('searchbox', { name: 'Find repositories by name' }).fill('')
    await expect(status(page)).toHaveText('50 repositories shown, there are more')
    await page.getByRole('button', { name: 'Load more' }).click()
    await expect(status(page)).toHaveText(/^1[05]0 repositories shown/)
    // A browser scrolls to where one was before a reload, and near the end rows come by themselves.
    await page.evaluate(() => window.scrollTo(0, 0))
    await page.reload()
    await expect(status(page)).toHaveText('50 repositories shown, there are more')
    await toTheEnd(page)
    await page.mouse.wheel(0, 20_000)
    await table(page).getByRole('link', { name: 'row-249' }).click()
    await expect(page.getByRole('heading', { name: 'row-249' })).toBeVisible()
    await page.getByRole('navigation').getByRole('link', { name: 'Repositories' }).first().click()
    await expect(status(page)).toHaveText('50 repositories shown, there are more')
  })

  test('is paged by links in the answers alone, without scripts; a token that is not valid says so and leads to the first page', async ({ page, server, asUser }) => {
    await signIn(page, server, await asUser())
    const seen: string[] = []
    for (let next = url; next !== ''; ) {
      const html = await (await page.request.get(server.origin + next)).text()
      seen.push(...[...html.matchAll(/>(row-\d{3})<\/a>/g)].map(([, name]) => name ?? ''))
      expect(html.includes('>First page</a>')).toBe(next !== url)
      next = (/<a [^>]*href="([^"]*)"[^>]*>Load more<\/a>/.exec(html)?.[1] ?? '').replaceAll('&amp;', '&')
    }
    expect(seen).toEqual(names)

    await page.goto(`${server.origin}${url}&token=bm90LW9uZQ`)
    await expect(page.getByText('The specified continuation token is not valid.')).toBeVisible()
    await page.getByRole('link', { name: 'First page' }).click()
    await expect(status(page)).toHaveText('50 repositories shown, there are more')
    // A kept link to a page within the list goes on from there.
    await page.goto(server.origin + ((await (await page.request.get(server.origin + url)).text()).match(/href="([^"]*token=[^"]*)"/)?.[1] ?? '').replaceAll('&amp;', '&'))
    await expect(table(page).getByRole('row').nth(1)).toContainText('row-050')
    await toTheEnd(page)
    await expect(status(page)).toHaveText('200 repositories shown')
  })

  test('is the list of what is encrypted under their key, too', async ({ page, server, asUser, asRoot }) => {
    const keyId = (await asRoot(region).kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/codecommit' }))).KeyMetadata?.KeyId ?? ''
    await signIn(page, server, await asUser({ allow: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }))
    await watchRows(page)
    await page.goto(server.origin + paths.kmsKey(region, keyId, 'usage'))
    await toTheEnd(page)
    await expect(status(page)).toHaveText('250 repositories shown')
    await scrollTo(page, 'Repositories under this key', 'row-249', 3000)
    for (const [place, seen] of Object.entries((await rowsSeen(page)).byPlace)) expect(seen, `row ${place}`).toEqual([names[Number(place) - 2]])
  })

  test.afterAll(async () => {
    const { codecommit } = rootClients(sharedServer(), region)
    await inTurns(names, async (repositoryName) => codecommit.send(new DeleteRepositoryCommand({ repositoryName })))
  })
})

function table(page: Page) {
  return page.getByRole('table', { name: 'Repositories' })
}
