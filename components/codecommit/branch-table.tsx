'use client'
import { useState } from 'react'
import { paths } from '#app/paths.ts'
import type { Action } from '#components/console/action-state.ts'
import { FormInDialog } from '#components/console/dialog-form.tsx'
import { Link } from '#components/console/link.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { IconButton } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Menu, MenuItem } from '#components/ui/menu.tsx'
import { Table, type Column } from '#components/ui/table.tsx'

/** The branches of a repository, and what can be done with one. */
export function BranchTable({
  region,
  repositoryName,
  branches,
  defaultBranch,
  makeDefault,
  remove,
}: {
  region: string
  repositoryName: string
  branches: readonly string[]
  defaultBranch: string | undefined
  makeDefault: Action
  remove: Action
}) {
  const [asked, setAsked] = useState<{ what: 'default' | 'delete'; branch: string }>()
  const rows = branches.map((name) => ({ name }))
  const columns: Column<{ name: string }>[] = [
    {
      id: 'name',
      header: 'Branch',
      value: ({ name }) => name,
      cell: ({ name }) => (
        <span className="flex flex-wrap items-center gap-2">
          <Link href={paths.repository(region, repositoryName, { ref: name })} className="wrap-anywhere">
            {name}
          </Link>
          {name === defaultBranch && <Badge>default</Badge>}
        </span>
      ),
    },
    {
      id: 'actions',
      header: 'Actions',
      value: () => '',
      sortable: false,
      className: 'w-20',
      cell: ({ name }) => {
        const reason = name === defaultBranch ? 'It is the default branch.' : undefined
        return (
          <Menu trigger={<IconButton icon="more" label={`Actions on ${name}`} className="-my-1 min-h-6" />}>
            <MenuItem reason={reason} onSelect={() => setAsked({ what: 'default', branch: name })}>
              Make default
            </MenuItem>
            <MenuItem danger reason={reason && `${reason} Make another one the default first.`} onSelect={() => setAsked({ what: 'delete', branch: name })}>
              Delete branch
            </MenuItem>
          </Menu>
        )
      },
    },
  ]
  const close = () => setAsked(undefined)
  return (
    <>
      <Table label="Branches" columns={columns} rows={rows} rowId={({ name }) => name} empty={<EmptyState title="No branches yet">The first push makes the first branch.</EmptyState>} />
      {asked?.what === 'default' && (
        <FormInDialog
          open
          onOpenChange={close}
          title={`Make ${asked.branch} the default branch`}
          description="Clones check it out, and the console shows it first."
          action={makeDefault}
          hidden={{ region, repositoryName, defaultBranchName: asked.branch }}
          submit="Make default"
        />
      )}
      {asked?.what === 'delete' && (
        <FormInDialog
          open
          onOpenChange={close}
          title="Delete branch"
          description={`Commits that only ${asked.branch} leads to can no longer be reached.`}
          action={remove}
          hidden={{ region, repositoryName, branchName: asked.branch }}
          confirm={asked.branch}
          danger
          submit="Delete branch"
        />
      )}
    </>
  )
}
