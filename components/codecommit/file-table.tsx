'use client'
import { Suspense, use } from 'react'
import { paths } from '#app/paths.ts'
import type { Problem } from '#components/console/action-state.ts'
import { Link, PlainLink } from '#components/console/link.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { TimeAgo } from '#components/console/time.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Table, type Column } from '#components/ui/table.tsx'

/** What a folder holds; of a submodule the commit that it is at. */
export type FolderEntry = Readonly<{ kind: 'folder' | 'file' | 'symbolic link' | 'submodule'; name: string; commitId?: string }>

/** The commit that made an entry what it is. */
export type LastCommit = Readonly<{ commitId: string; subject: string; author: string; date: string }>

/** The last commit of each entry by its name, or why they are not known. */
export type FolderHistory = Readonly<{ last: ReadonlyMap<string, LastCommit>; problem?: Problem }>

type FilesProps = Readonly<{
  region: string
  repositoryName: string
  /** Its path, without slashes around it; empty for the root. */
  folder: string
  entries: readonly FolderEntry[]
  /** The branch, tag or commit of the URL; links carry it on. */
  at: string | undefined
  history: Promise<FolderHistory>
}>

/** The entries of a folder, folders first, at once; their last commits when they are found. */
export function FileTable({ region, repositoryName, folder, entries, at, history }: FilesProps) {
  const query = at === undefined ? {} : { ref: at }
  const columns: Column<FolderEntry>[] = [
    {
      id: 'name',
      header: 'Name',
      value: ({ name }) => name,
      cell: ({ kind, name, commitId = '' }) => (
        <span className="flex items-start gap-2">
          <Icon name={kind === 'folder' ? 'folder' : kind === 'submodule' ? 'repository' : kind === 'symbolic link' ? 'external' : 'file'} className="mt-0.5 text-ink-3" />
          {kind === 'submodule' ? (
            <span className="wrap-anywhere">
              {name} <span className="identifier text-ink-3">@ {commitId.slice(0, 8)}</span>
            </span>
          ) : (
            <Link href={paths.browse(region, repositoryName, folder === '' ? name : `${folder}/${name}`, query)} className="wrap-anywhere">
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
      value: () => '',
      // Each cell waits for itself: a row that has the focus stays the same row.
      cell: ({ name }) => (
        <Suspense fallback={<span className="my-1 block h-3 w-40 max-w-full animate-wait rounded-control bg-sunken" />}>
          <CommitLink region={region} repositoryName={repositoryName} name={name} history={history} />
        </Suspense>
      ),
      secondary: true,
      width: 'w-1/2',
      className: 'max-w-0',
    },
    {
      id: 'date',
      header: 'Date',
      value: () => '',
      cell: ({ name }) => (
        <Suspense>
          <CommitDate name={name} history={history} />
        </Suspense>
      ),
      width: 'w-32',
      numeric: true,
    },
  ]
  return (
    <>
      <Table label="Files" columns={columns} rows={entries} rowId={({ name }) => name} sortable={false} empty={<p className="p-4 text-ink-2">This folder is empty.</p>} />
      <Suspense>
        <HistoryProblem history={history} />
      </Suspense>
    </>
  )
}

type OfEntry = Readonly<{ name: string; history: Promise<FolderHistory> }>

function CommitLink({ region, repositoryName, name, history }: OfEntry & Readonly<{ region: string; repositoryName: string }>) {
  const commit = use(history).last.get(name)
  if (!commit) return <span className="text-ink-3">–</span>
  return (
    <PlainLink href={paths.commit(region, repositoryName, commit.commitId)} title={commit.subject} className="block truncate text-ink-2 hover:text-accent hover:underline">
      {commit.subject || 'No message'}
    </PlainLink>
  )
}

function CommitDate({ name, history }: OfEntry) {
  const commit = use(history).last.get(name)
  return <span className="text-ink-3">{commit && <TimeAgo at={commit.date} />}</span>
}

function HistoryProblem({ history }: Readonly<{ history: Promise<FolderHistory> }>) {
  const { problem } = use(history)
  return problem && <ProblemMessage problem={problem} />
}
