import { decideAs } from '#lib/iam/authorize'
import { loadIdentity } from '#lib/iam/identity-policies'
import { policyId, type PolicyPlace } from '#lib/explain/documents'
import { newPolicyId, supposedIdentity } from '#lib/explain/supposed'
import type { RequestContext } from '#lib/operation/context'

/**
 * What the caller may do to policies now and could no longer once a document is saved in its place: actions, in IAM's words.
 * Empty for the root user, whom no IAM policy limits, and where the policy is none of the caller's.
 * @throws ServiceException MalformedPolicyDocument with the place
 */
export async function lostAccess(context: RequestContext, { source, policy, attachedTo }: PolicyPlace, document: string): Promise<string[]> {
  const { principal } = context
  if (principal.type !== 'IAMUser') return []
  const now = await loadIdentity(principal)
  const mine = now.policies.filter((each) => each.policy === policy && (policy.startsWith('arn:') || (each.source === source && each.attachedTo.toLowerCase() === attachedTo.toLowerCase())))
  const isNew = mine.length === 0 && source === 'identity-policy' && attachedTo.toLowerCase() === principal.userName.toLowerCase()
  const edits = new Map(isNew ? [[newPolicyId, document]] : mine.map((each) => [policyId(each), document]))
  if (edits.size === 0) return []
  const then = await supposedIdentity(principal, edits)
  return guarded.filter((action) => {
    const access = { action, resource: action === 'iam:CreatePolicyVersion' ? `arn:aws:iam::${context.accountId}:policy/*` : principal.arn }
    return decideAs(context, access, now).decision === 'Allowed' && decideAs(context, access, then).decision !== 'Allowed'
  })
}

/** With any of these one can mend one's own policies. */
const guarded = ['iam:PutUserPolicy', 'iam:DeleteUserPolicy', 'iam:AttachUserPolicy', 'iam:DetachUserPolicy', 'iam:CreatePolicyVersion'] as const
