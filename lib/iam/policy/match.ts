/** A piece of a pattern as written. */
export type Token =
  | Readonly<{ kind: 'text'; text: string }>
  /** `*` (any run of characters, none too) or `?` (one character). */
  | Readonly<{ kind: 'wildcard'; wildcard: '*' | '?' }>
  /** `${key}` or `${key, 'default'}`; the key in lower case. */
  | Readonly<{ kind: 'variable'; key: string; fallback?: string }>

/**
 * A pattern ready to match: the runs of text between its stars. `ones` are the places of `?` in a run.
 *
 * Plain data, so that parsed policies can be remembered across module copies.
 */
export type Glob = Readonly<{ runs: readonly Run[] }>
type Run = Readonly<{ text: string; ones: readonly number[] }>

/**
 * True when the whole text matches. `*` and `?` match any character, `/` and `:` too (aws-facts F.1).
 *
 * Each run is taken at its first place after the one before, which never has to be undone: between two stars the earliest
 * place leaves the most room for what follows. So there is no backtracking, and a run without `?` is one `indexOf`.
 */
export function matchesGlob({ runs }: Glob, text: string): boolean {
  const head = runs[0]
  const tail = runs[runs.length - 1]
  if (!head || !tail) return false
  if (runs.length === 1) return text.length === head.text.length && isAt(head, text, 0)
  const end = text.length - tail.text.length
  let at = head.text.length
  if (end < at || !isAt(head, text, 0) || !isAt(tail, text, end)) return false
  for (let index = 1; index < runs.length - 1; index += 1) {
    const run = runs[index]
    if (!run) return false
    const found = find(run, text, at, end)
    if (found < 0) return false
    at = found + run.text.length
  }
  return true
}

/** Splits pattern text into text and wildcards. */
export function tokenize(pattern: string): Token[] {
  const tokens: Token[] = []
  for (const piece of pattern.split(/([*?])/)) {
    if (piece === '*' || piece === '?') tokens.push({ kind: 'wildcard', wildcard: piece })
    else if (piece !== '') tokens.push({ kind: 'text', text: piece })
  }
  return tokens
}

/** Makes tokens without variables ready to match. Variables must have been resolved: one that is left is an error. */
export function compileGlob(tokens: readonly Token[]): Glob {
  const runs: Run[] = []
  let text = ''
  let ones: number[] = []
  for (const token of tokens) {
    if (token.kind === 'variable') throw new Error('a policy variable was not resolved before matching')
    if (token.kind === 'text') text += token.text
    else if (token.wildcard === '?') {
      ones.push(text.length)
      text += '?'
    } else {
      runs.push({ text, ones })
      text = ''
      ones = []
    }
  }
  runs.push({ text, ones })
  return { runs }
}

/** The glob of pattern text that has no variables. */
export function globOf(pattern: string): Glob {
  return compileGlob(tokenize(pattern))
}

function isAt(run: Run, text: string, at: number): boolean {
  if (run.ones.length === 0) return text.startsWith(run.text, at)
  if (at + run.text.length > text.length) return false
  let next = 0
  for (let index = 0; index < run.text.length; index += 1) {
    if (run.ones[next] === index) next += 1
    else if (run.text.charCodeAt(index) !== text.charCodeAt(at + index)) return false
  }
  return true
}

function find(run: Run, text: string, from: number, end: number): number {
  if (run.ones.length === 0) {
    const found = text.indexOf(run.text, from)
    return found >= 0 && found + run.text.length <= end ? found : -1
  }
  for (let at = from; at + run.text.length <= end; at += 1) {
    if (isAt(run, text, at)) return at
  }
  return -1
}
