import type { ManagedPolicy } from '#prisma/sqlite/generated/client.ts'
import { db } from '#lib/db'
import { checkPolicyArn } from '#lib/iam/attached-policies'
import { noSuchEntity } from '#lib/iam/exceptions'
import { awsManagedPolicies, findAwsManagedPolicy } from '#lib/iam/managed-policies/aws-managed-policies'
import { absentSubject } from '#lib/iam/subjects'
import type { RequestContext } from '#lib/operation/context'
import type { Resolved } from '#lib/operation/define'
import { ServiceException } from '#lib/operation/exception'

/** A managed policy of either kind, as lists and details show it. */
export type AnyManagedPolicy = Readonly<{
  arn: string
  name: string
  path: string
  policyId: string
  description: string
  defaultVersionId: string
  createDate: Date
  updateDate: Date
}>

/** What an operation that reads a managed policy acts on, AWS's or the account's. */
export async function onPolicy(action: string, arn: string): Promise<Resolved<AnyManagedPolicy>> {
  checkPolicyArn(arn)
  const policy = findAwsManagedPolicy(arn) ?? customerManaged(await db().managedPolicy.findUnique({ where: { arn } }))
  return resolved(action, arn, policy)
}

/**
 * What an operation that changes a managed policy acts on: only the account's own can be.
 */
export async function onOwnPolicy(context: RequestContext, action: string, arn: string): Promise<Resolved<AnyManagedPolicy>> {
  const found = await onPolicy(action, arn)
  if (!findAwsManagedPolicy(arn)) return found
  const { principal } = context
  const caller = 'arn' in principal ? principal.arn : principal.type
  // AWS's policies are another account's: nobody here may change them, root included.
  return {
    ...found,
    absent: new ServiceException('AccessDenied', `User: ${caller} is not authorized to perform: iam:${action} on resource: policy ${arn}`, { httpStatus: 403 }),
  }
}

/** A row in the shape that both kinds share. */
export function customerManaged(row: ManagedPolicy): AnyManagedPolicy
export function customerManaged(row: ManagedPolicy | null): AnyManagedPolicy | null
export function customerManaged(row: ManagedPolicy | null): AnyManagedPolicy | null {
  return row && { ...row, policyId: row.id }
}

/** AWS's policies in the order of their ARNs. */
export const awsManagedByArn: readonly AnyManagedPolicy[] = awsManagedPolicies.toSorted((a, b) => (a.arn < b.arn ? -1 : 1))

/** How many users and groups each policy is attached to; policies that are attached to nobody are not in it. */
export async function attachmentCounts(arns?: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const where = arns === undefined ? {} : { policyArn: { in: [...arns] } }
  const [users, groups] = [
    await db().userPolicyAttachment.groupBy({ by: ['policyArn'], where, _count: true }),
    await db().groupPolicyAttachment.groupBy({ by: ['policyArn'], where, _count: true }),
  ]
  const counts = new Map<string, number>()
  for (const { policyArn, _count } of [...users, ...groups]) counts.set(policyArn, (counts.get(policyArn) ?? 0) + _count)
  return counts
}

/** The `Policy` structure of the API; lists leave the description out. */
export function describePolicy(policy: AnyManagedPolicy, attachments: number, options: { description?: boolean } = {}) {
  return {
    PolicyName: policy.name,
    PolicyId: policy.policyId,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: attachments,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    Description: options.description && policy.description !== '' ? policy.description : undefined,
    CreateDate: policy.createDate,
    UpdateDate: policy.updateDate,
  }
}

function resolved(action: string, arn: string, policy: AnyManagedPolicy | null): Resolved<AnyManagedPolicy> {
  return {
    access: [{ action: `iam:${action}`, resource: arn }],
    subject: policy ?? absentSubject,
    resources: [{ type: 'AWS::IAM::Policy', arn }],
    ...(!policy && { absent: noSuchEntity(`Policy ${arn} was not found.`) }),
  }
}
