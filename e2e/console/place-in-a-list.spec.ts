import type { Locator, Page } from '@playwright/test'
import { paths } from '../../app/paths.ts'
import { expect, test } from '../fixtures.ts'
import { home } from '../regions.ts'
import { signIn } from '../sign-in.ts'
import { scrollTo, status, toTheEnd } from './long-list.ts'

test.describe('The place in a list of several pages', () => {
  for (const [screen, viewport] of [['a phone of 360 px', { width: 360, height: 740 }], ['a wide screen', { width: 1440, height: 900 }]] as const) {
    test(`is where it was when one comes back, and after what was done there: rows of two lines and more on ${screen}`, async ({ page, server, asUser, makeRepository }) => {
      await page.setViewportSize(viewport)
      const { name, cloneUrlHttp } = await makeRepository({ noun: 'places' })
      const alice = await asUser()
      const work = await alice.git.makeRepository('work', { 'README.md': '# Places\n' })
      const branches = Array.from({ length: 120 }, (_, index) => `feature/the-ticket-of-a-long-name/${String(index).padStart(3, '0')}${index % 3 === 0 ? '/and-what-it-is-about-in-more-words-than-fit' : ''}`)
      await alice.git.git(['push', '-q', cloneUrlHttp, 'main', ...branches.map((branch) => `main:refs/heads/${branch}`)], { cwd: work })
      await signIn(page, server, alice)
      await page.goto(server.origin + paths.branches(home, name))
      await toTheEnd(page)
      const branch = branches[84] ?? ''
      await scrollTo(page, 'Branches', branch)
      const row = page.getByRole('table', { name: 'Branches' }).getByRole('row').filter({ has: page.getByRole('link', { name: branch, exact: true }) })
      // Rows are measured as they come into sight; then they stand still.
      const place = await still(row)

      await row.getByRole('link', { name: branch, exact: true }).click()
      await expect(page).toHaveURL(/ref=feature/)
      await page.goBack()
      await expect(status(page)).toHaveText('121 of 121 branches shown')
      await expect(row).toBeInViewport({ ratio: 1 })
      expect(Math.abs((await still(row)) - place)).toBeLessThan(2)

      await row.getByRole('button', { name: /^Actions on / }).click()
      await page.getByRole('menuitem', { name: 'Make default' }).click()
      await expect(page.getByText(`${branch} is the default branch`, { exact: true })).toBeVisible()
      await expect(row).toContainText('default')
      await expect(status(page)).toHaveText('121 of 121 branches shown')
      expect(Math.abs((await still(row)) - place)).toBeLessThan(await lineOf(page))

      // One before it is deleted: what follows moves up by that row, and nothing else.
      const before = page.getByRole('table', { name: 'Branches' }).getByRole('row').filter({ has: page.getByRole('link', { name: branches[83] ?? '', exact: true }) })
      const height = (await before.boundingBox())?.height ?? 0
      const from = await still(row)
      await before.getByRole('button', { name: /^Actions on / }).click()
      await page.getByRole('menuitem', { name: 'Delete branch' }).click()
      await page.getByRole('textbox', { name: /^To confirm, type/ }).fill(branches[83] ?? '')
      await page.getByRole('dialog').getByRole('button', { name: 'Delete branch' }).click()
      await expect(before).toHaveCount(0)
      await expect(status(page)).toHaveText('120 of 120 branches shown')
      await expect(row).toBeInViewport()
      expect(Math.abs((await still(row)) - (from - height))).toBeLessThan(2)
    })
  }
})

/** Where a row stands on the screen, once it does. */
async function still(row: Locator): Promise<number> {
  let before = Number.NaN
  await expect
    .poll(async () => {
      const now = (await row.boundingBox())?.y ?? Number.NaN
      const moved = Math.abs(now - before)
      before = now
      return moved
    }, { intervals: [150] })
    .toBeLessThan(1)
  return before
}

/** Pixels that a badge may add to a row above. */
async function lineOf(page: Page): Promise<number> {
  return page.evaluate(() => parseFloat(getComputedStyle(document.body).lineHeight) + 4)
}
