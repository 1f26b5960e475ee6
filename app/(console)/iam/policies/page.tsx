import type { Metadata } from 'next'
import { ButtonLink } from '#components/console/link.tsx'
import { ListProblem } from '#components/console/list-problem.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { ManagedPolicyTable } from '#components/iam/managed-policy-table.tsx'
import { paths } from '../../../paths.ts'
import { readQuery, type Query } from '../../../query.ts'
import { requestContext } from '../../../session.ts'
import { policyRows } from './policy-rows.ts'

export const metadata: Metadata = { title: 'Policies' }

export default async function PoliciesPage({ searchParams }: { searchParams: Query }) {
  const { token } = await readQuery(searchParams, 'token')
  const found = await policyRows(await requestContext(), { token })
  return (
    <>
      <PageHeader
        title="Policies"
        description="Managed policies: written once, attached to users and groups."
        actions={
          <ButtonLink href={paths.createPolicy()} variant="primary">
            Create policy
          </ButtonLink>
        }
      />
      {found.ok ? <ManagedPolicyTable url={paths.policies({ token })} first={found.output} /> : <ListProblem problem={found.problem} first={token && paths.policies()} />}
    </>
  )
}
