'use client'
import type { LaneRow } from '#lib/git/lanes'
import { paths } from '#app/paths.ts'
import { Link } from '#components/console/link.tsx'
import { TimeAgo } from '#components/console/time.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Table, type Column, type TableProps } from '#components/ui/table.tsx'
import { columnsOf, LaneDrawing, widthOf } from './lane-drawing.tsx'

export type CommitRow = Readonly<{ commitId: string; subject: string; merge: boolean; author: string; date: string; lanes?: LaneRow }>

/** The history of a branch, newest first, with its branches and merges drawn where they are known. */
export function CommitTable({ region, repositoryName, commits, growing, label = 'Commits' }: { region: string; repositoryName: string; commits: readonly CommitRow[]; label?: string } & Pick<TableProps<CommitRow>, 'growing'>) {
  const lanes = columnsOf(commits.map((commit) => commit.lanes))
  const columns: Column<CommitRow>[] = [
    ...(lanes > 0
      ? [
          {
            id: 'graph',
            header: 'Graph',
            value: () => '',
            cell: ({ lanes: row }: CommitRow) => (
              <>
                <span className="block" style={{ width: widthOf(lanes) }} />
                {row && <LaneDrawing row={row} columns={lanes} />}
              </>
            ),
            width: graphWidths.find(([most]) => lanes <= most)?.[1] ?? 'w-50',
            className: 'relative',
            secondary: true,
          },
        ]
      : []),
    {
      id: 'id',
      header: 'Commit ID',
      value: ({ commitId }) => commitId,
      width: 'w-30',
      cell: ({ commitId }) => (
        <span className="inline-flex items-center gap-0.5">
          <Link href={paths.commit(region, repositoryName, commitId)} className="identifier" title={commitId}>
            {commitId.slice(0, 8)}
          </Link>
          <CopyButton text={commitId} label="Copy commit ID" className="-my-1" />
        </span>
      ),
    },
    {
      id: 'message',
      header: 'Commit message',
      value: ({ subject }) => subject,
      cell: ({ subject, merge }) => (
        <span className="wrap-anywhere">
          {subject || 'No message'} {merge && <Badge>merge</Badge>}
        </span>
      ),
    },
    { id: 'author', header: 'Author', value: ({ author }) => author, width: 'w-56', cell: ({ author }) => <span className="block max-w-48 truncate" title={author}>{author}</span>, secondary: true },
    { id: 'date', header: 'Date', value: ({ date }) => date, width: 'w-32', cell: ({ date }) => <TimeAgo at={date} />, secondary: true },
  ]
  return <Table label={label} columns={columns} rows={commits} rowId={({ commitId }) => commitId} sortable={false} growing={growing} empty={<p className="p-4 text-ink-2">No commits.</p>} />
}

/** The width of the column for so many lanes: theirs, and the room around them. */
const graphWidths = [
  [3, 'w-20'],
  [6, 'w-28'],
] as const
