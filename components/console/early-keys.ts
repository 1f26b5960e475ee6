/**
 * Keys pressed before the page has come alive: `/` or `g r` typed ahead. The script stands in the document before anything else and
 * keeps them; whoever listens for keys later asks for those that were for it.
 */
export const earlyKeysScript = `(() => {
  const keys = []
  const keep = (event) => {
    const { target, key } = event
    if (event.altKey || (target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)))) return
    if (event.ctrlKey || event.metaKey) {
      if (key.toLowerCase() !== 'k' || event.shiftKey) return
      event.preventDefault()
    } else if (key === '/') {
      event.preventDefault()
      // What has come but is not shown yet takes no focus.
      const find = document.querySelector('[data-find]')
      find?.focus()
      if (find && document.activeElement === find) return
    } else if (key.length !== 1) return
    keys.push(event)
  }
  document.addEventListener('keydown', keep)
  window.codekeepEarlyKeys = { keys, stop: () => { document.removeEventListener('keydown', keep); keys.length = 0 } }
})()`

type EarlyKeys = { keys: KeyboardEvent[]; stop: () => void }

/** Gives the keys that were kept to a listener, which answers whether one was its own. What follows the palette's key is its text. */
export function takeEarlyKeys(onKey: (event: KeyboardEvent) => boolean): void {
  const early = earlyKeys()
  for (const event of [...(early?.keys ?? [])]) {
    if (!early?.keys.includes(event)) continue
    if (onKey(event)) dropEarlyKey(event)
    else if (isPaletteKey(event)) return
  }
}

/** What was typed after `/`, before there was a field for it. */
export function takeEarlyText(slash: KeyboardEvent): string {
  const keys = earlyKeys()?.keys ?? []
  const at = keys.indexOf(slash)
  return at < 0 ? '' : keys.splice(at + 1).map(({ key }) => key).join('')
}

/** A key that has found its listener is not kept for another. */
export function dropEarlyKey(event: KeyboardEvent): void {
  const keys = earlyKeys()?.keys
  const at = keys?.indexOf(event) ?? -1
  if (at >= 0) keys?.splice(at, isPaletteKey(event) ? keys.length : 1)
}

/** From here on keys are for the listeners there are. */
export function stopEarlyKeys(): void {
  earlyKeys()?.stop()
}

/** Ctrl-K or Cmd-K. */
export function isPaletteKey(event: KeyboardEvent): boolean {
  return event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey
}

function earlyKeys(): EarlyKeys | undefined {
  return (window as { codekeepEarlyKeys?: EarlyKeys }).codekeepEarlyKeys
}
