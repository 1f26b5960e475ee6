'use client'
import type { ListPage } from '#components/console/list-page.ts'
import { MoreRows } from '#components/console/more-rows.tsx'
import { usePagedList } from '#components/console/paged-list.ts'
import { CommitTable, type CommitRow } from './commit-table.tsx'

/** The history of a branch or of a path, as far as it has been loaded. */
export function CommitHistoryTable({ region, repositoryName, url, first }: { region: string; repositoryName: string; url: string; first: ListPage<CommitRow> }) {
  const list = usePagedList(url, first, commitIdOf)
  return (
    <>
      <CommitTable region={region} repositoryName={repositoryName} commits={list.rows} growing={list.growing} />
      <MoreRows list={list} noun="commits" />
    </>
  )
}

function commitIdOf({ commitId }: CommitRow): string {
  return commitId
}
