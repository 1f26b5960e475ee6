import { db, transaction, type Db } from '#lib/db'
import { noSuchEntity, quotaExceeded, validationError } from '#lib/iam/exceptions'
import { forgetPoliciesOf, type Holder } from '#lib/iam/inline-policies'
import { findAwsManagedPolicy } from '#lib/iam/managed-policies/aws-managed-policies'
import { listPage, type ListEnd } from '#lib/iam/pages'
import { whileThere } from '#lib/iam/subjects'
import { parseArn } from '#lib/operation/arn'

/** Managed policies of one user or group (F.1). */
export const attachedPolicyQuota = 10

/**
 * Attaches a managed policy; one that is attached already stays so.
 * @throws ServiceException — NoSuchEntity, LimitExceeded, ValidationError for what is not an ARN.
 */
export async function attachPolicy(holder: Holder, policyArn: string, now: Date): Promise<void> {
  checkPolicyArn(policyArn)
  await whileThere(
    transaction(async (tx) => {
      // In the same transaction as the row: a policy that is deleted meanwhile must not stay attached.
      if (!(await managedPolicyExists(tx, policyArn))) {
        throw noSuchEntity(`Policy ${policyArn} does not exist or is not attachable.`)
      }
      const attached = await attachments(tx, holder)
      if (attached.some((each) => each.policyArn === policyArn)) return
      if (attached.length >= attachedPolicyQuota) {
        throw quotaExceeded(holder.kind === 'user' ? 'PoliciesPerUser' : 'PoliciesPerGroup', attachedPolicyQuota)
      }
      if (holder.kind === 'user') await tx.userPolicyAttachment.create({ data: { userId: holder.id, policyArn, attachedAt: now } })
      else await tx.groupPolicyAttachment.create({ data: { groupId: holder.id, policyArn, attachedAt: now } })
    }),
    holder.name,
  )
  forgetPoliciesOf(holder)
}

/** @throws ServiceException — NoSuchEntity where it is not attached; ValidationError for what is not an ARN. */
export async function detachPolicy(holder: Holder, policyArn: string): Promise<void> {
  checkPolicyArn(policyArn)
  const detached =
    holder.kind === 'user'
      ? await db().userPolicyAttachment.deleteMany({ where: { userId: holder.id, policyArn } })
      : await db().groupPolicyAttachment.deleteMany({ where: { groupId: holder.id, policyArn } })
  forgetPoliciesOf(holder)
  if (detached.count === 0) throw noSuchEntity(`Policy ${policyArn} was not found.`)
}

/** One page of what is attached, in the order of ARNs. */
export async function listAttachedPolicies(
  holder: Holder,
  input: { Marker?: string | undefined; MaxItems: number; PathPrefix: string },
): Promise<{ AttachedPolicies: { PolicyName: string; PolicyArn: string }[] } & ListEnd> {
  const page = await listPage(
    `attached policies of ${holder.id}`,
    input,
    (after, take) => attachments(db(), holder, { ...(after !== undefined && { after }), take }),
    (attachment) => attachment.policyArn,
    (attachment) => pathOf(attachment.policyArn).startsWith(input.PathPrefix),
  )
  const items = page.items.map(({ policyArn }) => ({ PolicyName: policyArn.slice(policyArn.lastIndexOf('/') + 1), PolicyArn: policyArn }))
  return { AttachedPolicies: items, ...page.end }
}

/** @throws ServiceException — ValidationError, in IAM's words (two spaces). */
export function checkPolicyArn(policyArn: string): void {
  const arn = parseArn(policyArn)
  if (arn?.service !== 'iam' || !arn.resource.startsWith('policy/')) throw validationError('Invalid ARN:  Could not be parsed!')
}

async function managedPolicyExists(database: Db, arn: string): Promise<boolean> {
  return findAwsManagedPolicy(arn) !== undefined || (await database.managedPolicy.count({ where: { arn } })) > 0
}

/** `/division/` of `arn:aws:iam::111122223333:policy/division/name`. */
function pathOf(policyArn: string): string {
  const name = policyArn.slice(policyArn.indexOf(':policy/') + ':policy'.length)
  return name.slice(0, name.lastIndexOf('/') + 1)
}

async function attachments(
  database: Db,
  holder: Holder,
  page: { after?: string; take?: number } = {},
): Promise<{ policyArn: string }[]> {
  const place = { ...(page.after !== undefined && { policyArn: { gt: page.after } }) }
  const rest = { orderBy: { policyArn: 'asc' }, ...(page.take !== undefined && { take: page.take }) } as const
  return holder.kind === 'user'
    ? database.userPolicyAttachment.findMany({ where: { userId: holder.id, ...place }, ...rest })
    : database.groupPolicyAttachment.findMany({ where: { groupId: holder.id, ...place }, ...rest })
}
