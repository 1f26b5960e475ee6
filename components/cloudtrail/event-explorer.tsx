'use client'
import { useSearchParams } from 'next/navigation'
import { useMemo, type ReactNode } from 'react'
import { paths, type EventQuery } from '#app/paths.ts'
import { classNames } from '#components/ui/class-names.ts'
import type { Action } from '#components/console/action-state.ts'
import { EventDetail } from './event-detail.tsx'
import { EventIntegrity } from './event-integrity.tsx'
import { eventSummary, repositoryNames, type EventSummary } from './event-summary.ts'
import { EventTable } from './event-table.tsx'
import { LiveBar, useLiveEvents } from './live-events.tsx'

/**
 * The list of events and the one that is looked at. Which one it is, is in the URL; choosing another asks the server for
 * nothing, since the list holds the records.
 */
export function EventExplorer({
  region,
  query,
  records,
  shown,
  contextKey,
  facets,
  empty,
  pager,
  verify,
}: {
  region: string
  query: EventQuery
  /** JSON, newest first */
  records: readonly string[]
  /** The event of the URL, where the list may not have it. */
  shown: string | undefined
  contextKey: string
  facets: ReactNode
  empty: ReactNode
  pager: ReactNode
  verify: Action
}) {
  const selected = useSearchParams().get('event') ?? undefined
  const live = useLiveEvents(paths.eventStream(region, query))
  const listed = useMemo(() => records.map((record) => eventSummary(record, contextKey)), [records, contextKey])
  const came = useMemo(() => live.records.map((record) => eventSummary(record, contextKey)), [live.records, contextKey])
  const events = withoutRepeats([...came, ...listed])
  const names = repositoryNames(events)
  const beside = shown === undefined ? undefined : eventSummary(shown, contextKey)
  const event = events.find(({ eventId }) => eventId === selected) ?? (beside?.eventId === selected ? beside : undefined)

  function show(next: EventSummary | undefined) {
    history.pushState(null, '', paths.events(region, { ...query, event: next?.eventId ?? '' }))
    if (!next) document.querySelector<HTMLElement>('tr[aria-current] a')?.focus()
  }

  return (
    <div className="flex min-w-0 flex-col gap-4 lg:flex-row">
      {facets}
      <div className={classNames('grid min-w-0 grow grid-cols-1 items-start gap-4', event && 'xl:grid-cols-[minmax(0,1fr)_25rem]')}>
        <div className="flex min-w-0 flex-col gap-2">
          <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
            {query.token === undefined && <LiveBar live={live} />}
            <EventIntegrity region={region} from={query.StartTime} to={query.EndTime} verify={verify} />
          </div>
          <EventTable
            events={events}
            names={names}
            empty={empty}
            hrefOf={({ eventId }) => paths.events(region, { ...query, event: eventId })}
            onOpen={show}
            current={event?.eventId}
            compact={event !== undefined}
          />
          {pager}
        </div>
        {event && <EventDetail event={event} names={names} onClose={() => show(undefined)} />}
      </div>
    </div>
  )
}

function withoutRepeats(events: readonly EventSummary[]): EventSummary[] {
  return [...new Map(events.map((event) => [event.eventId, event])).values()]
}
