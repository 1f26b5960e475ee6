import type { Metadata } from 'next'
import { ButtonLink } from '#components/console/link.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { Pager } from '#components/console/pager.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { ManagedPolicyTable } from '#components/iam/managed-policy-table.tsx'
import { ListPolicies } from '#lib/iam/api'
import { attempt } from '../../../attempt.ts'
import { paths } from '../../../paths.ts'
import { readQuery, type Query } from '../../../query.ts'
import { requestContext } from '../../../session.ts'
import { managedKind } from '../managed-kind.ts'

export const metadata: Metadata = { title: 'Policies' }

export default async function PoliciesPage({ searchParams }: { searchParams: Query }) {
  const { token } = await readQuery(searchParams, 'token')
  const found = await attempt(ListPolicies, await requestContext(), { Scope: 'All', MaxItems: 200, Marker: token })
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
      {found.ok ? (
        <>
          <ManagedPolicyTable
            policies={found.output.Policies.map((policy) => ({
              name: policy.PolicyName,
              arn: policy.Arn,
              ...managedKind(policy.Arn),
              attachments: policy.AttachmentCount,
              description: policy.Description ?? '',
            }))}
          />
          {(token !== undefined || found.output.Marker !== undefined) && (
            <Pager
              shown={`${found.output.Policies.length} on this page`}
              first={token === undefined ? undefined : paths.policies()}
              next={found.output.Marker === undefined ? undefined : paths.policies({ token: found.output.Marker })}
            />
          )}
        </>
      ) : (
        <ProblemMessage problem={found.problem} />
      )}
    </>
  )
}
