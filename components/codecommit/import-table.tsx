'use client'
import { paths } from '#app/paths.ts'
import { Link } from '#components/console/link.tsx'
import { TimeAgo } from '#components/console/time.tsx'
import { Status, type Tone } from '#components/ui/badge.tsx'
import { Table, type Column } from '#components/ui/table.tsx'
import type { ImportState } from '#lib/codecommit/import/jobs'

type Row = Readonly<{ importId: string; repositoryName: string; sourceUrl: string; state: ImportState; startedAt: string }>

/** The imports of a Region, newest first. */
export function ImportTable({ region, imports }: { region: string; imports: readonly Row[] }) {
  const columns: Column<Row>[] = [
    {
      id: 'repository',
      header: 'Repository',
      value: ({ repositoryName }) => repositoryName,
      cell: ({ importId, repositoryName }) => (
        <Link href={paths.import(region, importId)} className="font-medium wrap-anywhere">
          {repositoryName}
        </Link>
      ),
    },
    { id: 'state', header: 'State', value: ({ state }) => stateNames[state], cell: ({ state }) => <Status tone={stateTones[state]}>{stateNames[state]}</Status> },
    { id: 'source', header: 'Source', value: ({ sourceUrl }) => sourceUrl, cell: ({ sourceUrl }) => <span className="identifier wrap-anywhere">{sourceUrl}</span>, secondary: true },
    { id: 'started', header: 'Started', value: ({ startedAt }) => startedAt, cell: ({ startedAt }) => <TimeAgo at={startedAt} /> },
  ]
  return <Table label="Imports" columns={columns} rows={imports} rowId={({ importId }) => importId} empty={null} />
}

export const stateNames: Readonly<Record<ImportState, string>> = { IN_PROGRESS: 'In progress', SUCCEEDED: 'Succeeded', FAILED: 'Failed', CANCELLED: 'Cancelled', INTERRUPTED: 'Interrupted' }

const stateTones: Readonly<Record<ImportState, Exclude<Tone, 'managed'>>> = { IN_PROGRESS: 'info', SUCCEEDED: 'success', FAILED: 'danger', CANCELLED: 'neutral', INTERRUPTED: 'warning' }
