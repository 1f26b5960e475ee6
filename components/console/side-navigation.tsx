'use client'
import { usePathname } from 'next/navigation'
import { classNames } from '#components/ui/class-names.ts'
import { useCurrentEntry } from './current-entry.tsx'
import { PlainLink } from './link.tsx'
import { useRegion } from './region.ts'
import { serviceOf } from './services.ts'

/** The pages of the current service. On narrow screens they are in the service menu. */
export function SideNavigation() {
  const pathname = usePathname()
  const region = useRegion()
  const service = serviceOf(pathname)
  const current = useCurrentEntry(service, pathname)
  if (!service) return null
  return (
    <nav aria-label={service.name} className="sticky top-(--bar-height) flex h-[calc(100vh-var(--bar-height))] w-(--side-width) shrink-0 flex-col gap-0.5 border-r border-line bg-surface px-2 py-3 max-lg:hidden">
      <div className="px-2 pb-2 text-lead font-semibold">{service.name}</div>
      {service.entries.map((entry) => (
        <PlainLink
          key={entry.name}
          href={entry.href(region)}
          aria-current={entry === current ? 'page' : undefined}
          className={classNames(
            'flex items-center justify-between rounded-control px-2 py-1 text-ink-2 hover:bg-hover hover:text-ink',
            entry === current && 'bg-selected font-medium text-ink hover:bg-selected',
          )}
        >
          {entry.name}
          {entry.keys !== undefined && <kbd className="text-mini text-ink-3">g {entry.keys}</kbd>}
        </PlainLink>
      ))}
    </nav>
  )
}
