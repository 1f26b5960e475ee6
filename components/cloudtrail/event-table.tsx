'use client'
import type { MouseEvent, ReactNode } from 'react'
import { paths } from '#app/paths.ts'
import { Link } from '#components/console/link.tsx'
import { Time } from '#components/console/time.tsx'
import { Status } from '#components/ui/badge.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { Table, type Column, type TableProps } from '#components/ui/table.tsx'
import { EventSentence } from './event-sentence.tsx'
import type { EventSummary } from './event-summary.ts'

/** Events, newest first. `onOpen` shows one in place; without it, its link leads to its page. */
export function EventTable({
  events,
  names = {},
  empty,
  hrefOf = ({ region, eventId }) => paths.event(region, eventId),
  onOpen,
  current,
  growing,
  compact = false,
}: {
  events: readonly EventSummary[]
  /** Names of repositories, by their IDs. */
  names?: Readonly<Record<string, string>>
  empty: ReactNode
  hrefOf?: (event: EventSummary) => string
  onOpen?: (event: EventSummary) => void
  current?: string | undefined
  /** Without the sentences: one is shown beside. */
  compact?: boolean
} & Pick<TableProps<EventSummary>, 'growing'>) {
  function open(event: EventSummary, click: MouseEvent) {
    // With a modifier it is the browser's: a new tab, a new window.
    if (!onOpen || click.metaKey || click.ctrlKey || click.shiftKey || click.altKey) return
    click.preventDefault()
    onOpen(event)
  }
  const columns: Column<EventSummary>[] = [
    {
      id: 'name',
      header: 'Event name',
      value: ({ name }) => name,
      ...(!compact && { width: 'md:w-64' }),
      cell: (event) => (
        <Link href={hrefOf(event)} onClick={(click) => open(event, click)} className="font-medium max-md:inline-block max-md:min-w-22 max-md:wrap-anywhere md:whitespace-nowrap">
          {event.name}
        </Link>
      ),
    },
    {
      id: 'sentence',
      header: 'What happened',
      value: ({ user }) => user,
      cell: (event) => (
        <span className="text-ink-2 wrap-anywhere">
          <EventSentence event={event} names={names} />
        </span>
      ),
      className: 'w-full min-w-56',
      secondary: true,
    },
    { id: 'outcome', header: 'Outcome', value: ({ errorCode }) => errorCode ?? '', cell: (event) => <EventOutcome event={event} />, width: 'w-38 max-md:w-26', className: '*:max-w-32 max-md:*:max-w-20' },
    { id: 'time', header: 'Event time', value: ({ time }) => time, cell: ({ time }) => <Time at={time} />, width: compact ? 'w-28' : 'w-28 min-[1380px]:w-52', className: compact ? '*:whitespace-normal' : 'max-[1380px]:*:whitespace-normal' },
  ]
  return <Table label="Events" columns={compact ? columns.filter(({ id }) => id !== 'sentence') : columns} rows={events} rowId={({ eventId }) => eventId} sortable={false} empty={empty} current={current} growing={growing} />
}

/** Done, refused by policy, or failed. */
export function EventOutcome({ event: { errorCode, denied } }: { event: EventSummary }) {
  if (errorCode === undefined) return <Status tone="success">Done</Status>
  return (
    <span title={errorCode} className="flex min-w-0">
      <Status tone={denied ? 'danger' : 'warning'}>
        {/* A phone has no room for the code. */}
        {denied && <span className="md:hidden">Refused</span>}
        <span className={classNames('min-w-0 truncate', denied && 'max-md:hidden')}>{errorCode}</span>
      </Status>
    </span>
  )
}
