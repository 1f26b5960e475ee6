'use client'
import { usePathname } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { tabClass, tabListClass } from '#components/ui/tabs.tsx'
import { PlainLink } from './link.tsx'

/** Parts of a thing, each a page of its own. A page below a part's is of that part. */
export function TabLinks({ label, tabs }: { label: string; tabs: readonly (readonly [name: string, href: string])[] }) {
  const pathname = usePathname()
  const paths = tabs.map(([, href]) => href.split('?')[0] ?? href)
  // The longest path that the page is within: the first part's is a prefix of the others.
  const within = paths.filter((path) => pathname === path || pathname.startsWith(`${path}/`)).sort((one, other) => other.length - one.length)[0]
  const list = useRef<HTMLElement>(null)
  // On a phone the tabs are wider than the page: the one that is shown is to be seen.
  useEffect(() => {
    const current = list.current?.querySelector('[aria-current]')?.getBoundingClientRect()
    const frame = list.current?.getBoundingClientRect()
    if (current && frame && (current.right > frame.right || current.left < frame.left)) list.current?.scrollBy({ left: current.left + current.width / 2 - frame.left - frame.width / 2 })
  }, [within])
  return (
    <nav ref={list} aria-label={label} className={tabListClass}>
      {tabs.map(([name, href], index) => (
        <PlainLink key={href} href={href} aria-current={paths[index] !== within ? undefined : pathname === within ? 'page' : 'true'} className={tabClass}>
          {name}
        </PlainLink>
      ))}
    </nav>
  )
}
