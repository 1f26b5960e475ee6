'use client'
import { useState } from 'react'
import { Link } from '#components/console/link.tsx'
import { MoreRows } from '#components/console/more-rows.tsx'
import type { PagedList } from '#components/console/paged-list.ts'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Time, TimeAgo } from '#components/console/time.tsx'
import { KeptColumns } from '#components/console/kept-columns.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { TableSkeleton } from '#components/ui/skeleton.tsx'
import { Table, type Column } from '#components/ui/table.tsx'
import { refusal } from './refusal.ts'
import { Shown } from './shown.tsx'

type Row = Readonly<{ name: string; size: number; keys: number; used: string }>

/** Tables in each of their states. */
export function DesignTables() {
  const [selected, setSelected] = useState<readonly string[]>(['app'])
  return (
    <KeptColumns begin={{ 'With a column hidden': ['keys'] }}>
      <Panel title="Table" description="Sorting, selection, a row that cannot be selected, columns to choose">
        <div className="flex flex-col gap-4">
          <Table
            label="Keys"
            columns={columns}
            rows={rows}
            rowId={({ name }) => name}
            empty={null}
            current="backup"
            selection={{ selected, onChange: setSelected, name: ({ name }) => `Select ${name}`, reason: ({ name }) => (name.startsWith('aws/') ? 'AWS manages this key.' : undefined) }}
          />
          <Shown state="Pointed at" as="hover">
            <div className="w-full">
              <Table label="Pointed at" columns={columns} rows={rows.slice(0, 1)} rowId={({ name }) => name} empty={null} />
            </div>
          </Shown>
          <Shown state="Focused" as="focus">
            <div className="w-full">
              <Table label="Focused" columns={columns} rows={rows.slice(0, 1)} rowId={({ name }) => name} empty={null} />
            </div>
          </Shown>
          <Table label="With a column hidden" columns={columns} rows={rows} rowId={({ name }) => name} empty={null} sortable={false} />
          <MoreRows list={begun} noun="keys" />
          <MoreRows list={{ ...begun, busy: true }} noun="keys" />
          <MoreRows list={{ ...begun, problem: refusal }} noun="keys" />
        </div>
      </Panel>
      <Panel title="Table on its way, empty, refused">
        <div className="flex flex-col gap-4">
          <TableSkeleton rows={3} />
          <Table label="Empty" columns={columns} rows={[]} rowId={({ name }) => name} empty={<EmptyState title="No key in US East (Ohio) has that in its alias" />} />
          <ProblemMessage problem={refusal} />
        </div>
      </Panel>
      <Panel title="A long table" description="Two thousand rows, of which those near what is seen are drawn. It is the last on the page: End goes to its end.">
        <Table label="Many" columns={columns} rows={many} rowId={({ name }) => name} empty={null} />
      </Panel>
    </KeptColumns>
  )
}

const columns: Column<Row>[] = [
  {
    id: 'name',
    header: 'Alias',
    value: ({ name }) => name,
    cell: ({ name }) => (
      <Link href="/design" className="font-medium">
        {name}
      </Link>
    ),
  },
  { id: 'size', header: 'Sealed bytes', value: ({ size }) => size, numeric: true },
  { id: 'keys', header: 'Data keys', value: ({ keys }) => keys, numeric: true, secondary: true },
  { id: 'used', header: 'Last used', value: ({ used }) => used, cell: ({ used }) => <Time at={used} />, className: 'max-md:*:whitespace-normal' },
  { id: 'ago', header: 'Ago', value: ({ used }) => used, cell: ({ used }) => <TimeAgo at={used} />, secondary: true },
]

const rows: readonly Row[] = [
  { name: 'app', size: 12, keys: 1, used: '2026-11-22T22:57:13Z' },
  { name: 'aws/codecommit', size: 3_204_118, keys: 40, used: '2026-11-23T08:00:00Z' },
  { name: 'backup', size: 240, keys: 7, used: '2026-10-01T12:30:45Z' },
]

/** A list that has more pages, none of which comes: /design asks the server for nothing. */
const begun: PagedList<Row> = { rows, pages: [{ rows, next: 'next', drawn: 'now' }], growing: 'more', next: '/design?token=next', first: '/design', midway: false, busy: false, problem: undefined, load: () => undefined }

const many: readonly Row[] = Array.from({ length: 2000 }, (_, index) => ({ name: `key-${index}`, size: (index * 7919) % 100_000, keys: index % 17, used: new Date(Date.UTC(2026, 10, 1) - index * 3_600_000).toISOString() }))
