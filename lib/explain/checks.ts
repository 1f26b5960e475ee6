import { decideAs } from '#lib/iam/authorize'
import type { Identity } from '#lib/iam/identity-policies'
import { parsePolicyDocument } from '#lib/iam/policy/document'
import { keyCan, type KeyState, type KeyUse } from '#lib/kms/key-state'
import type { RequestContext } from '#lib/operation/context'
import type { Access } from '#lib/operation/define'
import { isServiceException, type DecidingStatement } from '#lib/operation/exception'
import { validate } from '#lib/operation/validate'
import { policyId } from '#lib/explain/documents'
import type { Call, Question } from '#lib/explain/calls'

/** One thing that must be so, and whether it is. */
export type Check = Readonly<{
  /** The operation that asks: `codecommit:GitPush`. */
  Operation: string
  /** What policy is asked for; absent where it is not policy that is asked. */
  Action?: string
  Resource?: string
  Decision: 'Allowed' | 'ExplicitlyDenied' | 'ImplicitlyDenied' | 'Absent' | 'Unusable'
  /** What a caller who is refused would read, or why it is allowed. */
  Text: string
  DecidedBy: readonly (DecidingStatement & { PolicyId: string })[]
  /** The condition keys that it was decided under, by their names. */
  Conditions: Readonly<Record<string, readonly string[]>>
  /** `codecommit.amazonaws.com`, where a service asks on the caller's behalf. */
  Via?: string
  Note?: string
}>

/** What the checks of one explanation have in common. `keyPolicies` collects those that were asked. */
export type Suppositions = Readonly<{
  identity: Identity
  edits: ReadonlyMap<string, string>
  keyPolicies: Map<string, { stored: string; supposed: string | undefined }>
}>

/**
 * Every check of one call: each access that its operation's `resolve` asks for, then that its subject is there and that a key's
 * state allows it. Null is an action that is no operation here: policy alone is asked.
 */
export async function checkCall(caller: RequestContext, question: Question, call: Call | null, suppositions: Suppositions): Promise<Check[]> {
  if (!call) return [checkAccess(caller, question.action, { action: question.action, resource: question.resource ?? '*' }, suppositions)]
  const { operation, input, context, note } = call
  const name = `${operation.service}:${operation.name}`
  const common = { Operation: name, ...(note !== undefined && { Note: note }), ...via(context) }
  try {
    const resolved = await operation.resolve(context, validate(operation, input))
    const checks = resolved.access.map((access) => ({ ...checkAccess(context, name, access, suppositions), ...common }))
    const bare = { ...common, DecidedBy: [], Conditions: {} }
    if (resolved.absent) return call.makesIt ? checks : [...checks, { ...bare, Decision: 'Absent', Text: resolved.absent.message }]
    const unusable = operation.service === 'kms' ? unusableKey(operation.name, resolved.subject) : undefined
    return unusable === undefined ? checks : [...checks, { ...bare, Decision: 'Unusable', Text: unusable }]
  } catch (error) {
    if (!isServiceException(error)) throw error
    // The question does not say enough for the operation's own resolve; policy can be asked all the same.
    const access = { action: question.action, resource: question.resource ?? '*' }
    return [{ ...checkAccess(context, name, access, suppositions), ...common, Note: `Asked of policy alone: ${error.message}` }]
  }
}

function checkAccess(context: RequestContext, operation: string, access: Access, { identity, edits, keyPolicies }: Suppositions): Check {
  const supposed = supposedPolicy(access, edits)
  if (access.resourcePolicy !== undefined) keyPolicies.set(access.resource, { stored: access.resourcePolicy, supposed })
  const decision = decideAs(context, supposed === undefined ? access : { ...access, resourcePolicy: supposed }, identity)
  return {
    Operation: operation,
    Action: access.action,
    Resource: access.resource,
    Decision: decision.decision,
    Text: decision.message ?? whyAllowed(access, decision.reason, decision.decidedBy),
    DecidedBy: decision.decidedBy.map((statement) => ({ ...statement, PolicyId: policyId(statement) })),
    Conditions: Object.fromEntries(Object.entries(decision.conditions).map(([key, value]) => [key, typeof value === 'string' ? [value] : value])),
  }
}

/** @throws ServiceException MalformedPolicyDocument with the place, for a key policy that was supposed */
function supposedPolicy({ resource, resourcePolicy }: Access, edits: ReadonlyMap<string, string>): string | undefined {
  if (resourcePolicy === undefined) return undefined
  const edit = edits.get(policyId({ source: 'resource-policy', policy: 'key policy', attachedTo: resource }))
  if (edit !== undefined) parsePolicyDocument(edit, 'resource')
  return edit
}

function whyAllowed({ denyOnly, unconditional }: Access, reason: string | undefined, decidedBy: readonly DecidingStatement[]): string {
  if (unconditional) return 'No policy can refuse it.'
  if (denyOnly && reason === undefined) return 'Only an explicit Deny would count, and there is none.'
  if (reason === 'root user') return 'The root user needs no IAM policy.'
  const [first] = decidedBy
  return first ? `Allowed by ${first.policy}, statement ${first.statement}.` : 'Allowed.'
}

function unusableKey(operation: string, subject: unknown): string | undefined {
  const keys = typeof subject !== 'object' || subject === null ? [] : 'keyState' in subject ? [subject] : Object.values(subject)
  const use = (operation.charAt(0).toLowerCase() + operation.slice(1)) as KeyUse
  if (!Object.hasOwn(keyCan, use)) return undefined
  for (const key of keys as { keyState?: KeyState; arn?: string }[]) {
    const can = key.keyState === undefined ? undefined : keyCan[use]({ keyState: key.keyState })
    if (can && !can.allowed) return `${can.exception}: ${key.arn ?? 'The key'} ${can.reason}`
  }
  return undefined
}

function via({ calledVia }: RequestContext): { Via?: string } {
  const host = calledVia.at(-1)
  return host === undefined ? {} : { Via: host }
}
