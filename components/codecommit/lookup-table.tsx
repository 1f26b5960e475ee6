'use client'
import { paths } from '#app/paths.ts'
import { Copyable } from '#components/console/copyable.tsx'
import { Link } from '#components/console/link.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Table, type Column } from '#components/ui/table.tsx'

type Found = Readonly<{ repositoryName: string; repositoryId: string; region: string; regionName: string; Arn: string }>

/** What a look-up found, in all Regions. */
export function LookupTable({ repositories }: { repositories: readonly Found[] }) {
  return (
    <Table
      label="Repositories found"
      columns={columns}
      rows={repositories}
      rowId={({ repositoryId }) => repositoryId}
      empty={<EmptyState title="No repository of that name, ID or ARN">A name is matched whole and letter for letter, an ID without regard to case.</EmptyState>}
    />
  )
}

const columns: Column<Found>[] = [
  {
    id: 'name',
    header: 'Name',
    value: ({ repositoryName }) => repositoryName,
    cell: ({ region, repositoryName }) => (
      <Link href={paths.repository(region, repositoryName)} className="font-medium wrap-anywhere">
        {repositoryName}
      </Link>
    ),
  },
  {
    id: 'region',
    header: 'Region',
    value: ({ regionName }) => regionName,
    cell: ({ region, regionName }) => (
      <>
        {regionName} <span className="identifier text-ink-3">{region}</span>
      </>
    ),
  },
  { id: 'id', header: 'Repository ID', value: ({ repositoryId }) => repositoryId, cell: ({ repositoryId }) => <Copyable text={repositoryId} name="repository ID" /> },
  { id: 'arn', header: 'ARN', value: ({ Arn }) => Arn, cell: ({ Arn }) => <Copyable text={Arn} name="ARN" />, secondary: true },
]
