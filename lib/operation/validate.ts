import type { z } from 'zod'
import type { Operation, ValidationIssue } from './define.ts'
import { ServiceException, validationException } from './exception.ts'

/**
 * Checks an input against its operation's schema.
 *
 * @throws ServiceException — the service's own (`operation.invalid`), or AWS's shared `ValidationException`
 * (`1 validation error detected: Value '…' at 'member' failed to satisfy constraint: …`), or `SerializationException` for a
 * member of the wrong JSON type.
 */
export function validate<In extends z.ZodType, Subject, Out>(
  operation: Operation<In, Subject, Out>,
  input: unknown,
): z.output<In> {
  const parsed = operation.input.safeParse(input ?? {}, { reportInput: true })
  if (parsed.success) return parsed.data
  const issues: readonly ValidationIssue[] = parsed.error.issues
  const first = issues[0]
  if (!first) throw validationException('The input fails to satisfy the constraints specified by an AWS service.')
  const wrongType = issues.find((issue) => isWrongType(issue))
  if (wrongType) throw serializationException(wrongType)
  if (operation.invalid) throw operation.invalid(first, input)
  const constraints = parsed.error.issues.map(constraintOf)
  throw validationException(
    `${constraints.length} validation error${constraints.length === 1 ? '' : 's'} detected: ${constraints.join('; ')}`,
  )
}

function isWrongType(issue: ValidationIssue): boolean {
  if (issue.code === 'custom') return 'params' in issue && isSerialization(issue.params)
  // A missing required member is a null value to AWS, not a wrong type.
  return (issue.code === 'invalid_type' || issue.code === 'invalid_union') && issue.input !== undefined && issue.input !== null
}

function isSerialization(params: unknown): boolean {
  return typeof params === 'object' && params !== null && 'serialization' in params
}

function serializationException(issue: ValidationIssue): ServiceException {
  return new ServiceException('SerializationException', `Unexpected value at '${place(issue)}'`)
}

/** `tags.1.member.tagKey`: lowerCamel members, indices from 1 followed by `member`, as AWS writes them. */
function place(issue: ValidationIssue): string {
  return issue.path
    .map((part) => (typeof part === 'number' ? `${part + 1}.member` : lowerFirst(String(part))))
    .join('.')
}

/**
 * One failed constraint as AWS words it: `Value '…' at 'member' failed to satisfy constraint: …`. For services that name the
 * exception themselves (`operation.invalid`) and keep the shared wording.
 */
export function constraint(issue: ValidationIssue): string {
  return constraintOf(issue as z.core.$ZodIssue)
}

function constraintOf(issue: z.core.$ZodIssue): string {
  const at = `at '${place(issue)}' failed to satisfy constraint: Member must`
  const value = typeof issue.input === 'string' || typeof issue.input === 'number' ? `Value '${issue.input}'` : 'Value'
  switch (issue.code) {
    case 'invalid_type':
      return `Value null ${at} not be null`
    case 'too_small':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `${value} ${at} have value greater than or equal to ${issue.minimum}`
        : `${value} ${at} have length greater than or equal to ${issue.minimum}`
    case 'too_big':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `${value} ${at} have value less than or equal to ${issue.maximum}`
        : `${value} ${at} have length less than or equal to ${issue.maximum}`
    case 'invalid_value':
      return `${value} ${at} satisfy enum value set: [${issue.values.map(String).join(', ')}]`
    case 'invalid_format':
      return `${value} ${at} satisfy regular expression pattern: ${(issue.pattern ?? '').replace(/^\/|\/[a-z]*$/g, '')}`
    default:
      return issue.input === undefined ? `Value null ${at} not be null` : `${value} ${at} satisfy: ${issue.message}`
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
