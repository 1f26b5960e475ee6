'use client'
import { paths } from '#app/paths.ts'
import { Link } from '#components/console/link.tsx'
import type { ListPage } from '#components/console/list-page.ts'
import { MoreRows } from '#components/console/more-rows.tsx'
import { usePagedList } from '#components/console/paged-list.ts'
import { TimeAgo } from '#components/console/time.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Table, type Column } from '#components/ui/table.tsx'

export type GitTagRow = Readonly<{
  name: string
  objectId: string
  commit?: Readonly<{ commitId: string; subject: string; date: string }>
  /** What an annotated tag says, and who said it. */
  message?: string
  tagger?: string
  date?: string
}>

/** The Git tags of a repository, as far as they have been loaded. Git alone makes and deletes them: CodeCommit's API has no operation for it. */
export function GitTagTable({ region, repositoryName, url, first, filtered }: { region: string; repositoryName: string; url: string; first: ListPage<GitTagRow>; filtered: boolean }) {
  const list = usePagedList(url, first, nameOf)
  const columns: Column<GitTagRow>[] = [
    {
      id: 'name',
      header: 'Git tag',
      value: nameOf,
      cell: ({ name, commit }) =>
        commit ? (
          <Link href={paths.repository(region, repositoryName, { ref: name })} className="font-medium wrap-anywhere">
            {name}
          </Link>
        ) : (
          <span className="wrap-anywhere">{name}</span>
        ),
    },
    {
      id: 'message',
      header: 'Message',
      value: ({ message }) => message ?? '',
      cell: ({ message, tagger }) =>
        message === undefined ? (
          <span className="text-ink-3">–</span>
        ) : (
          <details>
            <summary className="wrap-anywhere">{message.split('\n')[0]}</summary>
            <pre className="pt-1 text-small wrap-anywhere whitespace-pre-wrap">{message.split('\n').slice(1).join('\n').trim() || 'It says no more.'}</pre>
            {tagger !== undefined && <p className="text-small text-ink-3">{tagger}</p>}
          </details>
        ),
    },
    {
      id: 'commit',
      header: 'Commit',
      value: ({ commit }) => commit?.commitId ?? '',
      cell: ({ commit, objectId }) =>
        commit ? (
          <span className="flex flex-wrap items-baseline gap-x-2">
            <Link href={paths.commit(region, repositoryName, commit.commitId)} className="identifier" title={commit.commitId}>
              {commit.commitId.slice(0, 8)}
            </Link>
            <span className="wrap-anywhere text-ink-2">{commit.subject}</span>
          </span>
        ) : (
          <span className="identifier text-ink-3" title="It does not lead to a commit">
            {objectId.slice(0, 8)}
          </span>
        ),
      secondary: true,
    },
    { id: 'date', header: 'Date', value: ({ date, commit }) => date ?? commit?.date ?? '', cell: ({ date, commit }) => (date ?? commit?.date) !== undefined && <TimeAgo at={date ?? commit?.date ?? ''} />, width: 'w-32' },
  ]
  return (
    <>
      <Table
        label="Git tags"
        columns={columns}
        rows={list.rows}
        rowId={nameOf}
        growing={list.growing}
        sortable={false}
        empty={
          filtered ? (
            <EmptyState title="No tag has that in its name">Upper and lower case are alike here.</EmptyState>
          ) : (
            <EmptyState title="No Git tags">
              <code>git tag -a v1.0 -m &quot;First release&quot;</code> makes one, <code>git push origin v1.0</code> brings it here.
            </EmptyState>
          )
        }
      />
      <MoreRows list={list} noun="tags" />
    </>
  )
}

function nameOf({ name }: GitTagRow): string {
  return name
}
