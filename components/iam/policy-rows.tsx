'use client'
import type { ReactNode } from 'react'
import { Badge, type Tone } from '#components/ui/badge.tsx'
import { Table, type Column } from '#components/ui/table.tsx'
import { Link } from '#components/console/link.tsx'

/** A policy of a user or a group: what it is called, what kind, where it can be read, and what can be done with it. */
export type PolicyRow = Readonly<{ id: string; name: string; kind: string; tone: Tone; href: string; from: string; actions?: ReactNode }>

/** The policies that speak for somebody. */
export function PolicyRows({ rows, empty }: { rows: readonly PolicyRow[]; empty: ReactNode }) {
  return <Table label="Policies" choice="Policies of somebody" columns={columns} rows={rows} rowId={({ id }) => id} empty={empty} />
}

const columns: Column<PolicyRow>[] = [
  {
    id: 'name',
    header: 'Policy name',
    value: ({ name }) => name,
    cell: ({ name, href }) => (
      <Link href={href} className="font-medium wrap-anywhere">
        {name}
      </Link>
    ),
  },
  { id: 'kind', header: 'Type', value: ({ kind }) => kind, cell: ({ kind, tone }) => <Badge tone={tone}>{kind}</Badge> },
  { id: 'from', header: 'Attached', value: ({ from }) => from, secondary: true },
  { id: 'actions', header: '', value: () => '', sortable: false, cell: ({ actions }) => actions, className: 'w-px text-right [&_button]:-my-1' },
]
