'use client'
import { useEffect, useRef, type ReactNode } from 'react'

/**
 * Line numbers as links: a click links one line, with Shift all up to it (`#L10-L20`). What the URL names is marked and brought into
 * view.
 */
export function LineLinks({ label, children }: { label: string; children: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const show = (scroll: boolean) => {
      const range = linkedLines(location.hash)
      for (const row of frame.current?.querySelectorAll<HTMLElement>('tr[data-linked]') ?? []) delete row.dataset['linked']
      if (!range) return
      for (let line = range[0]; line <= range[1]; line++) {
        const row = document.getElementById(`L${line}`)
        if (!row) break
        row.dataset['linked'] = ''
      }
      if (scroll) document.getElementById(`L${range[0]}`)?.scrollIntoView({ block: 'center' })
    }
    show(true)
    const changed = () => show(false)
    addEventListener('hashchange', changed)
    addEventListener('popstate', changed)
    return () => {
      removeEventListener('hashchange', changed)
      removeEventListener('popstate', changed)
    }
  }, [])
  return (
    <div
      ref={frame}
      tabIndex={0}
      role="region"
      aria-label={label}
      className="overflow-x-auto focus-visible:-outline-offset-2"
      onClick={(event) => {
        const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href^="#L"]') : null
        const clicked = link && linkedLines(link.hash)
        if (!clicked) return
        event.preventDefault()
        const [from] = (event.shiftKey && linkedLines(location.hash)) || clicked
        const [first, last] = [Math.min(from, clicked[0]), Math.max(from, clicked[0])]
        history.replaceState(history.state, '', first === last ? `#L${first}` : `#L${first}-L${last}`)
        dispatchEvent(new HashChangeEvent('hashchange'))
      }}
    >
      {children}
    </div>
  )
}

/** `#L10` or `#L10-L20` as the first and the last line. */
function linkedLines(hash: string): readonly [first: number, last: number] | undefined {
  const [, first, last = first] = /^#L(\d{1,7})(?:-L(\d{1,7}))?$/.exec(hash) ?? []
  if (first === undefined) return undefined
  return Number(first) <= Number(last) ? [Number(first), Number(last)] : [Number(last), Number(first)]
}
