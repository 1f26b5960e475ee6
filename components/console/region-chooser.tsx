'use client'
import { usePathname } from 'next/navigation'
import { use, useState } from 'react'
import { inRegion } from '#app/paths.ts'
import { Icon } from '#components/ui/icon.tsx'
import { Menu, MenuHeading, MenuItem, MenuSeparator } from '#components/ui/menu.tsx'
import { useAskedUrl } from './asked-url.ts'
import { barButtonClass } from './bar-button-class.ts'
import { recentRegions, RegionContext, useRegion, type Region } from './region.ts'
import { serviceOf } from './services.ts'

/** Which Region the page shows; the ones used lately first. A global service has none to choose. */
export function RegionChooser() {
  const { regions } = use(RegionContext)
  const region = useRegion()
  const pathname = usePathname()
  const { go } = useAskedUrl()
  const [recent, setRecent] = useState<readonly string[]>([])
  const service = serviceOf(pathname)
  const chosen = regions.find(({ code }) => code === region)
  const recents = recent.flatMap((code) => regions.find((each) => each.code === code) ?? [])

  if (service?.global) {
    return (
      <span className="shrink-0 px-2 text-bar-ink-2 max-sm:hidden" title="Users, policies and credentials are the same in every Region">
        Global
      </span>
    )
  }

  function choose({ code }: Region) {
    // A list has a counterpart in every Region; a single thing has not.
    const isList = !service || service.entries.some(({ within }) => within === pathname)
    go((asked) => (isList ? inRegion(asked, code) : service.home(code)))
  }

  return (
    <Menu
      className="w-80"
      trigger={
        <button type="button" className={barButtonClass} aria-label={`Region: ${chosen?.name ?? region}`} onPointerDown={() => setRecent(recentRegions())} onFocus={() => setRecent(recentRegions())}>
          <span className="max-lg:hidden">{chosen?.name}</span>
          <span className="lg:hidden">{region}</span>
          <Icon name="chevronDown" className="size-3.5 text-bar-ink-2 max-sm:hidden" />
        </button>
      }
    >
      {recents.length > 1 && (
        <>
          <MenuHeading>Used lately</MenuHeading>
          {recents.map((each) => (
            <RegionItem key={each.code} region={each} current={each.code === region} onSelect={choose} />
          ))}
          <MenuSeparator />
        </>
      )}
      <MenuHeading>All Regions</MenuHeading>
      {regions.map((each) => (
        <RegionItem key={each.code} region={each} current={each.code === region} onSelect={choose} />
      ))}
    </Menu>
  )
}

function RegionItem({ region, current, onSelect }: { region: Region; current: boolean; onSelect: (region: Region) => void }) {
  return (
    <MenuItem onSelect={() => onSelect(region)}>
      <span className="flex w-70 items-baseline justify-between gap-3">
        <span className={current ? 'font-semibold' : ''}>{region.name}</span>
        <span className="identifier text-ink-3">{region.code}</span>
      </span>
    </MenuItem>
  )
}
