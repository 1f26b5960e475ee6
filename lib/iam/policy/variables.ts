import { compileGlob, matchesGlob, tokenize, type Glob, type Token } from './match.ts'

/** The request's condition keys, by name in lower case: AWS compares names of keys without case. */
export type ConditionContext = ReadonlyMap<string, readonly string[] | string>

/** A value of a policy: ready to match, or a template whose variables each request fills in. */
export type Pattern = Readonly<{ ignoreCase: boolean }> &
  (Readonly<{ glob: Glob; template?: undefined }> | Readonly<{ template: readonly Token[] }>)

/**
 * Reads a value in which `${key}`, `${key, 'default'}` and the escapes `${*}` `${?}` `${$}` mean something.
 *
 * `variables: false` is Version 2008-10-17, where they are text. `wildcards: false` is for operators that compare whole
 * values (StringEquals). A `${` that does not close, or names nothing, is text.
 */
export function parseTemplate(value: string, options: { variables: boolean; wildcards: boolean }): Token[] {
  const plain = (text: string): Token[] =>
    options.wildcards ? tokenize(text) : text === '' ? [] : [{ kind: 'text', text }]
  if (!options.variables) return plain(value)
  const tokens: Token[] = []
  let at = 0
  for (;;) {
    const open = value.indexOf('${', at)
    const close = open < 0 ? -1 : value.indexOf('}', open + 2)
    if (close < 0) break
    tokens.push(...plain(value.slice(at, open)), variableToken(value.slice(open + 2, close)))
    at = close + 1
  }
  return [...tokens, ...plain(value.slice(at))]
}

/** The text with a `$` in place of every `${…}`, for looking at what is around them: a variable's name has colons of its own. */
export function maskVariables(value: string): string {
  let masked = ''
  let at = 0
  for (;;) {
    const open = value.indexOf('${', at)
    const close = open < 0 ? -1 : value.indexOf('}', open)
    if (close < 0) return masked + value.slice(at)
    masked += `${value.slice(at, open)}$`
    at = close + 1
  }
}

/** A pattern from tokens; those without variables are compiled once, here. */
export function patternOf(tokens: readonly Token[], options: { ignoreCase: boolean }): Pattern {
  const { ignoreCase } = options
  return tokens.some((token) => token.kind === 'variable')
    ? { ignoreCase, template: tokens }
    : { ignoreCase, glob: compileGlob(ignoreCase ? lowerCase(tokens) : tokens) }
}

/**
 * Puts the request's values in place of variables; null where one has no value and no default.
 *
 * A value is text, whatever it holds: a `*` in a user's tag is a star, not a wildcard.
 */
export function resolveVariables(tokens: readonly Token[], context: ConditionContext): Token[] | null {
  const resolved: Token[] = []
  for (const token of tokens) {
    if (token.kind !== 'variable') {
      resolved.push(token)
      continue
    }
    const value = context.get(token.key)
    // Only keys of one value can be variables; a list says nothing about which one is meant.
    const text = typeof value === 'string' ? value : token.fallback
    if (text === undefined) return null
    resolved.push({ kind: 'text', text })
  }
  return resolved
}

/** Matches a text against a pattern for one request; null where a variable has no value. */
export function matchesPattern(pattern: Pattern, text: string, context: ConditionContext): boolean | null {
  const compared = pattern.ignoreCase ? text.toLowerCase() : text
  if (!pattern.template) return matchesGlob(pattern.glob, compared)
  const tokens = resolveVariables(pattern.template, context)
  return tokens && matchesGlob(compileGlob(pattern.ignoreCase ? lowerCase(tokens) : tokens), compared)
}

function lowerCase(tokens: readonly Token[]): Token[] {
  return tokens.map((token) => (token.kind === 'text' ? { kind: 'text', text: token.text.toLowerCase() } : token))
}

function variableToken(inside: string): Token {
  if (inside === '*' || inside === '?' || inside === '$') return { kind: 'text', text: inside }
  const found = /^\s*([^\s,']+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(inside)
  const [, key, fallback] = found ?? []
  if (key === undefined) return { kind: 'text', text: `\${${inside}}` }
  return { kind: 'variable', key: key.toLowerCase(), ...(fallback === undefined ? {} : { fallback }) }
}
