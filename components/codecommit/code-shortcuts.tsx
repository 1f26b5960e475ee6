'use client'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

/** Keys of the pages that show code: `t` finds a file, `b` blames, `y` makes the URL a permanent one. */
export function CodeShortcuts({ find, blame, permalink }: { find: string; blame?: string | undefined; permalink?: string | undefined }) {
  const router = useRouter()
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      const { target } = event
      const typing = target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
      if (event.ctrlKey || event.metaKey || event.altKey || typing || document.querySelector('[role=dialog]')) return
      if (event.key === 't') {
        event.preventDefault()
        router.push(find)
      } else if (event.key === 'b' && blame !== undefined) {
        router.push(blame)
      } else if (event.key === 'y' && permalink !== undefined) {
        // The same content under a URL that stays: nothing needs to be fetched for it.
        history.replaceState(null, '', `${permalink}${location.hash}`)
      }
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [router, find, blame, permalink])
  return null
}
