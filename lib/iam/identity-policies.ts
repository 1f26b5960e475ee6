import { db } from '#lib/db'
import { findAwsManagedPolicy } from '#lib/iam/managed-policies/aws-managed-policies'
import { parsedPolicy } from '#lib/iam/parsed-policies'
import type { AttachedPolicy } from '#lib/iam/policy/evaluate'
import type { Principal } from '#lib/operation/context'
import { remember } from '#lib/remember'

/** What IAM knows of a user that bears on decisions. */
export type Identity = Readonly<{
  policies: readonly AttachedPolicy[]
  /** `aws:PrincipalTag/<key>`. */
  tags: Readonly<Record<string, string>>
}>

/**
 * Every policy that speaks for a principal: inline and managed, the user's own and those of their groups. None for root and
 * for services.
 *
 * Remembered per user until {@link forgetIdentityPolicies}.
 */
export async function loadIdentityPolicies(principal: Principal): Promise<readonly AttachedPolicy[]> {
  return (await loadIdentity(principal)).policies
}

/** The policies of {@link loadIdentityPolicies} and the principal's tags. */
export async function loadIdentity(principal: Principal): Promise<Identity> {
  if (principal.type !== 'IAMUser') return none
  const { principalId } = principal
  const cache = remembered()
  const known = cache.byUser.get(principalId)
  if (known) return known
  const { generation } = cache
  let identity: Identity
  try {
    identity = await readIdentity(principalId)
  } catch (error) {
    // Rows read one after another may disagree while they are changed (a policy detached and deleted in between).
    if (cache.generation === generation) throw error
    identity = await readIdentity(principalId)
  }
  // What was read before a change must not outlive the change: keep it only if nothing was forgotten meanwhile.
  if (cache.generation === generation) {
    const [oldest] = cache.byUser.keys()
    if (cache.byUser.size >= capacity && oldest !== undefined) cache.byUser.delete(oldest)
    cache.byUser.set(principalId, identity)
  }
  return identity
}

/**
 * Drops what is remembered of one user (`AIDA…`), or of all: to be called after every committed change of a policy, an
 * attachment, a membership or a tag. The next decision reads anew.
 */
export function forgetIdentityPolicies(userId?: string): void {
  const cache = remembered()
  cache.generation += 1
  if (userId === undefined) cache.byUser.clear()
  else cache.byUser.delete(userId)
}

/** The policies that speak for whoever is in a group, were they in it; none where there is no such group. */
export async function policiesOfGroup(name: string): Promise<readonly AttachedPolicy[]> {
  const group = await db().iamGroup.findUnique({ where: { nameLower: name.toLowerCase() }, select: holderColumns })
  return group ? policiesOf(group, 'group-policy', await managedDocuments(group.attachments.map(({ policyArn }) => policyArn))) : []
}

/** A managed policy as if it were attached: at its default version, or at another. Empty where there is none such. */
export async function policyOnHolder(source: AttachedPolicy['source'], attachedTo: string, policy: string, versionId?: string): Promise<readonly AttachedPolicy[]> {
  const version = versionId === undefined ? null : await db().managedPolicyVersion.findFirst({ where: { versionId, policy: { arn: policy } } })
  const text = versionId === undefined ? (await managedDocuments([policy])).get(policy) : version?.document
  return text === undefined ? [] : [{ source, policy, attachedTo, document: parsedPolicy(text, 'identity') }]
}

const none: Identity = { policies: [], tags: {} }
const capacity = 5000

function remembered(): { generation: number; byUser: Map<string, Identity> } {
  return remember('iam.identityPolicies', () => ({ generation: 0, byUser: new Map<string, Identity>() }))
}

type Holder = Readonly<{
  name: string
  inlinePolicies: readonly Readonly<{ name: string; document: string }>[]
  attachments: readonly Readonly<{ policyArn: string }>[]
}>

async function readIdentity(userId: string): Promise<Identity> {
  const user = await db().iamUser.findUnique({
    where: { id: userId },
    select: {
      ...holderColumns,
      tags: { select: { tagKey: true, tagValue: true } },
      memberships: { select: { group: { select: holderColumns } }, orderBy: { groupId: 'asc' } },
    },
  })
  // Deleted since they were authenticated: nobody's policies allow nothing.
  if (!user) return none
  const groups = user.memberships.map(({ group }) => group)
  const documents = await managedDocuments([user, ...groups].flatMap(({ attachments }) => attachments.map(({ policyArn }) => policyArn)))
  return {
    policies: [
      ...policiesOf(user, 'identity-policy', documents),
      ...groups.flatMap((group) => policiesOf(group, 'group-policy', documents)),
    ],
    tags: Object.fromEntries(user.tags.map(({ tagKey, tagValue }) => [tagKey, tagValue])),
  }
}

const holderColumns = {
  name: true,
  inlinePolicies: { select: { name: true, document: true }, orderBy: { name: 'asc' } },
  attachments: { select: { policyArn: true }, orderBy: { policyArn: 'asc' } },
} as const

function policiesOf(
  holder: Holder,
  source: AttachedPolicy['source'],
  documents: ReadonlyMap<string, string>,
): readonly AttachedPolicy[] {
  const attached = (policy: string, text: string): AttachedPolicy => ({
    source,
    policy,
    attachedTo: holder.name,
    document: parsedPolicy(text, 'identity'),
  })
  return [
    ...holder.inlinePolicies.map(({ name, document }) => attached(name, document)),
    ...holder.attachments.map(({ policyArn }) => attached(policyArn, documents.get(policyArn) ?? missing(policyArn))),
  ]
}

/** Ignoring it could ignore a Deny. */
function missing(policyArn: string): never {
  throw new Error(`the attached policy ${policyArn} does not exist`)
}

/** The default versions' texts, by ARN. */
async function managedDocuments(arns: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const documents = new Map<string, string>()
  const customerManaged: string[] = []
  for (const arn of new Set(arns)) {
    const builtIn = findAwsManagedPolicy(arn)
    if (builtIn) documents.set(arn, builtIn.document)
    else customerManaged.push(arn)
  }
  if (customerManaged.length === 0) return documents
  const policies = await db().managedPolicy.findMany({
    where: { arn: { in: customerManaged } },
    select: { arn: true, defaultVersionId: true, versions: { select: { versionId: true, document: true } } },
  })
  for (const { arn, defaultVersionId, versions } of policies) {
    const version = versions.find(({ versionId }) => versionId === defaultVersionId)
    if (version) documents.set(arn, version.document)
  }
  return documents
}
