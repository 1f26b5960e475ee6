'use client'
import { useState } from 'react'
import { Table, type Column } from '#components/ui/table.tsx'

type Row = Readonly<{ name: string; size: number }>

/** A table to try: sorting, selecting, and a row that cannot be selected. */
export function DesignTable() {
  const [selected, setSelected] = useState<readonly string[]>([])
  return (
    <Table
      label="Example"
      columns={columns}
      rows={rows}
      rowId={({ name }) => name}
      empty={null}
      selection={{ selected, onChange: setSelected, name: ({ name }) => `Select ${name}`, reason: ({ name }) => (name.startsWith('aws/') ? 'AWS manages this key.' : undefined) }}
    />
  )
}

const columns: Column<Row>[] = [
  { id: 'name', header: 'Name', value: ({ name }) => name },
  { id: 'size', header: 'Size', value: ({ size }) => size, numeric: true },
]

const rows: readonly Row[] = [
  { name: 'app', size: 12 },
  { name: 'aws/codecommit', size: 3 },
  { name: 'backup', size: 240 },
]
