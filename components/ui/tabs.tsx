'use client'
import { Tabs as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

/** Parts of one page, one shown at a time. Where each part is a place of its own, use links instead (console/tab-links). */
export function Tabs({ label, tabs }: { label: string; tabs: readonly { id: string; name: string; content: ReactNode }[] }) {
  return (
    <Radix.Root defaultValue={tabs[0]?.id ?? ''} className="flex flex-col gap-4">
      <Radix.List aria-label={label} className={tabListClass}>
        {tabs.map((tab) => (
          <Radix.Trigger key={tab.id} value={tab.id} className={tabClass}>
            {tab.name}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.id} value={tab.id} className="flex flex-col gap-4">
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  )
}

export const tabListClass = 'flex gap-4 overflow-x-auto border-b border-line'
export const tabClass =
  'border-b-2 border-transparent px-0.5 py-1.5 font-medium whitespace-nowrap text-ink-2 hover:text-ink focus-visible:-outline-offset-2 ' +
  'aria-[current]:border-accent aria-[current]:text-ink data-[state=active]:border-accent data-[state=active]:text-ink'
