'use client'
import type { ReactNode } from 'react'
import { paths } from '#app/paths.ts'
import { Copyable } from '#components/console/copyable.tsx'
import { Link } from '#components/console/link.tsx'
import { Table, type Column } from '#components/ui/table.tsx'

/** Without the numbers where whoever asks may not read the repository's metadata. */
type Repository = Readonly<{ name: string; id: string; dataKeys?: number | undefined; sealedBytes?: number | undefined }>

/** The repositories that are encrypted under a key. */
export function KeyRepositoryTable({ region, keyArn, repositories, empty }: { region: string; keyArn: string; repositories: readonly Repository[]; empty: ReactNode }) {
  const columns: Column<Repository>[] = [
    {
      id: 'name',
      header: 'Repository',
      value: ({ name }) => name,
      cell: ({ name }) => (
        <Link href={paths.repository(region, name)} className="font-medium wrap-anywhere">
          {name}
        </Link>
      ),
    },
    { id: 'id', header: 'Repository ID', value: ({ id }) => id, cell: ({ id }) => <Copyable text={id} name="repository ID" />, secondary: true },
    { id: 'dataKeys', header: 'Data keys', value: ({ dataKeys }) => dataKeys ?? -1, cell: ({ dataKeys }) => dataKeys?.toLocaleString('en') ?? '–', numeric: true },
    { id: 'bytes', header: 'Sealed bytes', value: ({ sealedBytes }) => sealedBytes ?? -1, cell: ({ sealedBytes }) => sealedBytes?.toLocaleString('en') ?? '–', numeric: true },
    {
      id: 'uses',
      header: 'Uses of the key',
      value: () => '',
      sortable: false,
      cell: ({ id, name }) => (
        <Link href={paths.events(region, { RepositoryId: id, ResourceName: keyArn })} aria-label={`Uses of the key for ${name}`}>
          Events
        </Link>
      ),
    },
  ]
  return (
    <div className="[&>div]:rounded-t-none [&>div]:border-0">
      <Table label="Repositories under this key" columns={columns} rows={repositories} rowId={({ id }) => id} sortable={false} empty={empty} />
    </div>
  )
}
