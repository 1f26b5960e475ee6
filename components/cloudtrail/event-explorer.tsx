'use client'
import { useSearchParams } from 'next/navigation'
import { useMemo, type ReactNode } from 'react'
import { paths, type EventQuery } from '#app/paths.ts'
import { classNames } from '#components/ui/class-names.ts'
import type { Action } from '#components/console/action-state.ts'
import type { ListPage } from '#components/console/list-page.ts'
import { MoreRows } from '#components/console/more-rows.tsx'
import { usePagedList } from '#components/console/paged-list.ts'
import { EventDetail } from './event-detail.tsx'
import { EventIntegrity } from './event-integrity.tsx'
import { eventSummary, repositoryNames, type EventSummary } from './event-summary.ts'
import { EventTable } from './event-table.tsx'
import { LiveBar, useLiveEvents } from './live-events.tsx'

/**
 * The list of events, as far as it has been loaded, and the one that is looked at. Which one it is, is in the URL; choosing
 * another asks the server for nothing, since the list holds the records.
 */
export function EventExplorer({
  region,
  query,
  url,
  first,
  shown,
  contextKey,
  facets,
  empty,
  verify,
}: {
  region: string
  query: EventQuery
  /** Of the list alone, without the event that is shown beside it. */
  url: string
  /** Records, JSON, newest first */
  first: ListPage<string>
  /** The event of the URL, where the list may not have it. */
  shown: string | undefined
  contextKey: string
  facets: ReactNode
  empty: ReactNode
  verify: Action
}) {
  const selected = useSearchParams().get('event') ?? undefined
  const live = useLiveEvents(paths.eventStream(region, query))
  const list = usePagedList(url, first, itself)
  const listed = useMemo(() => list.pages.flatMap((page) => summariesOf(page, contextKey)), [list.pages, contextKey])
  const came = useMemo(() => live.records.map((record) => eventSummary(record, contextKey)), [live.records, contextKey])
  const events = useMemo(() => withoutRepeats([...came, ...listed]), [came, listed])
  const names = useMemo(() => repositoryNames(events), [events])
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
            growing={list.growing}
            names={names}
            empty={empty}
            hrefOf={({ eventId }) => paths.events(region, { ...query, event: eventId })}
            onOpen={show}
            current={event?.eventId}
            compact={event !== undefined}
          />
          <MoreRows list={list} noun="events" />
        </div>
        {event && <EventDetail event={event} names={names} onClose={() => show(undefined)} />}
      </div>
    </div>
  )
}

/** The events of a page. Each page is read once, however many follow it. */
function summariesOf(page: ListPage<string>, contextKey: string): readonly EventSummary[] {
  const before = read.get(page)
  if (before) return before
  const summaries = page.rows.map((record) => eventSummary(record, contextKey))
  read.set(page, summaries)
  return summaries
}

const read = new WeakMap<ListPage<string>, readonly EventSummary[]>()

function itself(record: string): string {
  return record
}

function withoutRepeats(events: readonly EventSummary[]): EventSummary[] {
  return [...new Map(events.map((event) => [event.eventId, event])).values()]
}
