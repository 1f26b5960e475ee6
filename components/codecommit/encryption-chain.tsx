import type { ReactNode } from 'react'
import { Icon, type IconName } from '#components/ui/icon.tsx'

/** One link of the chain: what it is, and what is true of it. */
export type ChainLink = Readonly<{ name: ReactNode; icon: IconName; facts: readonly ReactNode[]; wraps?: string }>

/** The chain from the root key to what is stored, each link with what it does to the next. */
export function EncryptionChain({ links }: { links: readonly ChainLink[] }) {
  return (
    <ol aria-label="From the root key to the sealed objects" className="grid grid-cols-1 gap-y-8 lg:auto-cols-fr lg:grid-flow-col lg:gap-x-16">
      {links.map(({ name, icon, facts, wraps }, index) => (
        <li key={index} className="relative flex flex-col gap-1 rounded-panel border border-outline bg-surface p-3">
          <span className="flex items-center gap-2 font-semibold wrap-anywhere">
            <Icon name={icon} className="text-managed" />
            {name}
          </span>
          <ul className="text-small text-ink-2">
            {facts.map((fact, at) => (
              <li key={at} className="wrap-anywhere">
                {fact}
              </li>
            ))}
          </ul>
          {wraps !== undefined && (
            <span className="absolute flex items-center text-mini text-ink-3 max-lg:top-full max-lg:left-6 max-lg:h-8 max-lg:gap-2 lg:top-1/2 lg:left-full lg:w-16 lg:-translate-y-1/2 lg:flex-col">
              <span className="lg:order-first">{wraps}</span>
              <svg aria-hidden="true" viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" className="size-5 max-lg:order-first max-lg:rotate-90">
                <path d="M1 8h13M10 4l4 4-4 4" />
              </svg>
            </span>
          )}
        </li>
      ))}
    </ol>
  )
}
