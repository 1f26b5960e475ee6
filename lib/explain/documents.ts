import { db } from '#lib/db'
import { decide } from '#lib/iam/authorize'
import { findAwsManagedPolicy } from '#lib/iam/managed-policies/aws-managed-policies'
import { parsePolicyDocument, type PolicyKind } from '#lib/iam/policy/document'
import type { AttachedPolicy } from '#lib/iam/policy/evaluate'
import { groupArn, userArn } from '#lib/iam/subjects'
import type { RequestContext } from '#lib/operation/context'
import type { Access } from '#lib/operation/define'

/** A policy that had a say, as the console shows it. */
export type ExplainedPolicy = Readonly<{
  /** Names it in `Edits`, and in what decided a check. */
  Id: string
  Source: AttachedPolicy['source'] | 'resource-policy'
  /** The policy's name, or its ARN for a managed one; `key policy` for a KMS key's. */
  Policy: string
  /** Name of the user or group, or the ARN of the key. */
  AttachedTo: string
  /** The document, indented; absent where whoever asks may not read it. */
  Document?: string
  /** Why not. */
  Refused?: string
  /** Where each statement stands in the document: lines from 1, both inclusive. */
  Statements: readonly Readonly<{ StartLine: number; EndLine: number }>[]
  /** It is what the question supposed, not what is stored. */
  Supposed: boolean
  /** Nobody can change it: one of AWS's own. */
  ReadOnly: boolean
}>

export type PolicyPlace = Readonly<{ source: ExplainedPolicy['Source']; policy: string; attachedTo: string }>

/** The ID of a policy in a question and its answer. */
export function policyId({ source, policy, attachedTo }: PolicyPlace): string {
  return `${source} ${policy} ${attachedTo}`
}

/** The text of a stored identity policy; null where it has gone. */
export async function storedDocument({ source, policy, attachedTo }: PolicyPlace): Promise<string | null> {
  if (policy.startsWith('arn:')) {
    const builtIn = findAwsManagedPolicy(policy)
    if (builtIn) return builtIn.document
    const managed = await db().managedPolicy.findUnique({ where: { arn: policy }, include: { versions: true } })
    return managed?.versions.find(({ versionId }) => versionId === managed.defaultVersionId)?.document ?? null
  }
  const holder = attachedTo.toLowerCase()
  if (source === 'group-policy') {
    return (await db().groupInlinePolicy.findFirst({ where: { name: policy, group: { nameLower: holder } } }))?.document ?? null
  }
  return (await db().userInlinePolicy.findFirst({ where: { name: policy, user: { nameLower: holder } } }))?.document ?? null
}

/**
 * A policy with its text, where whoever asks may read it by the operation that is there for it: iam:GetUserPolicy,
 * iam:GetGroupPolicy, iam:GetPolicyVersion, kms:GetKeyPolicy.
 * @param text its document, stored or supposed
 */
export async function explainedPolicy(
  asker: RequestContext,
  place: PolicyPlace,
  text: string,
  { supposed, arn }: { supposed: boolean; arn: string | undefined },
): Promise<ExplainedPolicy> {
  const { source, policy, attachedTo } = place
  const kind: PolicyKind = source === 'resource-policy' ? 'resource' : 'identity'
  // What is supposed comes from whoever asks.
  const decision = supposed ? undefined : await decide(asker, readAccess(asker, place, text, arn))
  const shown = { Id: policyId(place), Source: source, Policy: policy, AttachedTo: attachedTo, Supposed: supposed, ReadOnly: isReadOnly(place) }
  if (decision && decision.decision !== 'Allowed') return { ...shown, Refused: decision.message ?? 'You may not read this policy.', Statements: [] }
  const document = supposed ? text : indented(text)
  const Statements = parsePolicyDocument(document, kind).statements.map(({ start, end }) => ({ StartLine: start.line, EndLine: end.line }))
  return { ...shown, Document: document, Statements }
}

function readAccess(asker: RequestContext, { source, policy, attachedTo }: PolicyPlace, text: string, arn: string | undefined): Access {
  if (source === 'resource-policy') return { action: 'kms:GetKeyPolicy', resource: attachedTo, resourcePolicy: text }
  if (policy.startsWith('arn:')) return { action: 'iam:GetPolicyVersion', resource: policy }
  return source === 'group-policy'
    ? { action: 'iam:GetGroupPolicy', resource: arn ?? groupArn(asker.accountId, '/', attachedTo) }
    : { action: 'iam:GetUserPolicy', resource: arn ?? userArn(asker.accountId, '/', attachedTo) }
}

function isReadOnly({ source, policy }: PolicyPlace): boolean {
  return source !== 'resource-policy' && policy.startsWith('arn:aws:iam::aws:')
}

function indented(text: string): string {
  return JSON.stringify(JSON.parse(text), null, 2)
}
