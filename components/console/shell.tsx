'use client'
import type { ReactNode } from 'react'
import type { HiddenColumns } from '#components/ui/column-choice.tsx'
import { ToastProvider } from '#components/ui/toast.tsx'
import { WithBelonging } from './current-entry.tsx'
import { KeptColumns } from './kept-columns.tsx'
import { RegionContext, type Region } from './region.ts'
import { Shortcuts } from './shortcuts.tsx'
import { SideNavigation } from './side-navigation.tsx'

/** The frame of every page that one must be signed in for. */
export function Shell({ regions, fallbackRegion, hiddenColumns, topBar, children }: { regions: readonly Region[]; fallbackRegion: string; hiddenColumns: HiddenColumns; topBar: ReactNode; children: ReactNode }) {
  return (
    <RegionContext value={{ regions, fallback: fallbackRegion }}>
      <ToastProvider>
        <a href="#content" className="fixed top-1 left-1 z-50 -translate-y-12 rounded-control bg-accent px-3 py-1.5 text-on-accent focus:translate-y-0">
          Skip to content
        </a>
        <WithBelonging>
          {topBar}
          <div className="flex">
            <SideNavigation />
            <main id="content" tabIndex={-1} className="flex min-w-0 grow flex-col gap-4 px-3 py-4 outline-none sm:px-5 lg:px-6">
              <KeptColumns begin={hiddenColumns}>{children}</KeptColumns>
            </main>
          </div>
        </WithBelonging>
        <Shortcuts />
      </ToastProvider>
    </RegionContext>
  )
}
