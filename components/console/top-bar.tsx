import type { Action } from './action-state.ts'
import { paths } from '#app/paths.ts'
import { Icon } from '#components/ui/icon.tsx'
import { CommandPalette } from './command-palette.tsx'
import { Mark } from './mark.tsx'
import { PlainLink } from './link.tsx'
import { RegionChooser } from './region-chooser.tsx'
import { ServiceMenu } from './service-menu.tsx'
import { UserMenu, type Theme, type Viewer } from './user-menu.tsx'

/** The bar over every page: services, the look-up, Region and account. */
export function TopBar({ viewer, theme, signOut }: { viewer: Viewer; theme: Theme; signOut: Action }) {
  return (
    <header className="sticky top-0 z-30 flex h-(--bar-height) items-center gap-1 border-b border-bar-line bg-bar px-2 text-bar-ink sm:gap-2 sm:px-3">
      <PlainLink href={paths.home()} aria-label="Codekeep, console home" className="flex items-center gap-2 rounded-control px-1.5 py-1 font-semibold tracking-tight hover:bg-bar-hover">
        <Mark />
        <span className="text-lead max-sm:hidden">Codekeep</span>
      </PlainLink>
      <ServiceMenu />
      <search className="mx-auto w-full max-w-md min-w-0">
        <form action={paths.lookup()} method="get">
          <label className="relative block">
            <span className="sr-only">Find a repository by name, ID or ARN, in all Regions</span>
            <Icon name="search" className="pointer-events-none absolute top-1.75 left-2 text-bar-ink-2" />
            <input
              type="search"
              name="text"
              required
              autoComplete="off"
              spellCheck={false}
              placeholder="Repository name, ID or ARN"
              className="h-7.5 w-full min-w-0 rounded-control border border-bar-line bg-bar-hover pr-2 pl-8 text-body text-bar-ink placeholder:text-bar-ink-2 focus:outline-2 focus:outline-bar-ink-2"
            />
          </label>
        </form>
      </search>
      <CommandPalette userName={viewer.root ? undefined : viewer.name} signOut={signOut} />
      <RegionChooser />
      <UserMenu viewer={viewer} theme={theme} signOut={signOut} />
    </header>
  )
}
