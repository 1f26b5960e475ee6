import { SearchEvents } from '#lib/cloudtrail/history'
import type { EventQuery } from '../../paths.ts'
import { listPage } from '../../list-page.ts'
import type { ConsoleContext } from '../../session.ts'
import { searchInput } from './event-conditions.ts'

/** The events that meet some conditions, newest first, a page of their records. */
export function eventRows(context: ConsoleContext, { token, event: _event, ...conditions }: EventQuery) {
  return listPage(SearchEvents, context, { ...searchInput(conditions), NextToken: token }, ({ Events, NextToken, SearchedUntil }) => ({
    rows: Events.map(({ CloudTrailEvent }) => CloudTrailEvent),
    next: NextToken,
    until: SearchedUntil?.toISOString(),
  }))
}
