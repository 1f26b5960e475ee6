import type { Metadata } from 'next'
import { ButtonLink } from '#components/console/link.tsx'
import { ListProblem } from '#components/console/list-problem.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { UserTable } from '#components/iam/user-table.tsx'
import { paths } from '../../../paths.ts'
import { readQuery, type Query } from '../../../query.ts'
import { requestContext } from '../../../session.ts'
import { userRows } from './user-rows.ts'

export const metadata: Metadata = { title: 'Users' }

export default async function UsersPage({ searchParams }: { searchParams: Query }) {
  const { token } = await readQuery(searchParams, 'token')
  const found = await userRows(await requestContext(), { token })
  return (
    <>
      <PageHeader
        title="Users"
        description="Who may sign in, clone, push and call the APIs, each with policies and credentials of their own."
        actions={
          <ButtonLink href={paths.createUser()} variant="primary">
            Create user
          </ButtonLink>
        }
      />
      {found.ok ? <UserTable url={paths.users({ token })} first={found.output} /> : <ListProblem problem={found.problem} first={token && paths.users()} />}
    </>
  )
}
