'use client'
import { useEffect, useEffectEvent } from 'react'
import { dropEarlyKey, takeEarlyKeys } from './early-keys.ts'

/**
 * Listens for the keys of a page: those without a modifier, while nobody types and no dialog is open. `onKey` answers whether the
 * key was its own. Keys pressed before the page came alive are given to it first.
 */
export function usePageKeys(onKey: (event: KeyboardEvent) => boolean): void {
  const take = useEffectEvent((event: KeyboardEvent) => !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target) && document.querySelector('[role=dialog]') === null && onKey(event))
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (!take(event)) return
      event.preventDefault()
      dropEarlyKey(event)
    }
    takeEarlyKeys(take)
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}
