'use client'
import { usePathname, useRouter } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { paths } from '#app/paths.ts'
import { stopEarlyKeys, takeEarlyText } from './early-keys.ts'
import { usePageKeys } from './page-keys.ts'
import { useRegion } from './region.ts'
import { services } from './services.ts'

/** Keys that work on every page: `/` finds in the page's list, else a repository; `g` and a letter goes. */
export function Shortcuts() {
  const router = useRouter()
  const region = useRegion()
  const pathname = usePathname()
  const going = useRef(0)
  const first = useRef(pathname)
  usePageKeys((event) => {
    if (event.key === '/') {
      const find = [...document.querySelectorAll<HTMLInputElement>('[data-find]')].find((field) => field.checkVisibility()) ?? document.querySelector<HTMLInputElement>('input[type=search]')
      find?.focus()
      find?.select()
      const text = takeEarlyText(event)
      if (find && text !== '') {
        find.setRangeText(text, 0, find.value.length, 'end')
        find.dispatchEvent(new InputEvent('input', { bubbles: true }))
      }
      return true
    }
    if (event.key === 'g') {
      going.current = event.timeStamp
      return true
    }
    if (going.current === 0 || event.timeStamp - going.current >= 1200) return false
    going.current = 0
    const entry = services.flatMap(({ entries }) => entries).find(({ keys }) => keys === event.key)
    if (entry) router.push(entry.href(region))
    else if (event.key === 'h') router.push(paths.home())
    return true
  })
  // Parts of the page come alive one after the other, and may each ask for what was typed ahead. The next page is asked nothing.
  useEffect(() => {
    if (pathname !== first.current) stopEarlyKeys()
    const timer = setTimeout(stopEarlyKeys, 5000)
    return () => clearTimeout(timer)
  }, [pathname])
  return null
}
