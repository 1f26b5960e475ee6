import type { DecidingStatement } from '#lib/operation/exception'
import type { Evaluation } from './evaluate.ts'

/**
 * What a refused caller reads, in AWS's wording (aws-facts F.4):
 *
 *     User: arn:aws:iam::111122223333:user/alice is not authorized to perform: kms:GenerateDataKey on resource:
 *     arn:aws:kms:… with an explicit deny in an identity-based policy: policy DenyKms (statement DenyDataKeys)
 *     attached to user alice
 *
 * What follows the colon is Codekeep's: which policy and which statement, so that whoever reads it knows what to change.
 */
export function accessDeniedMessage(
  refused: Readonly<{ principalArn: string; action: string; resource: string }>,
  evaluation: Evaluation,
): string {
  const { principalArn, action, resource } = refused
  const what = `User: ${principalArn} is not authorized to perform: ${action}${resource === '*' ? '' : ` on resource: ${resource}`}`
  // Root has no policies: what it lacks, a resource policy did not give.
  const kind = evaluation.reason === 'resource-based policy' ? 'resource-based policy' : 'identity-based policy'
  if (evaluation.decision !== 'ExplicitlyDenied') return `${what} because no ${kind} allows the ${action} action`
  const article = kind === 'identity-based policy' ? 'an' : 'a'
  return `${what} with an explicit deny in ${article} ${kind}: ${namedStatements(evaluation.decidedBy)}`
}

/** `policy DenyKms (statement DenyDataKeys) attached to user alice`; of more than three, the first three and a count. */
export function namedStatements(statements: readonly DecidingStatement[]): string {
  const shown = statements.slice(0, 3).map(namedStatement)
  const more = statements.length - shown.length
  return shown.join(', ') + (more > 0 ? ` and ${String(more)} more` : '')
}

function namedStatement({ source, policy, attachedTo, statement, index }: DecidingStatement): string {
  const which = statement === `Statement ${String(index + 1)}` ? `statement ${String(index + 1)}` : `statement ${statement}`
  switch (source) {
    case 'identity-policy':
      return `policy ${policy} (${which}) attached to user ${attachedTo}`
    case 'group-policy':
      return `policy ${policy} (${which}) attached to group ${attachedTo}`
    case 'resource-policy':
      return `${policy} of ${attachedTo} (${which})`
  }
}
