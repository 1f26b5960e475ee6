'use client'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { paths } from '#app/paths.ts'
import { useRegion } from './region.ts'
import { services } from './services.ts'

/** Keys that work on every page: `/` finds in the page's list, else a repository; `g` and a letter goes. */
export function Shortcuts() {
  const router = useRouter()
  const region = useRegion()
  useEffect(() => {
    let going = 0
    function onKeyDown(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('[role=dialog]')) return
      if (event.key === '/') {
        const find = document.querySelector<HTMLInputElement>('[data-find]') ?? document.querySelector<HTMLInputElement>('input[type=search]')
        event.preventDefault()
        find?.focus()
        find?.select()
      } else if (event.key === 'g') {
        going = event.timeStamp
      } else if (going > 0 && event.timeStamp - going < 1200) {
        going = 0
        const entry = services.flatMap(({ entries }) => entries).find(({ keys }) => keys === event.key)
        if (entry) router.push(entry.href(region))
        else if (event.key === 'h') router.push(paths.home())
      }
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [router, region])
  return null
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}
