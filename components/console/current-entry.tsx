'use client'
import { createContext, use, useLayoutEffect, useMemo, useState, type ReactNode } from 'react'
import type { Service } from './services.ts'

type Entry = Service['entries'][number]

/** The entry of a service's navigation that the page belongs to: by what the page says of itself, else by its path. */
export function useCurrentEntry(service: Service | undefined, pathname: string): Entry | undefined {
  const { within: said } = use(BelongsContext)
  const path = said ?? pathname
  // The longest path that the page is within: the dashboard's is a prefix of all the others.
  return service?.entries.filter(({ within }) => path === within || (within !== service.path && path.startsWith(`${within}/`))).at(-1)
}

/** Says of a page whose path does not tell it which of a service's lists it belongs to: `/kms/aws-managed-keys`. */
export function Belongs({ within }: { within: string }) {
  const { say } = use(BelongsContext)
  useLayoutEffect(() => {
    say(within)
    return () => say(undefined)
  }, [say, within])
  return null
}

/** Lets the pages within say where they belong; once, around navigation and pages. */
export function WithBelonging({ children }: { children: ReactNode }) {
  const [within, say] = useState<string>()
  const belonging = useMemo(() => ({ within, say }), [within])
  return <BelongsContext value={belonging}>{children}</BelongsContext>
}

const BelongsContext = createContext<Readonly<{ within: string | undefined; say: (within: string | undefined) => void }>>({ within: undefined, say: () => undefined })
