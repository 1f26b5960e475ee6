import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { home } from '../regions.ts'
import { signIn } from '../sign-in.ts'

const files = 5000

test('a folder of 5,000 files: the rows near what is seen are in the document, the keyboard reaches every other, nothing moves', async ({ page, server, asUser, makeRepository }) => {
  const { name, cloneUrlHttp } = await makeRepository()
  const alice = await asUser()
  const work = await alice.git.makeRepository('work', {
    'README.md': '# Many\n',
    ...Object.fromEntries(Array.from({ length: files }, (_, index) => [`many/file-${number(index)}.txt`, `${index}\n`])),
  })
  await alice.git.git(['push', '-q', cloneUrlHttp, 'main'], { cwd: work })
  await signIn(page, server, alice)
  const url = `${server.origin}/codecommit/repositories/${name}/browse/many?region=${home}`

  // The server's answer alone has the first screenful.
  const html = await (await page.request.get(url)).text()
  const drawn = html.match(/<tr[^>]*data-index=/g)?.length ?? 0
  expect(drawn).toBeGreaterThan(30)
  expect(drawn).toBeLessThan(150)
  expect(html).toContain('file-0020.txt</a>')

  await page.setViewportSize({ width: 1280, height: 800 })
  await watchShifts(page)
  await page.goto(url)
  const table = page.getByRole('table', { name: 'Files' })
  await expect(table).toHaveAttribute('aria-rowcount', String(files + 1))
  await expect(table.getByRole('row').nth(1)).toContainText('Commit 1')
  expect(await shifts(page)).toEqual([])
  const height = await page.evaluate(() => document.documentElement.scrollHeight)

  await table.getByRole('row').nth(1).focus()
  await page.keyboard.press('End')
  await expect(focused(page)).toContainText(`file-${number(files - 1)}.txt`)
  await expect(focused(page)).toHaveAttribute('aria-rowindex', String(files + 1))
  await expect(focused(page)).toBeInViewport({ ratio: 1 })
  await expect(table.getByRole('row', { name: `file-${number(files - 10)}.txt` })).toBeInViewport({ ratio: 1 })
  await page.keyboard.press('ArrowUp')
  await expect(focused(page)).toContainText(`file-${number(files - 2)}.txt`)
  await page.keyboard.press('Home')
  await expect(focused(page)).toContainText('file-0000.txt')
  await page.keyboard.press('PageDown')
  const passed = Number((await focused(page).getAttribute('aria-rowindex')) ?? 0)
  expect(passed).toBeGreaterThan(12)
  // By single steps far beyond what the server drew.
  for (let step = 0; step < 60; step++) await page.keyboard.press('ArrowDown')
  await expect(focused(page)).toHaveAttribute('aria-rowindex', String(passed + 60))
  await expect(focused(page)).toBeInViewport({ ratio: 1 })

  // By the wheel: what has the focus keeps it, out of sight.
  await page.mouse.move(600, 500)
  await page.mouse.wheel(0, 60_000)
  await expect.poll(async () => table.getByRole('row').count()).toBeLessThan(150)
  await expect.poll(async () => page.evaluate(() => document.elementFromPoint(600, 500)?.closest('tr')?.textContent ?? '')).toMatch(/file-1[6-9]/)
  await expect(focused(page)).toHaveAttribute('aria-rowindex', String(passed + 60))
  await page.keyboard.press('ArrowDown')
  await expect(focused(page)).toHaveAttribute('aria-rowindex', String(passed + 61))
  await expect(focused(page)).toBeInViewport({ ratio: 1 })
  // A collapsed border is half of each row.
  expect(Math.abs((await page.evaluate(() => document.documentElement.scrollHeight)) - height)).toBeLessThan(4)
  expect(await shifts(page)).toEqual([])

  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`many/file-${number(passed + 59)}`))
})

test('columns are chosen by keyboard; the choice is of that table, outlives a reload, and the server draws it', async ({ page, server, asUser, makeRepository }) => {
  const { name, cloneUrlHttp } = await makeRepository()
  const alice = await asUser()
  const work = await alice.git.makeRepository('work', { 'README.md': '# Columns\n' })
  await alice.git.git(['push', '-q', cloneUrlHttp, 'main'], { cwd: work })
  await signIn(page, server, alice)
  const url = `${server.origin}/codecommit/repositories/${name}/branches?region=${home}`
  await page.goto(url)
  const table = page.getByRole('table', { name: 'Branches' })
  await expect(table.getByRole('columnheader')).toHaveText(['Branch', 'Last commit', 'Updated', 'Behind | Ahead', 'Actions'])

  await page.getByRole('button', { name: 'Columns' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menuitemcheckbox', { name: /Branch/ })).toHaveAttribute('aria-disabled', 'true')
  await page.getByRole('menuitemcheckbox', { name: 'Last commit' }).focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  // It stays open for the next.
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menuitemcheckbox', { name: 'Behind | Ahead' })).toHaveAttribute('aria-checked', 'false')
  await expect(table.getByRole('columnheader')).toHaveText(['Branch', 'Updated', 'Actions'])
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Columns' })).toBeFocused()

  const html = await (await page.request.get(url)).text()
  expect([...html.matchAll(/<th[ >].*?<\/th>/g)].map(([cell]) => cell.replace(/<[^>]*>/g, ''))).toEqual(['Branch', 'Updated', 'Actions'])
  await page.reload()
  await expect(table.getByRole('columnheader')).toHaveText(['Branch', 'Updated', 'Actions'])
  await expect(table.getByRole('row').nth(1).getByRole('cell')).toHaveCount(3)

  // Of this table alone.
  await page.goto(`${server.origin}/codecommit/repositories?region=${home}`)
  await expect(page.getByRole('table', { name: 'Repositories' }).getByRole('columnheader')).toHaveText(['Name', 'Repository ID', 'Last modified', 'Clone URL'])
  await page.goto(url)
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('menuitem', { name: 'Show all' }).click()
  await expect(table.getByRole('columnheader')).toHaveCount(5)
})

test('a row that has the focus keeps it when the last commits of the entries come', async ({ page, server, asUser, makeRepository }) => {
  const { name, cloneUrlHttp } = await makeRepository()
  const alice = await asUser()
  const work = await alice.git.makeRepository('work', { 'docs/guide/a.txt': 'a\n', 'docs/plan/b.txt': 'b\n', 'docs/c.txt': 'c\n' })
  await alice.git.git(['push', '-q', cloneUrlHttp, 'main'], { cwd: work })
  await signIn(page, server, alice)
  await holdRest(page, 'Commit 1')
  await page.goto(`${server.origin}/codecommit/repositories/${name}?region=${home}`)
  const table = page.getByRole('table', { name: 'Files' })
  await table.getByRole('link', { name: 'docs' }).click()
  await expect(page.getByRole('link', { name: 'guide' })).toBeVisible()
  await table.getByRole('row').nth(1).focus()
  await page.keyboard.press('ArrowDown')
  await expect(focused(page)).toContainText('plan')
  await expect(table.getByText('Commit 1')).toHaveCount(0)
  await page.evaluate(() => dispatchEvent(new Event('rest')))
  await expect(table.getByText('Commit 1')).toHaveCount(3)
  await expect(focused(page)).toContainText('plan')
  await page.keyboard.press('ArrowUp')
  await expect(focused(page)).toContainText('guide')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/docs\/guide/)
})

/** Of the pages that are gone to, keeps the lines from `text` on from the browser until it is told by an event, `rest`. */
async function holdRest(page: Page, text: string): Promise<void> {
  await page.addInitScript((mark) => {
    const rest = new Promise((resolve) => addEventListener('rest', resolve, { once: true }))
    const ask = window.fetch.bind(window)
    window.fetch = async (...request) => {
      const answer = await ask(...request)
      if (!answer.headers.get('content-type')?.startsWith('text/x-component') || !answer.body) return answer
      let seen = false
      const split = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        async transform(chunk, controller) {
          // One character a byte, so that places in the text are places in the bytes.
          const read = String.fromCharCode(...chunk)
          const at = seen ? -1 : read.indexOf(mark)
          if (at < 0) return controller.enqueue(chunk)
          seen = true
          const line = read.lastIndexOf('\n', at) + 1
          controller.enqueue(chunk.slice(0, line))
          await rest
          controller.enqueue(chunk.slice(line))
        },
      })
      return new Response(answer.body.pipeThrough(split), answer)
    }
  }, text)
}

/** Notes what moves on the page by itself: not what follows an input within half a second. */
async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const found: string[] = []
    Object.assign(window, { shifts: found })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean; sources: { node?: Element; previousRect: DOMRect; currentRect: DOMRect }[] })[]) {
        // The space of rows that are not drawn gives way to them: nothing that can be read has moved.
        const seen = entry.sources.filter(({ node }) => (node?.textContent ?? '') !== '')
        if (!entry.hadRecentInput && entry.value > 0.001 && seen.length > 0) found.push(`${entry.value}: ${seen.map(({ node, previousRect, currentRect }) => `${node?.nodeName ?? ''} ${node?.textContent.slice(0, 40) ?? ''} ${previousRect.y} → ${currentRect.y}`).join('; ')}`)
      }
    }).observe({ type: 'layout-shift', buffered: true })
  })
}

async function shifts(page: Page): Promise<unknown> {
  return page.evaluate(() => ('shifts' in window ? window.shifts : undefined))
}

function number(index: number): string {
  return String(index).padStart(4, '0')
}

function focused(page: Page) {
  return page.locator('tr:focus')
}
