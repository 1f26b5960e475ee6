'use client'
import { usePathname } from 'next/navigation'
import { Icon } from '#components/ui/icon.tsx'
import { Menu, MenuHeading, MenuLink, MenuSeparator } from '#components/ui/menu.tsx'
import { barButtonClass } from './bar-button-class.ts'
import { useCurrentEntry } from './current-entry.tsx'
import { PlainLink } from './link.tsx'
import { useRegion } from './region.ts'
import { serviceOf, services } from './services.ts'

/** Every service, and on narrow screens the current one's pages too. */
export function ServiceMenu() {
  const pathname = usePathname()
  const region = useRegion()
  const current = serviceOf(pathname)
  const currentEntry = useCurrentEntry(current, pathname)
  return (
    <Menu
      align="start"
      className="w-72"
      trigger={
        <button type="button" className={barButtonClass}>
          <Icon name="menu" />
          <span className="max-md:sr-only">{current?.name ?? 'Services'}</span>
          <Icon name="chevronDown" className="size-3.5 text-bar-ink-2 max-md:hidden" />
        </button>
      }
    >
      {current && (
        <div className="lg:hidden">
          <MenuHeading>{current.name}</MenuHeading>
          {current.entries.map((entry) => (
            <MenuLink key={entry.name} current={entry === currentEntry}>
              <PlainLink href={entry.href(region)} aria-current={entry === currentEntry ? 'page' : undefined}>
                {entry.name}
              </PlainLink>
            </MenuLink>
          ))}
          <MenuSeparator />
        </div>
      )}
      <MenuHeading>Services</MenuHeading>
      {services.map((service) => (
        <MenuLink key={service.name} current={service === current}>
          <PlainLink href={service.home(region)}>
            <span className="flex flex-col">
              {service.name}
              <span className="text-small font-normal text-ink-3">{service.about}</span>
            </span>
          </PlainLink>
        </MenuLink>
      ))}
    </Menu>
  )
}
