import { globalConditionKeys, kmsConditionKeys, type ConditionKeys } from '#lib/iam/condition-keys'
import { loadIdentity, type Identity } from '#lib/iam/identity-policies'
import { parsedPolicy } from '#lib/iam/parsed-policies'
import { accessDeniedMessage } from '#lib/iam/policy/access-denied'
import { evaluate, type Evaluation } from '#lib/iam/policy/evaluate'
import type { RequestPrincipal } from '#lib/iam/policy/principals'
import type { Principal, RequestContext } from '#lib/operation/context'
import type { Access } from '#lib/operation/define'
import { AccessDenied, type DecidingStatement } from '#lib/operation/exception'

/** Whether one access is allowed, and by what. */
export type Decision = Readonly<{
  decision: Evaluation['decision']
  decidedBy: readonly DecidingStatement[]
  /** Absent where no policy was asked (`unconditional`), or only for a Deny and there was none (`denyOnly`). */
  reason?: Evaluation['reason']
  /** What the caller of a refused access would read. */
  message?: string
}>

/**
 * Lets the principal of a request through, or not.
 * @throws AccessDenied for the first access that is refused, with the statements that refused it.
 */
export async function authorize(context: RequestContext, accesses: readonly Access[]): Promise<void> {
  const asked = accesses.filter((access) => !access.unconditional)
  if (asked.length === 0) return
  const identity = await loadIdentity(context.principal)
  const keys = globalConditionKeys(context, identity.tags)
  for (const access of asked) {
    const { decidedBy, decision, message = '' } = decideFor(context, access, identity, keys)
    if (decision !== 'Allowed') {
      throw new AccessDenied(message, { action: access.action, resource: access.resource, decidedBy })
    }
  }
}

/** Decides one access without refusing it: what a console asks before it offers something. */
export async function decide(context: RequestContext, access: Access): Promise<Decision> {
  if (access.unconditional) return { decision: 'Allowed', decidedBy: [] }
  const identity = await loadIdentity(context.principal)
  return decideFor(context, access, identity, globalConditionKeys(context, identity.tags))
}

/**
 * Decides one access as if the principal had these policies and tags, whatever is stored: for what-if questions, by the very
 * function that refuses in earnest. `conditions` are the keys and values that it was decided under.
 */
export function decideAs(context: RequestContext, access: Access, identity: Identity): Decision & { conditions: ConditionKeys } {
  const globalKeys = globalConditionKeys(context, identity.tags)
  const conditions = conditionsOf(context, access, globalKeys)
  if (access.unconditional) return { decision: 'Allowed', decidedBy: [], conditions }
  return { ...decideFor(context, access, identity, globalKeys), conditions }
}

function decideFor(context: RequestContext, access: Access, identity: Identity, globalKeys: ConditionKeys): Decision {
  const { action, denyOnly, resource, resourcePolicy } = access
  const caller = context.principal
  if (caller.type === 'Anonymous') {
    return { decision: 'ImplicitlyDenied', decidedBy: [], message: `User: anonymous is not authorized to perform: ${action}` }
  }
  const principal = requestPrincipal(caller)
  const evaluation = evaluate(
    {
      principal,
      action,
      resource,
      conditions: conditionsOf(context, access, globalKeys),
    },
    {
      identity: identity.policies,
      ...(resourcePolicy === undefined
        ? {}
        : { resourcePolicy: { document: parsedPolicy(resourcePolicy, 'resource'), arn: resource, governs: true } }),
    },
  )
  if (evaluation.decision === 'Allowed') return evaluation
  if (denyOnly && evaluation.decision === 'ImplicitlyDenied') return { decision: 'Allowed', decidedBy: [] }
  return { ...evaluation, message: accessDeniedMessage({ principalArn: principal.arn, action, resource }, evaluation) }
}

function conditionsOf(context: RequestContext, { action, conditions }: Access, globalKeys: ConditionKeys): ConditionKeys {
  return { ...globalKeys, ...(action.startsWith('kms:') ? kmsConditionKeys(context) : {}), ...conditions }
}

function requestPrincipal(principal: Exclude<Principal, { type: 'Anonymous' }>): RequestPrincipal {
  return principal.type === 'AWSService'
    ? { type: 'AWSService', accountId: principal.accountId, arn: principal.invokedBy }
    : principal
}
