/** Who asks, as policies see them. */
export type RequestPrincipal =
  | Readonly<{ type: 'Root'; accountId: string; arn: string }>
  | Readonly<{ type: 'IAMUser'; accountId: string; arn: string; principalId?: string }>
  /** A service that works by itself in an account; `arn` is its host name, `codecommit.amazonaws.com`. */
  | Readonly<{ type: 'AWSService'; accountId: string; arn: string }>

/** The Principal or NotPrincipal of a statement, sorted by what names whom. Plain data. */
export type PrincipalClause = Readonly<{
  negated: boolean
  everyone: boolean
  /** Accounts as a whole: `arn:aws:iam::123456789012:root` or the bare number. */
  accounts: readonly string[]
  /** ARNs and unique IDs (`AIDA…`) of users, and what else can be named exactly. */
  exact: readonly string[]
  services: readonly string[]
}>

/**
 * How a clause names the caller: `direct` is the caller itself, `account` only the account that it belongs to (which hands
 * the decision to that account's IAM policies), null not at all.
 */
export function principalMatch(clause: PrincipalClause, principal: RequestPrincipal): 'direct' | 'account' | null {
  const direct = clause.everyone || namesItself(clause, principal)
  // NotPrincipal spares exactly those it names: an account in it spares root, not the account's users.
  if (clause.negated) return direct ? null : 'direct'
  if (direct) return 'direct'
  return clause.accounts.includes(principal.accountId) ? 'account' : null
}

/** Sorts one value of a Principal element; null for one that AWS would not accept. */
export function classifyPrincipal(
  type: string,
  value: string,
): Readonly<{ kind: 'everyone' | 'account' | 'exact' | 'service'; value: string }> | null {
  if (type === 'AWS') {
    if (value === '*') return { kind: 'everyone', value }
    const account = /^(?:arn:aws(?:-cn|-us-gov)?:iam::)?(\d{12})(?::root)?$/.exec(value)
    if (account?.[1] !== undefined && (value === account[1] || value.startsWith('arn:'))) {
      return value === account[1] || value.endsWith(':root') ? { kind: 'account', value: account[1] } : null
    }
    const named =
      /^arn:aws(?:-cn|-us-gov)?:(?:iam::\d{12}:(?:user|role)\/|sts::\d{12}:(?:assumed-role|federated-user)\/)[\w+=,.@/-]+$/
    const uniqueId = /^(?:AIDA|AROA)[A-Z0-9]{8,124}$/
    return named.test(value) || uniqueId.test(value) ? { kind: 'exact', value } : null
  }
  if (type === 'Service') {
    if (value === '*') return null
    return /^[a-z0-9][a-z0-9.-]*\.(?:amazonaws\.com(?:\.cn)?|amazon\.com|aws\.internal)$/.test(value)
      ? { kind: 'service', value }
      : null
  }
  if (type === 'Federated' || type === 'CanonicalUser') return value === '' ? null : { kind: 'exact', value }
  return null
}

function namesItself(clause: PrincipalClause, principal: RequestPrincipal): boolean {
  switch (principal.type) {
    case 'Root':
      return clause.accounts.includes(principal.accountId)
    case 'IAMUser':
      return (
        clause.exact.includes(principal.arn) ||
        (principal.principalId !== undefined && clause.exact.includes(principal.principalId))
      )
    case 'AWSService':
      return clause.services.includes(principal.arn)
  }
}
