'use client'
import type { ReactNode } from 'react'
import { Copyable } from '#components/console/copyable.tsx'
import { Link } from '#components/console/link.tsx'
import { TimeAgo } from '#components/console/time.tsx'
import { Table, type Column } from '#components/ui/table.tsx'

type Named = Readonly<{ name: string; href: string; arn: string; created: string; actions?: ReactNode }>

/** Things of IAM by name: groups, the users of one. */
export function NamedRows({ label, header, rows, empty }: { label: string; header: string; rows: readonly Named[]; empty: ReactNode }) {
  const withActions = rows.some(({ actions }) => actions !== undefined)
  const columns: Column<Named>[] = [
    {
      id: 'name',
      header,
      value: ({ name }) => name,
      cell: ({ name, href }) => (
        <Link href={href} className="font-medium wrap-anywhere">
          {name}
        </Link>
      ),
    },
    { id: 'arn', header: 'ARN', value: ({ arn }) => arn, cell: ({ arn }) => <Copyable text={arn} name="ARN" />, secondary: true },
    { id: 'created', header: 'Created', value: ({ created }) => created, width: 'w-36', cell: ({ created }) => <TimeAgo at={created} />, secondary: withActions },
    ...(withActions
      ? [{ id: 'actions', header: '', value: () => '', sortable: false, cell: ({ actions }: Named) => actions, width: 'w-28', className: 'text-right [&_button]:-my-1' }]
      : []),
  ]
  return <Table label={label} choice={`${label} by name`} columns={columns} rows={rows} rowId={({ name }) => name} empty={empty} />
}
