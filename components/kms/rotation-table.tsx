'use client'
import { Copyable } from '#components/console/copyable.tsx'
import { Time } from '#components/console/time.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { Table, type Column } from '#components/ui/table.tsx'

type Rotation = Readonly<{ materialId: string; current: boolean; type: string | null; date: string | null }>

/** The versions of a key's material. The first came with the key. */
export function RotationTable({ rotations, created }: { rotations: readonly Rotation[]; created: string }) {
  const columns: Column<Rotation>[] = [
    { id: 'date', header: 'Since', value: ({ date }) => date ?? created, cell: ({ date }) => <Time at={date ?? created} /> },
    { id: 'type', header: 'Made by', value: ({ type }) => names[type ?? ''] ?? '', secondary: true },
    { id: 'current', header: 'Use', value: ({ current }) => (current ? 'current' : 'decrypts'), cell: ({ current }) => (current ? <Badge tone="success">Encrypts and decrypts</Badge> : <Badge>Decrypts</Badge>) },
    { id: 'material', header: 'Key material ID', value: ({ materialId }) => materialId, cell: ({ materialId }) => <Copyable text={materialId} name="key material ID" />, secondary: true },
  ]
  return (
    <div className="[&>div]:rounded-t-none [&>div]:border-0">
      <Table label="Key material" columns={columns} rows={rotations} rowId={({ materialId }) => materialId} sortable={false} empty={null} />
    </div>
  )
}

const names: Readonly<Record<string, string>> = { '': 'Creation of the key', AUTOMATIC: 'Automatic rotation', ON_DEMAND: 'Rotation on demand' }
