import { keepPreference, readPreference } from '#lib/iam/console-preferences'
import type { SavedFilter } from '#components/cloudtrail/saved-filters.tsx'

/** The filters of the event history that a principal has saved, by name. */
export async function savedFilters(principalArn: string): Promise<SavedFilter[]> {
  return JSON.parse((await readPreference(principalArn, preference)) ?? '[]') as SavedFilter[]
}

/** Keeps a principal's filters; the newest `mostKept` of them. */
export async function keepFilters(principalArn: string, filters: readonly SavedFilter[]): Promise<void> {
  await keepPreference(principalArn, preference, JSON.stringify(filters.slice(0, mostKept)))
}

const preference = 'event-filters'
const mostKept = 50
