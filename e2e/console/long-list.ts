import { expect, type Page } from '@playwright/test'

/** How many rows of a list are shown, as the page says it. */
export function status(page: Page) {
  return page.getByRole('status').filter({ hasText: ' shown' })
}

/** Goes on until all rows are there, page by page: by the wheel, or as `step` does. */
export async function toTheEnd(page: Page, step: () => Promise<void> = async () => page.mouse.wheel(0, 3000)): Promise<void> {
  for (let before = (await status(page).textContent()) ?? ''; before.includes('there are more'); before = (await status(page).textContent()) ?? '') {
    await expect
      .poll(async () => {
        await step()
        return status(page).textContent()
      }, often)
      .not.toBe(before)
  }
}

/** Scrolls until a row of a long table is drawn, and to it. */
export async function scrollTo(page: Page, table: string, name: string, by = -300): Promise<void> {
  const row = page.getByRole('table', { name: table }).getByRole('row', { name })
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, by)
      return row.count()
    }, often)
    .toBe(1)
  await row.scrollIntoViewIfNeeded()
}

const often = { intervals: [100] }
