import { compileGlob, matchesGlob, type Glob, type Token } from './match.ts'
import { resolveVariables, type ConditionContext } from './variables.ts'

/** A value of ArnEquals or ArnLike: six fields, each matched by itself; `'any'` for a bare `*`. */
export type ArnPattern =
  | Readonly<{ fields: readonly Glob[] | 'any'; template?: undefined }>
  | Readonly<{ template: readonly Token[] }>

/** Makes the pattern from tokens. Fewer than six fields match nothing, as on AWS. */
export function arnPatternOf(tokens: readonly Token[]): ArnPattern {
  return tokens.some((token) => token.kind === 'variable') ? { template: tokens } : { fields: fieldGlobs(tokens) }
}

/** True when each of the ARN's six fields matches; null where a variable has no value. */
export function matchesArn(pattern: ArnPattern, arn: string, context: ConditionContext): boolean | null {
  let fields: readonly Glob[] | 'any'
  if (pattern.template) {
    const tokens = resolveVariables(pattern.template, context)
    if (!tokens) return null
    fields = fieldGlobs(tokens)
  } else fields = pattern.fields
  if (fields === 'any') return true
  const parts = splitArn(arn)
  return fields.length === 6 && parts.length === 6 && fields.every((field, index) => matchesGlob(field, parts[index] ?? ''))
}

/** The six fields of an ARN; the last keeps its own colons. */
function splitArn(arn: string): string[] {
  const parts = arn.split(':')
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')]
}

function fieldGlobs(tokens: readonly Token[]): readonly Glob[] | 'any' {
  const [only] = tokens
  if (tokens.length === 1 && only?.kind === 'wildcard' && only.wildcard === '*') return 'any'
  const fields: Token[][] = [[]]
  for (const token of tokens) {
    if (token.kind !== 'text') {
      fields.at(-1)?.push(token)
      continue
    }
    let rest = token.text
    for (let colon = rest.indexOf(':'); colon >= 0 && fields.length < 6; colon = rest.indexOf(':')) {
      fields.at(-1)?.push({ kind: 'text', text: rest.slice(0, colon) })
      fields.push([])
      rest = rest.slice(colon + 1)
    }
    fields.at(-1)?.push({ kind: 'text', text: rest })
  }
  return fields.map(compileGlob)
}
