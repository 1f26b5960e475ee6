'use client'
import { usePathname, useSearchParams } from 'next/navigation'
import { createContext, use, useEffect } from 'react'

export type Region = Readonly<{ code: string; name: string }>

/** The Regions there are, and the one to begin in; given once, by the shell. */
export const RegionContext = createContext<Readonly<{ regions: readonly Region[]; fallback: string }>>({ regions: [], fallback: '' })

/** The Region that the page shows: of its URL, else the one chosen last. Remembered as the one to begin in. */
export function useRegion(): string {
  const { regions, fallback } = use(RegionContext)
  const parameters = useSearchParams()
  const ofPath = /^\/iam\/encryption-keys\/([^/]+)\/./.exec(usePathname())?.[1]
  const asked = ofPath ?? parameters.get('region') ?? ''
  const region = regions.some(({ code }) => code === asked) ? asked : fallback
  useEffect(() => {
    if (region !== fallback || recentRegions()[0] !== region) keepRegion(region)
  }, [region, fallback])
  return region
}

/** The Regions used lately, the last one first. */
export function recentRegions(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem('codekeep-regions') ?? '[]')
    return Array.isArray(kept) ? kept.filter((code): code is string => typeof code === 'string') : []
  } catch {
    return []
  }
}

function keepRegion(region: string) {
  document.cookie = `codekeep-region=${region}; Path=/; Max-Age=31536000; SameSite=Lax`
  localStorage.setItem('codekeep-regions', JSON.stringify([region, ...recentRegions().filter((code) => code !== region)].slice(0, 4)))
}
