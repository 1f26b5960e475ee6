'use client'
import { Link } from '#components/console/link.tsx'
import { Table, type Column } from '#components/ui/table.tsx'

type Counted = Readonly<{ name: string; count: number; href: string }>

/** How often each of some values was, the most frequent first. */
export function CountTable({ label, header, rows }: { label: string; header: string; rows: readonly Counted[] }) {
  const columns: Column<Counted>[] = [
    {
      id: 'name',
      header,
      value: ({ name }) => name,
      cell: ({ name, href }) => (
        <Link href={href} className="wrap-anywhere">
          {name}
        </Link>
      ),
    },
    { id: 'count', header: 'Events', value: ({ count }) => count, numeric: true },
  ]
  return <Table label={label} columns={columns} rows={rows} rowId={({ name }) => name} empty={<p className="p-4 text-ink-2">None</p>} />
}
