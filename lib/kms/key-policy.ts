import { parsePolicyDocument, type PolicyDocument } from '#lib/iam/policy/document'
import { evaluate } from '#lib/iam/policy/evaluate'
import { isMalformedPolicyDocument } from '#lib/iam/policy/malformed'
import type { RequestContext } from '#lib/operation/context'
import { ServiceException } from '#lib/operation/exception'
import { limitExceeded } from '#lib/kms/exceptions'

/** The only name that a key policy has. */
export const keyPolicyName = 'default'

/** The policy of a key made without one: the account, and so its IAM policies, decides. */
export function defaultKeyPolicy(accountId: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  })
}

/**
 * Checks a key policy that a caller puts: its form, its size, and unless `bypassLockoutCheck`, that it lets the caller put
 * another one later.
 *
 * @throws ServiceException `MalformedPolicyDocumentException` with the place, or in AWS's words when it would lock the caller
 *   out; `LimitExceededException` for more than 32 KiB
 */
export function checkKeyPolicy(context: RequestContext, arn: string, text: string, options: { bypassLockoutCheck: boolean }): void {
  if (Buffer.byteLength(text) > policyBytes) {
    throw limitExceeded(`The key policy is longer than ${policyBytes} bytes.`)
  }
  const document = parse(text)
  if (!options.bypassLockoutCheck && !letsPutPolicy(context, arn, document)) {
    throw malformed('The new key policy will not allow you to update the key policy in the future.')
  }
}

/** A policy in the form in which GetKeyPolicy answers it: two spaces, ` : `, and lists on one line (`[ {`). */
export function printPolicy(text: string): string {
  return print(JSON.parse(text) as Json, '')
}

const policyBytes = 32_768

function parse(text: string): PolicyDocument {
  try {
    return parsePolicyDocument(text, 'resource')
  } catch (error) {
    if (isMalformedPolicyDocument(error)) throw malformed(error.message)
    throw error
  }
}

function malformed(message: string): ServiceException {
  return new ServiceException('MalformedPolicyDocumentException', message)
}

/**
 * As AWS's safety check: the policy must name the caller, or the account, for kms:PutKeyPolicy. Whether the account's IAM
 * policies then allow it is not asked, because they can be changed without the key.
 */
function letsPutPolicy({ principal, accountId }: RequestContext, arn: string, document: PolicyDocument): boolean {
  if (principal.type === 'Anonymous') return false
  const caller =
    principal.type === 'AWSService' ? { type: 'AWSService' as const, accountId, arn: principal.invokedBy } : principal
  const root = { type: 'Root' as const, accountId, arn: `arn:aws:iam::${accountId}:root` }
  const request = { action: 'kms:PutKeyPolicy', resource: arn, conditions: { 'kms:CallerAccount': accountId } }
  const policies = { identity: [], resourcePolicy: { document, arn, governs: true } }
  const forCaller = evaluate({ ...request, principal: caller }, policies)
  if (forCaller.decision !== 'ImplicitlyDenied') return forCaller.decision === 'Allowed'
  return evaluate({ ...request, principal: root }, policies).decision === 'Allowed'
}

type Json = string | number | boolean | null | readonly Json[] | Readonly<{ [name: string]: Json }>

function print(value: Json, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (isList(value)) return value.length === 0 ? '[ ]' : `[ ${value.map((item) => print(item, indent)).join(', ')} ]`
  const members = Object.entries(value)
  if (members.length === 0) return '{ }'
  const inner = `${indent}  `
  const lines = members.map(([name, member]) => `${inner}${JSON.stringify(name)} : ${print(member, inner)}`)
  return `{\n${lines.join(',\n')}\n${indent}}`
}

// Array.isArray does not narrow a readonly array.
function isList(value: object): value is readonly Json[] {
  return Array.isArray(value)
}
