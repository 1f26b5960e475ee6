import { z } from 'zod'
import { constraint } from '#lib/operation/validate'
import type { ValidationIssue } from '#lib/operation/define'
import type { ServiceException } from '#lib/operation/exception'
import { validationError } from '#lib/iam/exceptions'

// The members that IAM's operations share, with the constraints of the API Reference (2010-05-08). The query protocol
// carries text, so numbers and booleans are read from it.

const nameText = /^[\w+=,.@-]+$/

export const userName = z.string().min(1).max(64).regex(nameText)
/** Operations on existing users take names as long as AWS's shape does. */
export const existingUserName = z.string().min(1).max(128).regex(nameText)
export const groupName = z.string().min(1).max(128).regex(nameText)
export const policyName = z.string().min(1).max(128).regex(nameText)
export const path = z.string().min(1).max(512).regex(/^(\/|\/[\x21-\x7e]+\/)$/)
export const pathPrefix = z.string().min(1).max(512).regex(/^\/[\x21-\x7e]*$/)
export const policyArn = z.string().min(20).max(2048)
export const accessKeyId = z.string().min(16).max(128).regex(/^\w+$/)
export const policyDocument = z.string().min(1).max(131_072)
export const status = z.enum(['Active', 'Inactive'])
export const boolean = z.preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean())

export const tags = z
  .array(z.object({ Key: z.string().min(1).max(128).regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u), Value: z.string().max(256) }))
  .max(50)

/** Members of every paged list. */
export const paging = {
  Marker: z.string().min(1).max(2048).optional(),
  MaxItems: z.coerce.number().int().min(1).max(1000).default(100),
}

/**
 * A failed constraint as IAM answers it: code ValidationError; names and paths in IAM's own words, the rest in the words that
 * AWS's services share.
 */
export function invalid(issue: ValidationIssue): ServiceException {
  const member = issue.path.at(-1)
  if (issue.code === 'invalid_format' && typeof member === 'string') {
    const name = member.charAt(0).toLowerCase() + member.slice(1)
    if (/^(New)?(User|Group|Policy)Name$/.test(member)) {
      return validationError(
        `The specified value for ${name} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
      )
    }
    if (/^(New)?Path(Prefix)?$/.test(member)) {
      return validationError(
        `The specified value for ${name} is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.`,
      )
    }
  }
  return validationError(`1 validation error detected: ${constraint(isEchoed(issue) ? issue : { ...issue, input: undefined })}`)
}

/** Passwords and codes are never said back (the message is recorded too), nor is what is too long to read. */
function isEchoed({ path, input }: ValidationIssue): boolean {
  if (/Password|AuthenticationCode|Secret/.test(String(path.at(-1)))) return false
  return typeof input !== 'string' || input.length <= 256
}
