import type { Metadata } from 'next'
import { ButtonLink } from '#components/console/link.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { Pager } from '#components/console/pager.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { UserTable } from '#components/iam/user-table.tsx'
import { ListUsers } from '#lib/iam/api'
import { attempt } from '../../../attempt.ts'
import { paths } from '../../../paths.ts'
import { readQuery, type Query } from '../../../query.ts'
import { requestContext } from '../../../session.ts'

export const metadata: Metadata = { title: 'Users' }

export default async function UsersPage({ searchParams }: { searchParams: Query }) {
  const { token } = await readQuery(searchParams, 'token')
  const found = await attempt(ListUsers, await requestContext(), { Marker: token, MaxItems: 100 })
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
      {found.ok ? (
        <>
          <UserTable
            users={found.output.Users.map((user) => ({
              name: user.UserName,
              arn: user.Arn,
              path: user.Path,
              created: user.CreateDate.toISOString(),
              passwordLastUsed: user.PasswordLastUsed?.toISOString(),
            }))}
          />
          {(token !== undefined || found.output.Marker !== undefined) && (
            <Pager
              shown={`${found.output.Users.length} on this page`}
              first={token === undefined ? undefined : paths.users()}
              next={found.output.Marker === undefined ? undefined : paths.users({ token: found.output.Marker })}
            />
          )}
        </>
      ) : (
        <ProblemMessage problem={found.problem} />
      )}
    </>
  )
}
