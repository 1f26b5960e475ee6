import type { Page } from '@playwright/test'

type Seen = Readonly<{ byPlace: Readonly<Record<string, readonly string[]>>; moved: readonly string[] }>

/** Notes in each page that is opened from now on what is drawn at each place of its long table, and which rows move by themselves. */
export async function watchRows(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const byPlace: Record<string, string[]> = {}
    const moved: string[] = []
    Object.assign(window, { rowsSeen: { byPlace, moved } })
    const note = () => {
      for (const row of document.querySelectorAll<HTMLElement>('tr[aria-rowindex][data-index]')) {
        const place = (byPlace[row.ariaRowIndex ?? ''] ??= [])
        const name = row.querySelector('a')?.textContent ?? ''
        // Without a name yet it is still being read.
        if (name !== '' && !place.includes(name)) place.push(name)
      }
    }
    new MutationObserver(note).observe(document, { childList: true, subtree: true, characterData: true })
    new PerformanceObserver((entries) => {
      for (const entry of entries.getEntries() as (PerformanceEntry & { hadRecentInput: boolean; sources: { node?: Node; previousRect: DOMRect; currentRect: DOMRect }[] })[]) {
        if (entry.hadRecentInput) continue
        for (const { node, previousRect, currentRect } of entry.sources) {
          const row = node instanceof Element ? node.closest('tr[data-index]') : node?.parentElement?.closest('tr[data-index]')
          if (row) moved.push(`${row.textContent.slice(0, 30)}: ${previousRect.x} ${previousRect.y} → ${currentRect.x} ${currentRect.y}`)
        }
      }
    }).observe({ type: 'layout-shift', buffered: true })
  })
}

/** What was noted in the page since it was opened. */
export async function rowsSeen(page: Page): Promise<Seen> {
  return page.evaluate(() => (window as unknown as { rowsSeen: Seen }).rowsSeen)
}

export function focusedRow(page: Page) {
  return page.locator('tr:focus')
}
