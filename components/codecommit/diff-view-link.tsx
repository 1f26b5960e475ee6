'use client'
import type { ReactNode } from 'react'
import { ButtonLink } from '#components/console/link.tsx'

/** Shows a diff in one column or in two, and keeps that for the next. */
export function DiffViewLink({ view, href, current, children }: { view: 'split' | 'unified'; href: string; current: boolean; children: ReactNode }) {
  return (
    <ButtonLink
      href={href}
      scroll={false}
      aria-current={current ? 'true' : undefined}
      className="aria-[current]:bg-selected"
      onClick={() => {
        document.cookie = `codekeep-diff-view=${view}; Path=/; Max-Age=31536000; SameSite=Lax`
      }}
    >
      {children}
    </ButtonLink>
  )
}
