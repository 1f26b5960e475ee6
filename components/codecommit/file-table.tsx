'use client'
import { paths } from '#app/paths.ts'
import { Link } from '#components/console/link.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Table, type Column } from '#components/ui/table.tsx'

/** What a folder holds. */
export type FolderEntry = Readonly<{ kind: 'folder' | 'file' | 'symbolic link' | 'submodule'; name: string; path: string; id: string }>

/** The entries of a folder, folders first. Backspace is the browser's; `..` leads up. */
export function FileTable({ region, repositoryName, entries, at }: { region: string; repositoryName: string; entries: readonly FolderEntry[]; at: string | undefined }) {
  const query = at === undefined ? {} : { ref: at }
  const columns: Column<FolderEntry>[] = [
    {
      id: 'name',
      header: 'Name',
      value: ({ name }) => name,
      cell: ({ kind, name, path }) => (
        <span className="flex items-start gap-2">
          <Icon name={kind === 'folder' ? 'folder' : kind === 'submodule' ? 'repository' : kind === 'symbolic link' ? 'external' : 'file'} className="mt-0.5 text-ink-3" />
          {kind === 'submodule' ? (
            <span className="wrap-anywhere">{name}</span>
          ) : (
            <Link href={paths.browse(region, repositoryName, path, query)} className="wrap-anywhere">
              {name}
            </Link>
          )}
        </span>
      ),
    },
    {
      id: 'kind',
      header: 'Kind',
      value: ({ kind }) => kind,
      cell: ({ kind }) => <span className="text-ink-3">{kind}</span>,
      secondary: true,
      className: 'w-32',
    },
    {
      id: 'object',
      header: 'Object ID',
      value: ({ id }) => id,
      cell: ({ id }) => (
        <span className="identifier text-ink-3" title={id}>
          {id.slice(0, 10)}
        </span>
      ),
      secondary: true,
      sortable: false,
      className: 'w-32',
    },
  ]
  return <Table label="Files" columns={columns} rows={entries} rowId={({ path }) => path} sortable={false} empty={<p className="p-4 text-ink-2">This folder is empty.</p>} />
}
