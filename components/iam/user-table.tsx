'use client'
import { paths } from '#app/paths.ts'
import { ButtonLink, Link } from '#components/console/link.tsx'
import { Copyable } from '#components/console/copyable.tsx'
import type { ListPage } from '#components/console/list-page.ts'
import { MoreRows } from '#components/console/more-rows.tsx'
import { usePagedList } from '#components/console/paged-list.ts'
import { TimeAgo } from '#components/console/time.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Table, type Column } from '#components/ui/table.tsx'

type User = Readonly<{ name: string; arn: string; path: string; created: string; passwordLastUsed: string | undefined }>

/** The users of the account, as far as they have been loaded. */
export function UserTable({ url, first }: { url: string; first: ListPage<User> }) {
  const list = usePagedList(url, first, nameOf)
  return (
    <>
      <Table
        label="Users"
        columns={columns}
        rows={list.rows}
        rowId={nameOf}
        growing={list.growing}
        empty={
          <EmptyState
            title="No users yet"
            actions={
              <ButtonLink href={paths.createUser()} variant="primary">
                Create user
              </ButtonLink>
            }
          >
            Only IAM users can clone and push: create one, attach a policy, and make its Git credentials.
          </EmptyState>
        }
      />
      <MoreRows list={list} noun="users" />
    </>
  )
}

function nameOf({ name }: User): string {
  return name
}

const columns: Column<User>[] = [
  {
    id: 'name',
    header: 'User name',
    value: ({ name }) => name,
    cell: ({ name }) => (
      <Link href={paths.user(name)} className="font-medium wrap-anywhere">
        {name}
      </Link>
    ),
  },
  { id: 'path', header: 'Path', value: ({ path }) => path, width: 'w-24', cell: ({ path }) => <span className="identifier">{path}</span>, secondary: true },
  { id: 'arn', header: 'ARN', value: ({ arn }) => arn, width: 'w-1/2', cell: ({ arn }) => <Copyable text={arn} name="ARN" />, secondary: true },
  { id: 'used', header: 'Last sign-in', value: ({ passwordLastUsed }) => passwordLastUsed ?? '', width: 'w-32', cell: ({ passwordLastUsed }) => (passwordLastUsed === undefined ? <span className="text-ink-3">Never</span> : <TimeAgo at={passwordLastUsed} />) },
  { id: 'created', header: 'Created', value: ({ created }) => created, width: 'w-32', cell: ({ created }) => <TimeAgo at={created} />, secondary: true },
]
