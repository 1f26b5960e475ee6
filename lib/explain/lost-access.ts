import { db } from '#lib/db'
import { decideAs } from '#lib/iam/authorize'
import { loadIdentity, type Identity } from '#lib/iam/identity-policies'
import { policyId, type PolicyPlace } from '#lib/explain/documents'
import { newPolicyId, supposedIdentity } from '#lib/explain/supposed'
import { DescribeKey } from '#lib/kms/api'
import { parseArn } from '#lib/operation/arn'
import type { CallerPrincipal } from '#lib/iam/credentials'
import type { RequestContext } from '#lib/operation/context'

/**
 * What the caller may do to policies now and could no longer once a document is saved in its place: actions, in IAM's words.
 * Empty for the root user, whom no IAM policy limits, and where the policy is none of the caller's.
 * @throws ServiceException MalformedPolicyDocument with the place
 */
export async function lostAccess(context: RequestContext, place: PolicyPlace, document: string): Promise<string[]> {
  const { principal } = context
  if (principal.type !== 'IAMUser') return []
  const { source, policy, attachedTo } = place
  const now = await loadIdentity(principal)
  const mine = now.policies.filter((each) => each.policy === policy && (policy.startsWith('arn:') || (each.source === source && sameName(each.attachedTo, attachedTo))))
  const edits = new Map(mine.map((each) => [policyId(each), document]))
  if (edits.size === 0 && !policy.startsWith('arn:') && (await speaksFor(place, principal))) edits.set(newPolicyId, document)
  if (edits.size === 0) return []
  return lostBetween({ context, identity: now }, { context, identity: await supposedIdentity(principal, edits) })
}

/** What a user may do to their own policies now and could no longer then: actions, in IAM's words. */
export function lostBetween(now: Standing, then: Standing): string[] {
  const { principal, accountId } = now.context
  if (principal.type !== 'IAMUser') return []
  return guarded.filter((action) => {
    const access = { action, resource: action === 'iam:CreatePolicyVersion' ? `arn:aws:iam::${accountId}:policy/*` : principal.arn }
    const allowed = ({ context, identity }: Standing) => decideAs(context, access, identity).decision === 'Allowed'
    return allowed(now) && !allowed(then)
  })
}

/** How a request is made, and the policies that speak for who makes it. */
type Standing = Readonly<{ context: RequestContext; identity: Identity }>

/**
 * What the caller may do with a key now and could no longer under another key policy: actions, in KMS's words. Empty where there
 * is no such key, as where nothing is lost: whoever may not see a key learns nothing of it.
 * @throws ServiceException MalformedPolicyDocument with the place
 */
export async function lostKeyAccess(context: RequestContext, keyArn: string, document: string): Promise<string[]> {
  const { principal } = context
  if (principal.type !== 'IAMUser' && principal.type !== 'Root') return []
  const region = parseArn(keyArn)?.region
  if (region === undefined) return []
  const there = { ...context, region }
  const { access, absent } = await DescribeKey.resolve(there, { KeyId: keyArn })
  const [described] = access
  if (absent || described?.resourcePolicy === undefined) return []
  const { resourcePolicy: stored } = described
  const identity = await loadIdentity(principal)
  const allowed = (action: string, resourcePolicy: string) => decideAs(there, { ...described, action, resourcePolicy }, identity).decision === 'Allowed'
  return ofKeys.filter((action) => allowed(action, stored) && !allowed(action, document))
}

/** With any of these one can mend one's own policies. */
const guarded = ['iam:PutUserPolicy', 'iam:DeleteUserPolicy', 'iam:AttachUserPolicy', 'iam:DetachUserPolicy', 'iam:CreatePolicyVersion'] as const

/** What is done with a key: first what can take a policy back. */
const ofKeys = [
  'kms:PutKeyPolicy',
  'kms:GetKeyPolicy',
  'kms:DescribeKey',
  'kms:EnableKey',
  'kms:DisableKey',
  'kms:ScheduleKeyDeletion',
  'kms:CancelKeyDeletion',
  'kms:EnableKeyRotation',
  'kms:TagResource',
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:GenerateDataKey',
] as const

/** Whether one more inline policy there would be one of the principal's: on the user, or on a group that they are in. */
async function speaksFor({ source, attachedTo }: PolicyPlace, { userName, principalId }: Extract<CallerPrincipal, { type: 'IAMUser' }>): Promise<boolean> {
  if (source === 'identity-policy') return sameName(attachedTo, userName)
  return source === 'group-policy' && isMember(principalId, attachedTo)
}

/** Whether a user is in a group, by its name. */
export async function isMember(userId: string, groupName: string): Promise<boolean> {
  return (await db().groupMembership.findFirst({ where: { userId, group: { nameLower: groupName.toLowerCase() } }, select: { userId: true } })) !== null
}

/** IAM tells names apart without regard to case. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
