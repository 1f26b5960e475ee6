'use client'
import { paths } from '#app/paths.ts'
import { Link, PlainLink } from '#components/console/link.tsx'
import { TimeAgo } from '#components/console/time.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Table, type Column } from '#components/ui/table.tsx'

/** What a folder holds. */
export type FolderEntry = Readonly<{ kind: 'folder' | 'file' | 'symbolic link' | 'submodule'; name: string; path: string; id: string; last?: LastCommit }>

/** The commit that made an entry what it is. */
export type LastCommit = Readonly<{ commitId: string; subject: string; author: string; date: string }>

/** The entries of a folder, folders first. Backspace is the browser's; `..` leads up. `waiting`: their last commits are still looked for. */
export function FileTable({ region, repositoryName, entries, at, waiting = false }: { region: string; repositoryName: string; entries: readonly FolderEntry[]; at: string | undefined; waiting?: boolean }) {
  const query = at === undefined ? {} : { ref: at }
  const columns: Column<FolderEntry>[] = [
    {
      id: 'name',
      header: 'Name',
      value: ({ name }) => name,
      cell: ({ kind, name, path, id }) => (
        <span className="flex items-start gap-2">
          <Icon name={kind === 'folder' ? 'folder' : kind === 'submodule' ? 'repository' : kind === 'symbolic link' ? 'external' : 'file'} className="mt-0.5 text-ink-3" />
          {kind === 'submodule' ? (
            <span className="wrap-anywhere">
              {name} <span className="identifier text-ink-3">@ {id.slice(0, 8)}</span>
            </span>
          ) : (
            <Link href={paths.browse(region, repositoryName, path, query)} className="wrap-anywhere">
              {name}
            </Link>
          )}
          {kind !== 'folder' && kind !== 'file' && <span className="text-small text-ink-3">{kind}</span>}
        </span>
      ),
    },
    {
      id: 'commit',
      header: 'Last commit',
      value: ({ last }) => last?.subject ?? '',
      cell: ({ last }) =>
        last ? (
          <PlainLink href={paths.commit(region, repositoryName, last.commitId)} title={last.subject} className="block truncate text-ink-2 hover:text-accent hover:underline">
            {last.subject || 'No message'}
          </PlainLink>
        ) : waiting ? (
          <span className="my-1 block h-3 w-40 max-w-full animate-wait rounded-control bg-sunken" />
        ) : (
          <span className="text-ink-3">–</span>
        ),
      secondary: true,
      className: 'w-1/2 max-w-0',
    },
    {
      id: 'date',
      header: 'Date',
      value: ({ last }) => last?.date ?? '',
      cell: ({ last }) => <span className="text-ink-3">{last && <TimeAgo at={last.date} />}</span>,
      className: 'w-32 text-right',
    },
  ]
  return <Table label="Files" columns={columns} rows={entries} rowId={({ path }) => path} sortable={false} empty={<p className="p-4 text-ink-2">This folder is empty.</p>} />
}
