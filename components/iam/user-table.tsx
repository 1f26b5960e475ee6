'use client'
import { paths } from '#app/paths.ts'
import { ButtonLink, Link } from '#components/console/link.tsx'
import { Copyable } from '#components/console/copyable.tsx'
import { TimeAgo } from '#components/console/time.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Table, type Column } from '#components/ui/table.tsx'

type User = Readonly<{ name: string; arn: string; path: string; created: string; passwordLastUsed: string | undefined }>

/** The users of the account. */
export function UserTable({ users }: { users: readonly User[] }) {
  return (
    <Table
      label="Users"
      columns={columns}
      rows={users}
      rowId={({ name }) => name}
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
  )
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
  { id: 'path', header: 'Path', value: ({ path }) => path, cell: ({ path }) => <span className="identifier">{path}</span>, secondary: true },
  { id: 'arn', header: 'ARN', value: ({ arn }) => arn, cell: ({ arn }) => <Copyable text={arn} name="ARN" />, secondary: true },
  { id: 'used', header: 'Last sign-in', value: ({ passwordLastUsed }) => passwordLastUsed ?? '', cell: ({ passwordLastUsed }) => (passwordLastUsed === undefined ? <span className="text-ink-3">Never</span> : <TimeAgo at={passwordLastUsed} />) },
  { id: 'created', header: 'Created', value: ({ created }) => created, cell: ({ created }) => <TimeAgo at={created} /> },
]
