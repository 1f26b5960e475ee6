import type { RequestContext } from '#lib/operation/context'

/** Condition keys and their values, as the policy engine takes them. */
export type ConditionKeys = Record<string, string | readonly string[]>

/** AWS's global condition keys of a request: the same for every access that it needs. */
export function globalConditionKeys(context: RequestContext, tags: Readonly<Record<string, string>>): ConditionKeys {
  const { principal, calledVia, session } = context
  const isService = principal.type === 'AWSService'
  const viaService = !isService && calledVia.length > 0
  const keys: ConditionKeys = {
    'aws:PrincipalAccount': principal.accountId,
    'aws:PrincipalIsAWSService': String(isService),
    'aws:ViaAWSService': String(viaService),
    'aws:RequestedRegion': context.region,
    'aws:CurrentTime': context.time.toISOString(),
    'aws:EpochTime': String(Math.floor(context.time.getTime() / 1000)),
    'aws:SecureTransport': String(context.secureTransport),
    'aws:UserAgent': context.userAgent,
  }
  if (isService) keys['aws:PrincipalServiceName'] = principal.invokedBy
  else if (principal.type !== 'Anonymous') {
    keys['aws:PrincipalArn'] = principal.arn
    keys['aws:PrincipalType'] = principal.type === 'Root' ? 'Account' : 'User'
    keys['aws:userid'] = principal.principalId
  }
  if (principal.type === 'IAMUser') keys['aws:username'] = principal.userName
  for (const [key, value] of Object.entries(tags)) keys[`aws:PrincipalTag/${key}`] = value
  // Of a call that a service makes, the address is the service's: AWS leaves the key out.
  if (!isService && !viaService) keys['aws:SourceIp'] = context.sourceIPAddress
  if (viaService) {
    keys['aws:CalledVia'] = calledVia
    keys['aws:CalledViaFirst'] = calledVia[0] ?? ''
    keys['aws:CalledViaLast'] = calledVia.at(-1) ?? ''
  }
  // Absent for long-term credentials: access keys, git credentials, SSH keys.
  if (session) {
    keys['aws:MultiFactorAuthPresent'] = String(session.mfaAuthenticated)
    keys['aws:TokenIssueTime'] = session.creationDate.toISOString()
  }
  return keys
}

/**
 * What every KMS access adds. `kms:ViaService` is there when a service calls, on someone's behalf or by itself, and ends in
 * `.amazonaws.com` in every partition (aws-facts F.2).
 */
export function kmsConditionKeys(context: RequestContext): ConditionKeys {
  const { principal, calledVia, region } = context
  const host = principal.type === 'AWSService' ? principal.invokedBy : calledVia.at(-1)
  const keys: ConditionKeys = { 'kms:CallerAccount': principal.accountId }
  if (host !== undefined) keys['kms:ViaService'] = `${host.split('.')[0] ?? ''}.${region}.amazonaws.com`
  return keys
}
