import type { CallerPrincipal } from '#lib/iam/credentials'
import { loadIdentity, type Identity } from '#lib/iam/identity-policies'
import { parsePolicyDocument } from '#lib/iam/policy/document'
import type { AttachedPolicy } from '#lib/iam/policy/evaluate'
import { policyId } from '#lib/explain/documents'

/** The policy ID of one more inline policy that the principal does not have yet. */
export const newPolicyId = 'new'

/**
 * A principal's policies and tags, with the documents of `edits` in the place of those that are stored.
 * @throws ServiceException MalformedPolicyDocument with the place
 */
export async function supposedIdentity(principal: CallerPrincipal, edits: ReadonlyMap<string, string>): Promise<Identity & { arn: string }> {
  const identity = await loadIdentity(principal)
  const policies = identity.policies.map((attached) => {
    const edit = edits.get(policyId(attached))
    return edit === undefined ? attached : { ...attached, document: parsePolicyDocument(edit, 'identity') }
  })
  const added = edits.get(newPolicyId)
  const more: AttachedPolicy[] =
    added === undefined || principal.type === 'Root'
      ? []
      : [{ source: 'identity-policy', policy: newPolicyId, attachedTo: principal.userName, document: parsePolicyDocument(added, 'identity') }]
  return { ...identity, policies: [...policies, ...more], arn: principal.arn }
}
