'use client'
import { usePathname } from 'next/navigation'
import { use } from 'react'
import { buttonClass } from '#components/ui/button-class.ts'
import { classNames } from '#components/ui/class-names.ts'
import { controlClass, selectClass } from '#components/ui/field.tsx'
import type { Action } from './action-state.ts'
import { Form } from './form.tsx'
import { Link } from './link.tsx'
import { RegionContext, useRegion } from './region.ts'
import { serviceOf, services } from './services.ts'

/** Stands over every page of a browser that runs no scripts: what is elsewhere in menus, and what does without. */
export function WithoutScripts({ signOut }: { signOut: Action }) {
  const { regions } = use(RegionContext)
  const region = useRegion()
  const pathname = usePathname()
  const service = serviceOf(pathname)
  // A single thing has no counterpart in another Region; the list that it is of has.
  const list = service?.entries.find(({ within }) => within === pathname) ?? service?.entries[0]
  return (
    <noscript>
      <div className="flex flex-col gap-2 border-b border-line bg-sunken px-3 py-2 text-small sm:px-5 lg:px-6">
        <p className="text-ink-2">
          This browser runs no scripts. Pages, lists, search and the forms on pages work. What opens in a menu or a dialog needs scripts: creating and changing credentials, keys and tags, deleting, the policy editor, live events.
        </p>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <nav aria-label="Services" className="flex flex-wrap gap-x-4 gap-y-1">
            {services.map(({ name, home }) => (
              <Link key={name} href={home(region)} className="inline-flex min-h-6 items-center">
                {name}
              </Link>
            ))}
          </nav>
          {service && (
            <nav aria-label={`Pages of ${service.name}`} className="flex flex-wrap gap-x-4 gap-y-1 lg:hidden">
              {service.entries.map(({ name, href }) => (
                <Link key={name} href={href(region)} className="inline-flex min-h-6 items-center">
                  {name}
                </Link>
              ))}
            </nav>
          )}
          <div className="flex grow flex-wrap items-center justify-end gap-2">
            {!service?.global && (
              <form method="get" action={list?.within ?? pathname} className="flex gap-2">
                <select name="region" aria-label="Region" defaultValue={region} className={classNames(controlClass, selectClass)}>
                  {regions.map(({ code, name }) => (
                    <option key={code} value={code}>
                      {name} {code}
                    </option>
                  ))}
                </select>
                <button type="submit" className={buttonClass('secondary')}>
                  Show Region
                </button>
              </form>
            )}
            <Form action={signOut} submit="Sign out" variant="secondary" className="contents" />
          </div>
        </div>
      </div>
    </noscript>
  )
}
