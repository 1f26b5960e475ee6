import type { DecidingStatement } from '#lib/operation/exception'
import { conditionHolds } from './conditions.ts'
import type { PolicyDocument, Statement } from './document.ts'
import { matchesGlob } from './match.ts'
import { principalMatch, type RequestPrincipal } from './principals.ts'
import { matchesPattern, type ConditionContext } from './variables.ts'

/** What is asked: may this principal do this action on this resource, under these conditions? */
export type EvaluationRequest = Readonly<{
  principal: RequestPrincipal
  /** `kms:Encrypt`, in any case. */
  action: string
  /** An ARN, or `*` for actions on no resource. */
  resource: string
  /** Condition keys, in any case. A list is a key of several values; a missing key is absent. */
  conditions: Readonly<Record<string, string | readonly string[]>>
}>

/** A policy attached to the principal or to a group of theirs. */
export type AttachedPolicy = Readonly<{
  source: 'identity-policy' | 'group-policy'
  /** The policy's name, or its ARN for a managed one. */
  policy: string
  /** Name of the user or group. */
  attachedTo: string
  document: PolicyDocument
}>

/** Every policy that has a say. */
export type Policies = Readonly<{
  identity: readonly AttachedPolicy[]
  resourcePolicy?: Readonly<{
    document: PolicyDocument
    /** ARN of what it guards. */
    arn: string
    /** How it is called in a refusal. Default: `key policy` where it governs, else `resource policy`. */
    name?: string
    /**
     * As a KMS key policy does: nothing is allowed, root included, unless it allows the principal or hands the decision
     * to the account. Otherwise its Allow and an identity policy's are equals.
     */
    governs: boolean
  }>
}>

/** The answer, and the statements that made it so (none where nothing allowed). */
export type Evaluation = Readonly<{
  decision: 'Allowed' | 'ExplicitlyDenied' | 'ImplicitlyDenied'
  decidedBy: readonly DecidingStatement[]
  /** Which kind of policy decided, or for an implicit denial, which kind should have allowed. */
  reason: 'identity-based policy' | 'resource-based policy' | 'root user'
}>

/**
 * Decides one access (aws-facts F.3): any explicit Deny wins; else an Allow that counts; else it is denied.
 *
 * Pure. Neither the order of policies nor of statements matters to the decision.
 */
export function evaluate(request: EvaluationRequest, policies: Policies): Evaluation {
  const asked = { ...request, action: request.action.toLowerCase(), context: once(() => contextOf(request.conditions)) }
  const denials: DecidingStatement[] = []
  let identityAllow: DecidingStatement | undefined
  for (const attached of policies.identity) {
    for (const statement of attached.document.statements) {
      if (statement.effect === 'Allow' && identityAllow) continue
      if (!applies(statement, asked)) continue
      const deciding = deciderOf(statement, attached)
      if (statement.effect === 'Deny') denials.push(deciding)
      else identityAllow = deciding
    }
  }
  const identityDenials = denials.length

  const { resourcePolicy } = policies
  const owner = resourcePolicy && {
    source: 'resource-policy' as const,
    policy: resourcePolicy.name ?? (resourcePolicy.governs ? 'key policy' : 'resource policy'),
    attachedTo: resourcePolicy.arn,
  }
  let resourceAllow: DecidingStatement | undefined
  let delegation: DecidingStatement | undefined
  if (resourcePolicy && owner) {
    for (const statement of resourcePolicy.document.statements) {
      if (statement.effect === 'Allow' && resourceAllow) continue
      const named = statement.principals ? principalMatch(statement.principals, request.principal) : null
      if (!named || !applies(statement, asked)) continue
      const deciding = deciderOf(statement, owner)
      // A Deny of the account is a Deny of everyone in it; an Allow of the account only lets its own policies decide.
      if (statement.effect === 'Deny') denials.push(deciding)
      else if (named === 'direct') resourceAllow = deciding
      else delegation ??= deciding
    }
  }

  if (denials.length > 0) {
    const reason = identityDenials > 0 ? 'identity-based policy' : 'resource-based policy'
    return { decision: 'ExplicitlyDenied', decidedBy: denials, reason }
  }
  if (resourceAllow) return { decision: 'Allowed', decidedBy: [resourceAllow], reason: 'resource-based policy' }
  if (resourcePolicy?.governs && !delegation) {
    return { decision: 'ImplicitlyDenied', decidedBy: [], reason: 'resource-based policy' }
  }
  if (identityAllow) {
    const decidedBy = resourcePolicy?.governs && delegation ? [delegation, identityAllow] : [identityAllow]
    return { decision: 'Allowed', decidedBy, reason: 'identity-based policy' }
  }
  // Root has no policies of its own and needs none, except where a resource policy governs.
  if (request.principal.type === 'Root' && !resourcePolicy?.governs) {
    return { decision: 'Allowed', decidedBy: [], reason: 'root user' }
  }
  return { decision: 'ImplicitlyDenied', decidedBy: [], reason: 'identity-based policy' }
}

type Asked = Readonly<{ action: string; resource: string; context: () => ConditionContext }>

/** True when the statement speaks of this action and resource, and its conditions hold. Cheapest question first. */
function applies(statement: Statement, asked: Asked): boolean {
  const { actions, resources, conditions } = statement
  if (actions.globs.some((glob) => matchesGlob(glob, asked.action)) === actions.negated) return false
  if (resources) {
    let matched = false
    for (const pattern of resources.patterns) {
      const match = pattern.template
        ? matchesPattern(pattern, asked.resource, asked.context())
        : matchesGlob(pattern.glob, asked.resource)
      // What a NotResource with an unresolved variable spares is unknown: such a statement matches nothing.
      if (match === null && resources.negated) return false
      if (match === true) matched = true
    }
    if (matched === resources.negated) return false
  }
  return conditions.every((condition) => conditionHolds(condition, asked.context()))
}

function deciderOf(
  statement: Statement,
  owner: Pick<DecidingStatement, 'source' | 'policy' | 'attachedTo'>,
): DecidingStatement {
  const { effect, index, sid } = statement
  const { attachedTo, policy, source } = owner
  const name = sid === undefined || sid === '' ? `Statement ${String(index + 1)}` : sid
  return { source, policy, attachedTo, statement: name, index, effect }
}

/** Keys in lower case. Two keys that differ in case alone become one key with the values of both. */
function contextOf(conditions: EvaluationRequest['conditions']): ConditionContext {
  const context = new Map<string, string | readonly string[]>()
  for (const [name, value] of Object.entries(conditions)) {
    const key = name.toLowerCase()
    const known = context.get(key)
    context.set(key, known === undefined ? value : [known, value].flat())
  }
  return context
}

/** Most statements have neither conditions nor variables: the context is made when the first one asks. */
function once<Value>(make: () => Value): () => Value {
  let value: Value | undefined
  return () => (value ??= make())
}
