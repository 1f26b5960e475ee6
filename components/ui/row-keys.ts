'use client'
import { useLayoutEffect, useRef, useState, type FocusEvent, type KeyboardEvent, type RefObject } from 'react'

/**
 * Moves the focus between the rows of a table, one of which Tab comes to: arrows by one, Page Up and Page Down by a screenful,
 * Home and End to the first and the last. Enter opens the row's first link, the space bar selects.
 *
 * Rows carry their place as `data-index`; the one at `active` must be in the document, and those around it need not be.
 */
export function useRowKeys(count: number): Readonly<{
  body: RefObject<HTMLTableSectionElement | null>
  active: number
  onKeyDown: (event: KeyboardEvent) => void
  onFocus: (event: FocusEvent) => void
}> {
  const body = useRef<HTMLTableSectionElement>(null)
  const [wanted, setActive] = useState(0)
  const moved = useRef(false)
  const active = Math.min(wanted, count - 1)

  useLayoutEffect(() => {
    if (!moved.current) return
    moved.current = false
    rowAt(body.current, active)?.focus()
  }, [active])

  function onKeyDown(event: KeyboardEvent) {
    const row = rowOf(event.target)
    if (!row || event.defaultPrevented) return
    const index = Number(row.dataset['index'])
    const screenful = Math.max(1, Math.floor(innerHeight / row.offsetHeight) - 4)
    const next = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: Math.max(index, Math.min(count - 1, index + screenful)),
      PageUp: Math.max(0, index - screenful),
      Home: 0,
      End: count - 1,
    }[event.key]
    if (next !== undefined) {
      if (next < 0 || next >= count) return
      event.preventDefault()
      if (next === active) row.focus()
      moved.current = next !== active
      setActive(next)
    } else if (event.target === row && event.key === 'Enter') {
      row.querySelector('a')?.click()
    } else if (event.target === row && event.key === ' ') {
      event.preventDefault()
      row.querySelector<HTMLInputElement>('input[type=checkbox]')?.click()
    }
  }

  function onFocus(event: FocusEvent) {
    const row = rowOf(event.target)
    if (row) setActive(Number(row.dataset['index']))
  }

  return { body, active, onKeyDown, onFocus }
}

function rowOf(target: EventTarget): HTMLTableRowElement | null {
  return target instanceof Element ? target.closest<HTMLTableRowElement>('tr[data-index]') : null
}

function rowAt(body: HTMLTableSectionElement | null, index: number): HTMLTableRowElement | null {
  return body?.querySelector<HTMLTableRowElement>(`tr[data-index="${index}"]`) ?? null
}
