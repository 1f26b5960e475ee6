'use client'
import { paths } from '#app/paths.ts'
import { Link } from '#components/console/link.tsx'
import type { ListPage } from '#components/console/list-page.ts'
import { MoreRows } from '#components/console/more-rows.tsx'
import { usePagedList } from '#components/console/paged-list.ts'
import { Badge, type Tone } from '#components/ui/badge.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Table, type Column } from '#components/ui/table.tsx'

type ManagedPolicy = Readonly<{ name: string; arn: string; kind: string; tone: Tone; attachments: number; description: string }>

/** The managed policies of the account, and AWS's, as far as they have been loaded. */
export function ManagedPolicyTable({ url, first }: { url: string; first: ListPage<ManagedPolicy> }) {
  const list = usePagedList(url, first, arnOf)
  return (
    <>
      <Table
        label="Policies"
        columns={columns}
        rows={list.rows}
        rowId={arnOf}
        growing={list.growing}
        empty={<EmptyState title="No customer managed policies yet">A policy that several users or groups need is written once, and attached to each.</EmptyState>}
      />
      <MoreRows list={list} noun="policies" />
    </>
  )
}

function arnOf({ arn }: ManagedPolicy): string {
  return arn
}

const columns: Column<ManagedPolicy>[] = [
  {
    id: 'name',
    header: 'Policy name',
    value: ({ name }) => name,
    cell: ({ name, arn }) => (
      <Link href={paths.policy(arn)} className="font-medium wrap-anywhere">
        {name}
      </Link>
    ),
  },
  { id: 'kind', header: 'Type', value: ({ kind }) => kind, width: 'w-40', cell: ({ kind, tone }) => <Badge tone={tone}>{kind}</Badge> },
  { id: 'attachments', header: 'Attached to', value: ({ attachments }) => attachments, width: 'w-28', numeric: true, secondary: true },
  { id: 'description', header: 'Description', value: ({ description }) => description, cell: ({ description }) => <span className="text-ink-2">{description}</span>, secondary: true },
]
