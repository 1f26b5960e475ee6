'use client'
import { usePathname } from 'next/navigation'
import { tabClass, tabListClass } from '#components/ui/tabs.tsx'
import { PlainLink } from './link.tsx'

/** Parts of a thing, each a page of its own. */
export function TabLinks({ label, tabs }: { label: string; tabs: readonly (readonly [name: string, href: string])[] }) {
  const pathname = usePathname()
  return (
    <nav aria-label={label} className={tabListClass}>
      {tabs.map(([name, href]) => (
        <PlainLink key={href} href={href} aria-current={pathname === href.split('?')[0] ? 'page' : undefined} className={tabClass}>
          {name}
        </PlainLink>
      ))}
    </nav>
  )
}
