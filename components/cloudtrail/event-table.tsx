'use client'
import type { ReactNode } from 'react'
import { paths } from '#app/paths.ts'
import { Link } from '#components/console/link.tsx'
import { Time } from '#components/console/time.tsx'
import { Status } from '#components/ui/badge.tsx'
import { Table, type Column } from '#components/ui/table.tsx'

/** An event as a list shows it. */
export type EventSummary = Readonly<{
  eventId: string
  time: string
  name: string
  source: string
  region: string
  user: string
  /** The service that called on the user's behalf. */
  invokedBy?: string
  errorCode?: string
  resources: readonly Readonly<{ name: string; type: string }>[]
}>

/** Events, newest first. */
export function EventTable({ events, empty }: { events: readonly EventSummary[]; empty: ReactNode }) {
  return <Table label="Events" columns={columns} rows={events} rowId={({ eventId }) => eventId} sortable={false} empty={empty} />
}

const columns: Column<EventSummary>[] = [
  {
    id: 'name',
    header: 'Event name',
    value: ({ name }) => name,
    cell: ({ name, region, eventId }) => (
      <Link href={paths.event(region, eventId)} className="font-medium">
        {name}
      </Link>
    ),
  },
  { id: 'time', header: 'Event time', value: ({ time }) => time, cell: ({ time }) => <Time at={time} /> },
  {
    id: 'user',
    header: 'User name',
    value: ({ user }) => user,
    cell: ({ user, invokedBy }) => (
      <span className="wrap-anywhere">
        {user}
        {invokedBy !== undefined && (
          <span title={invokedBy} className="block text-small whitespace-nowrap text-ink-3">
            by {invokedBy.replace('.amazonaws.com', '')}
          </span>
        )}
      </span>
    ),
  },
  { id: 'outcome', header: 'Outcome', value: ({ errorCode }) => errorCode ?? '', cell: ({ errorCode }) => (errorCode === undefined ? <Status tone="success">Done</Status> : <Status tone="danger">{errorCode}</Status>) },
  { id: 'source', header: 'Event source', value: ({ source }) => source, cell: ({ source }) => <span className="text-ink-2">{source}</span>, secondary: true },
  {
    id: 'resource',
    header: 'Resource',
    value: ({ resources }) => resources[0]?.name ?? '',
    cell: ({ resources }) => (
      <span className="flex flex-col">
        {resources.map(({ name, type }) => (
          <span key={name} title={`${type} ${name}`} className="identifier max-w-64 truncate">
            {name.split(':').slice(5).join(':') || name}
          </span>
        ))}
      </span>
    ),
    secondary: true,
  },
]
