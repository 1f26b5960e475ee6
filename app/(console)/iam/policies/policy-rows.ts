import { ListPolicies } from '#lib/iam/api'
import { listPage, type ListQuery } from '../../../list-page.ts'
import type { ConsoleContext } from '../../../session.ts'
import { managedKind } from '../managed-kind.ts'

/** The managed policies, the account's and AWS's, a page of them. */
export function policyRows(context: ConsoleContext, { token }: ListQuery<never>) {
  return listPage(ListPolicies, context, { Scope: 'All', MaxItems: 200, Marker: token }, ({ Policies, Marker }) => ({
    rows: Policies.map((policy) => ({
      name: policy.PolicyName,
      arn: policy.Arn,
      ...managedKind(policy.Arn),
      attachments: policy.AttachmentCount,
      description: policy.Description ?? '',
    })),
    next: Marker,
  }))
}
