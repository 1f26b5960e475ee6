import { eventConditions, type EventQuery } from '../../paths.ts'

/** The conditions of a URL as the operations take them; what cannot be read is left for these to refuse. */
export function searchInput({ ReadOnly, StartTime, EndTime, token: _place, event: _shown, ...rest }: EventQuery) {
  return {
    ...rest,
    ...(ReadOnly !== undefined && { ReadOnly: ReadOnly === 'true' }),
    ...(StartTime !== undefined && { StartTime: new Date(StartTime) }),
    ...(EndTime !== undefined && { EndTime: new Date(EndTime) }),
  }
}

/** The conditions of a request's URL. */
export function conditionsOf(url: string): EventQuery {
  const given = new URL(url).searchParams
  return Object.fromEntries(eventConditions.flatMap((name) => (given.get(name) ? [[name, given.get(name) ?? '']] : [])))
}
