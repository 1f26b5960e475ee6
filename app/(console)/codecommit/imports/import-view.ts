import type { Import } from '#lib/codecommit/import/jobs'

/** An import as its page shows it: times as text, so that it goes to the browser and comes again as JSON. */
export type ImportView = Omit<Import, 'startedAt' | 'endedAt'> & Readonly<{ startedAt: string; endedAt?: string }>

export function importView({ startedAt, endedAt, ...rest }: Import): ImportView {
  return { ...rest, startedAt: startedAt.toISOString(), ...(endedAt && { endedAt: endedAt.toISOString() }) }
}
