'use client'
import type { ReactNode } from 'react'
import { paths } from '#app/paths.ts'
import { Copyable } from '#components/console/copyable.tsx'
import { Link } from '#components/console/link.tsx'
import type { ListPage } from '#components/console/list-page.ts'
import { MoreRows } from '#components/console/more-rows.tsx'
import { usePagedList } from '#components/console/paged-list.ts'
import { Table, type Column } from '#components/ui/table.tsx'

/** Without the numbers where whoever asks may not read the repository's metadata. */
type Repository = Readonly<{ name: string; id: string; dataKeys?: number | undefined; sealedBytes?: number | undefined }>

/** The repositories that are encrypted under a key, as far as they have been loaded. */
export function KeyRepositoryTable({ region, keyArn, url, first, empty }: { region: string; keyArn: string; url: string; first: ListPage<Repository>; empty: ReactNode }) {
  const list = usePagedList(url, first, idOf)
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
    { id: 'id', header: 'Repository ID', value: idOf, width: 'w-80', cell: ({ id }) => <Copyable text={id} name="repository ID" />, secondary: true },
    { id: 'dataKeys', header: 'Data keys', value: ({ dataKeys }) => dataKeys ?? -1, width: 'w-28', cell: ({ dataKeys }) => dataKeys?.toLocaleString('en') ?? '–', numeric: true },
    { id: 'bytes', header: 'Sealed bytes', value: ({ sealedBytes }) => sealedBytes ?? -1, width: 'w-36', cell: ({ sealedBytes }) => sealedBytes?.toLocaleString('en') ?? '–', numeric: true },
    {
      id: 'uses',
      header: 'Uses of the key',
      value: () => '',
      width: 'w-36',
      sortable: false,
      cell: ({ id, name }) => (
        <Link href={paths.events(region, { RepositoryId: id, ResourceName: keyArn })} aria-label={`Uses of the key for ${name}`}>
          Events
        </Link>
      ),
    },
  ]
  return (
    <>
      <div className="[&>div]:rounded-t-none [&>div]:border-0">
        <Table label="Repositories under this key" columns={columns} rows={list.rows} rowId={idOf} growing={list.growing} sortable={false} empty={empty} />
      </div>
      <div className="px-4 pb-4 empty:hidden">
        <MoreRows list={list} noun="repositories" />
      </div>
    </>
  )
}

function idOf({ id }: Repository): string {
  return id
}
