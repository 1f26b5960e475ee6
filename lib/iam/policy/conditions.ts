import { arnPatternOf, matchesArn, type ArnPattern } from './arn-pattern.ts'
import { parseDate } from './date-value.ts'
import { isInRange, parseIpRange, type IpRange } from './ip-range.ts'
import { matchesPattern, parseTemplate, patternOf, type ConditionContext, type Pattern } from './variables.ts'

/** One key under one operator of a Condition block, ready to be tried. Plain data. */
export type Condition = Readonly<{
  operator: ConditionOperator
  /** In lower case: AWS compares names of keys without case. */
  key: string
  expected: Expected
}>

/** A condition operator taken apart: `ForAnyValue:StringNotLikeIfExists`. */
export type ConditionOperator = Readonly<{
  kind: Kind
  negated: boolean
  comparison: Comparison
  ignoreCase: boolean
  wildcards: boolean
  ifExists: boolean
  quantifier: 'ForAllValues' | 'ForAnyValue' | null
}>

type Kind = 'string' | 'numeric' | 'date' | 'bool' | 'binary' | 'ip' | 'arn' | 'null'
type Comparison = 'equal' | 'less' | 'lessOrEqual' | 'greater' | 'greaterOrEqual'

type Expected =
  | Readonly<{ kind: 'string'; patterns: readonly Pattern[] }>
  | Readonly<{ kind: 'arn'; patterns: readonly ArnPattern[] }>
  | Readonly<{ kind: 'numeric' | 'date'; numbers: readonly number[] }>
  | Readonly<{ kind: 'bool' | 'binary' | 'null'; words: readonly string[] }>
  | Readonly<{ kind: 'ip'; ranges: readonly IpRange[] }>

/** Takes an operator's name apart, without regard to case as IAM does; null for one that does not exist. */
export function parseOperator(name: string): ConditionOperator | null {
  const found = /^(?:(forallvalues|foranyvalue):)?([a-z]+?)(ifexists)?$/.exec(name.toLowerCase())
  const base = found && operators.get(found[2] ?? '')
  if (!base) return null
  const quantifier = found[1] === undefined ? null : found[1] === 'forallvalues' ? 'ForAllValues' : 'ForAnyValue'
  const ifExists = found[3] !== undefined
  // Null asks whether the key exists, so "if it exists" and "for each value" mean nothing with it.
  if (base.kind === 'null' && (ifExists || quantifier)) return null
  return { ...base, ifExists, quantifier }
}

/**
 * Reads a condition's values for its operator. Throws what `refuse(index, reason)` throws for a value that the operator can
 * never match (a date that is none under DateLessThan): a Deny that silently never applies is worse than a refusal.
 */
export function parseCondition(
  operator: ConditionOperator,
  key: string,
  values: readonly string[],
  options: { variables: boolean; refuse: (index: number, reason: string) => never },
): Condition {
  const { refuse, variables } = options
  const read = <Value>(parse: (text: string) => Value | null, what: string): Value[] =>
    values.map((value, index) => parse(value) ?? refuse(index, `${JSON.stringify(value)} is not ${what}`))
  const template = (value: string, wildcards: boolean) => parseTemplate(value, { variables, wildcards })
  const expected = ((): Expected => {
    switch (operator.kind) {
      case 'string': {
        const { ignoreCase, wildcards } = operator
        return { kind: 'string', patterns: values.map((value) => patternOf(template(value, wildcards), { ignoreCase })) }
      }
      case 'arn':
        return { kind: 'arn', patterns: values.map((value) => arnPatternOf(template(value, true))) }
      case 'numeric':
        return { kind: 'numeric', numbers: read(parseNumber, 'a number') }
      case 'date':
        return { kind: 'date', numbers: read(parseDate, 'a date (ISO 8601 or Unix seconds)') }
      case 'ip':
        return { kind: 'ip', ranges: read(parseIpRange, 'an IP address or a CIDR block') }
      case 'binary':
        return { kind: 'binary', words: read(parseBase64, 'base64') }
      case 'bool':
      case 'null':
        return { kind: operator.kind, words: read(parseBoolean, 'true or false') }
    }
  })()
  return { operator, key: key.toLowerCase(), expected }
}

/**
 * True when the condition holds for a request (aws-facts F.2).
 *
 * Values of the policy are alternatives (for a negated operator: none may match). A key that the request lacks fails
 * a positive operator and satisfies a negated one. A variable without a value spoils its value, and the whole
 * condition where the operator is negated or no value is left.
 */
export function conditionHolds(condition: Condition, context: ConditionContext): boolean {
  const { operator, key, expected } = condition
  const found = context.get(key)
  const actual = found === undefined ? [] : typeof found === 'string' ? [found] : found
  if (expected.kind === 'null') return expected.words.includes(String(actual.length === 0))

  const spoiled = unresolved(expected, context)
  if (spoiled > 0 && (operator.negated || spoiled === valueCount(expected))) return false
  if (actual.length === 0 && operator.ifExists) return true

  const satisfies = (value: string) => matchesAny(expected, operator.comparison, value, context) !== operator.negated
  // "If the key value resolves to a null data set, such as an empty string" counts as no value at all under a quantifier.
  const values = operator.quantifier && actual.length === 1 && actual[0] === '' ? [] : actual
  switch (operator.quantifier) {
    case 'ForAllValues':
      return values.every(satisfies)
    case 'ForAnyValue':
      return values.some(satisfies)
    case null:
      return operator.negated ? values.every(satisfies) : values.some(satisfies)
  }
}

function matchesAny(expected: Expected, comparison: Comparison, value: string, context: ConditionContext): boolean {
  switch (expected.kind) {
    case 'string':
      return expected.patterns.some((pattern) => matchesPattern(pattern, value, context) === true)
    case 'arn':
      return expected.patterns.some((pattern) => matchesArn(pattern, value, context) === true)
    case 'numeric':
    case 'date': {
      const actual = expected.kind === 'numeric' ? parseNumber(value) : parseDate(value)
      return actual !== null && expected.numbers.some((number) => compares(comparison, actual, number))
    }
    case 'ip':
      return expected.ranges.some((range) => isInRange(range, value))
    case 'bool':
    case 'null':
      return expected.words.includes(value.toLowerCase())
    case 'binary': {
      const bytes = parseBase64(value)
      return bytes !== null && expected.words.includes(bytes)
    }
  }
}

function compares(comparison: Comparison, actual: number, expected: number): boolean {
  switch (comparison) {
    case 'equal':
      return actual === expected
    case 'less':
      return actual < expected
    case 'lessOrEqual':
      return actual <= expected
    case 'greater':
      return actual > expected
    case 'greaterOrEqual':
      return actual >= expected
  }
}

function unresolved(expected: Expected, context: ConditionContext): number {
  if (expected.kind !== 'string' && expected.kind !== 'arn') return 0
  let count = 0
  for (const { template } of expected.patterns) {
    if (template?.some((token) => isWithoutValue(token, context))) count += 1
  }
  return count
}

function isWithoutValue(token: NonNullable<Pattern['template']>[number], context: ConditionContext): boolean {
  return token.kind === 'variable' && token.fallback === undefined && typeof context.get(token.key) !== 'string'
}

function valueCount(expected: Expected): number {
  return expected.kind === 'string' || expected.kind === 'arn' ? expected.patterns.length : 0
}

function parseNumber(text: string): number | null {
  return /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : null
}

function parseBoolean(text: string): string | null {
  const word = text.toLowerCase()
  return word === 'true' || word === 'false' ? word : null
}

/** The bytes in their one canonical spelling, so that equal bytes are equal text. */
function parseBase64(text: string): string | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null
  return Buffer.from(text, 'base64').toString('base64')
}

type Base = Omit<ConditionOperator, 'ifExists' | 'quantifier'>

const plain: Omit<Base, 'kind'> = { negated: false, comparison: 'equal', ignoreCase: false, wildcards: false }

const ordered = (prefix: string, kind: 'numeric' | 'date'): [string, Base][] => [
  [`${prefix}equals`, { ...plain, kind }],
  [`${prefix}notequals`, { ...plain, kind, negated: true }],
  [`${prefix}lessthan`, { ...plain, kind, comparison: 'less' }],
  [`${prefix}lessthanequals`, { ...plain, kind, comparison: 'lessOrEqual' }],
  [`${prefix}greaterthan`, { ...plain, kind, comparison: 'greater' }],
  [`${prefix}greaterthanequals`, { ...plain, kind, comparison: 'greaterOrEqual' }],
]

/** Every operator by its name in lower case, without prefix and suffix. */
const operators = new Map<string, Base>([
  ['stringequals', { ...plain, kind: 'string' }],
  ['stringnotequals', { ...plain, kind: 'string', negated: true }],
  ['stringequalsignorecase', { ...plain, kind: 'string', ignoreCase: true }],
  ['stringnotequalsignorecase', { ...plain, kind: 'string', ignoreCase: true, negated: true }],
  ['stringlike', { ...plain, kind: 'string', wildcards: true }],
  ['stringnotlike', { ...plain, kind: 'string', wildcards: true, negated: true }],
  ...ordered('numeric', 'numeric'),
  ...ordered('date', 'date'),
  ['bool', { ...plain, kind: 'bool' }],
  ['binaryequals', { ...plain, kind: 'binary' }],
  ['ipaddress', { ...plain, kind: 'ip' }],
  ['notipaddress', { ...plain, kind: 'ip', negated: true }],
  ['arnequals', { ...plain, kind: 'arn', wildcards: true }],
  ['arnlike', { ...plain, kind: 'arn', wildcards: true }],
  ['arnnotequals', { ...plain, kind: 'arn', wildcards: true, negated: true }],
  ['arnnotlike', { ...plain, kind: 'arn', wildcards: true, negated: true }],
  ['null', { ...plain, kind: 'null' }],
])
