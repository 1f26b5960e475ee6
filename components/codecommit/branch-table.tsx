'use client'
import { useOptimistic, useState } from 'react'
import { paths } from '#app/paths.ts'
import { useAct } from '#components/console/act.ts'
import type { Action } from '#components/console/action-state.ts'
import { FormInDialog } from '#components/console/dialog-form.tsx'
import { Link } from '#components/console/link.tsx'
import type { ListPage } from '#components/console/list-page.ts'
import { MoreRows } from '#components/console/more-rows.tsx'
import { usePagedList } from '#components/console/paged-list.ts'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { TimeAgo } from '#components/console/time.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { IconButton } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Menu, MenuItem } from '#components/ui/menu.tsx'
import { Table, type Column } from '#components/ui/table.tsx'

export type BranchRow = Readonly<{
  name: string
  commit?: Readonly<{ commitId: string; subject: string; author: string; date: string }>
  /** How many commits it has that the default branch has not, and the other way round. */
  aheadBehind?: Readonly<{ ahead: number; behind: number }>
}>

/** The branches of a repository, as far as they have been loaded, and what can be done with one. */
export function BranchTable({
  region,
  repositoryName,
  url,
  first,
  filtered,
  defaultBranch,
  makeDefault,
  remove,
  create,
}: {
  region: string
  repositoryName: string
  url: string
  first: ListPage<BranchRow>
  filtered: boolean
  defaultBranch: string | undefined
  makeDefault: Action
  remove: Action
  /** Brings a deleted one back. */
  create: Action
}) {
  const list = usePagedList(url, first, nameOf)
  const [asked, setAsked] = useState<BranchRow>()
  const { act, problem } = useAct()
  // Until the server has answered; it may refuse.
  const [shownDefault, showDefault] = useOptimistic(defaultBranch)
  const columns: Column<BranchRow>[] = [
    {
      id: 'name',
      header: 'Branch',
      value: nameOf,
      cell: ({ name }) => (
        <span className="flex flex-wrap items-center gap-2">
          <Link href={paths.repository(region, repositoryName, { ref: name })} className="font-medium wrap-anywhere">
            {name}
          </Link>
          {name === shownDefault && <Badge tone="info">default</Badge>}
        </span>
      ),
    },
    {
      id: 'commit',
      header: 'Last commit',
      value: ({ commit }) => commit?.subject ?? '',
      cell: ({ commit }) =>
        commit && (
          <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
            <Link href={paths.commit(region, repositoryName, commit.commitId)} className="identifier" title={commit.commitId}>
              {commit.commitId.slice(0, 8)}
            </Link>
            <span className="min-w-0 wrap-anywhere text-ink-2">{commit.subject}</span>
          </span>
        ),
      secondary: true,
    },
    { id: 'date', header: 'Updated', value: ({ commit }) => commit?.date ?? '', width: 'w-32', cell: ({ commit }) => commit && <TimeAgo at={commit.date} />, secondary: true },
    {
      id: 'distance',
      header: 'Behind | Ahead',
      value: ({ aheadBehind }) => aheadBehind?.ahead ?? 0,
      width: 'w-36',
      secondary: true,
      cell: ({ name, aheadBehind }) =>
        aheadBehind && defaultBranch !== undefined ? (
          <Link href={paths.compare(region, repositoryName, { destination: defaultBranch, source: name })} className="tabular whitespace-nowrap" aria-label={`${name}: ${aheadBehind.behind} behind and ${aheadBehind.ahead} ahead of ${defaultBranch}. Compare`}>
            {aheadBehind.behind} | {aheadBehind.ahead}
          </Link>
        ) : (
          <span className="text-ink-3">–</span>
        ),
    },
    {
      id: 'actions',
      header: 'Actions',
      value: () => '',
      sortable: false,
      width: 'w-24',
      cell: (branch) => {
        const { name } = branch
        const reason = name === shownDefault ? 'It is the default branch.' : undefined
        return (
          <Menu trigger={<IconButton icon="more" label={`Actions on ${name}`} className="-my-1 min-h-6" />}>
            <MenuItem reason={reason} onSelect={() => makeItDefault(name)}>
              Make default
            </MenuItem>
            <MenuItem danger reason={reason && `${reason} Make another one the default first.`} onSelect={() => setAsked(branch)}>
              Delete branch
            </MenuItem>
          </Menu>
        )
      },
    },
  ]
  function makeItDefault(name: string) {
    const values = (defaultBranchName: string) => ({ region, repositoryName, defaultBranchName })
    act(makeDefault, values(name), { before: () => showDefault(name), ...(defaultBranch !== undefined && { undo: { action: makeDefault, values: values(defaultBranch) } }) })
  }

  return (
    <>
      {problem && <ProblemMessage problem={problem} live />}
      <Table
        label="Branches"
        columns={columns}
        rows={list.rows}
        rowId={nameOf}
        growing={list.growing}
        sortable={false}
        empty={filtered ? <EmptyState title="No branch has that in its name">Upper and lower case are alike here.</EmptyState> : <EmptyState title="No branches yet">The first push makes the first branch.</EmptyState>}
      />
      <MoreRows list={list} noun="branches" />
      {asked && (
        <FormInDialog
          open
          onOpenChange={() => setAsked(undefined)}
          title="Delete branch"
          description={`Commits that only ${asked.name} leads to can no longer be reached.`}
          action={remove}
          hidden={{ region, repositoryName, branchName: asked.name }}
          confirm={asked.name}
          danger
          submit="Delete branch"
          undo={asked.commit && { action: create, values: { region, repositoryName, branchName: asked.name, commitId: asked.commit.commitId } }}
        />
      )}
    </>
  )
}

function nameOf({ name }: BranchRow): string {
  return name
}
