'use client'
import { useRouter } from 'next/navigation'
import { usePageKeys } from '#components/console/page-keys.ts'

/** Keys of the pages that show code: `t` finds a file, `b` blames, `y` makes the URL a permanent one. */
export function CodeShortcuts({ find, blame, permalink }: { find: string; blame?: string | undefined; permalink?: string | undefined }) {
  const router = useRouter()
  usePageKeys(({ key }) => {
    if (key === 't') router.push(find)
    else if (key === 'b' && blame !== undefined) router.push(blame)
    // The same content under a URL that stays: nothing needs to be fetched for it.
    else if (key === 'y' && permalink !== undefined) history.replaceState(null, '', `${permalink}${location.hash}`)
    else return false
    return true
  })
  return null
}
