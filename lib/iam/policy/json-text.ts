/** A JSON value and the span of text it was read from (offsets; `end` is past the last character). */
export type JsonNode = Readonly<{ start: number; end: number }> &
  (
    | Readonly<{ kind: 'object'; members: readonly JsonMember[] }>
    | Readonly<{ kind: 'array'; items: readonly JsonNode[] }>
    | Readonly<{ kind: 'string'; value: string }>
    /** As written, so that `1e3` is not rewritten where a string is wanted. */
    | Readonly<{ kind: 'number'; text: string }>
    | Readonly<{ kind: 'boolean'; value: boolean }>
    | Readonly<{ kind: 'null' }>
  )

/** One `"name": value` of an object. */
export type JsonMember = Readonly<{ name: string; nameStart: number; value: JsonNode }>

/** Says what is wrong at an offset; throws. */
export type Fail = (offset: number, message: string, path: JsonPath) => never

/** Names and indices from the root. */
export type JsonPath = readonly (string | number)[]

/**
 * Reads JSON (RFC 8259) and keeps every value's place, which `JSON.parse` does not.
 *
 * Stricter than RFC 8259 in two ways that a policy needs: a name twice in one object is a fault (two readers could
 * obey different ones), and nesting ends at {@link depthLimit}. One pass, each character looked at once.
 */
export function parseJson(text: string, fail: Fail): JsonNode {
  let at = 0
  const path: (string | number)[] = []

  skipSpace()
  const root = value()
  skipSpace()
  if (at < text.length) broken(`unexpected ${shown(at)} after the end`)
  return root

  function value(): JsonNode {
    if (path.length > depthLimit) broken(`nested deeper than ${String(depthLimit)} levels`)
    const start = at
    switch (text[at]) {
      case '{':
        return object(start)
      case '[':
        return array(start)
      case '"':
        return { kind: 'string', value: string(), start, end: at }
      case 't':
        return literal('true', { kind: 'boolean', value: true })
      case 'f':
        return literal('false', { kind: 'boolean', value: false })
      case 'n':
        return literal('null', { kind: 'null' })
      default:
        return number(start)
    }
  }

  function object(start: number): JsonNode {
    const members: JsonMember[] = []
    const names = new Set<string>()
    at += 1
    skipSpace()
    if (text[at] === '}') at += 1
    else {
      for (;;) {
        const nameStart = at
        if (text[at] !== '"') broken(`expected a name in double quotes instead of ${shown(at)}`)
        const name = string()
        path.push(name)
        if (names.has(name)) fail(nameStart, `This policy contains invalid Json: duplicate key ${JSON.stringify(name)}`, path)
        names.add(name)
        skipSpace()
        if (text[at] !== ':') broken(`expected ":" instead of ${shown(at)}`)
        at += 1
        skipSpace()
        members.push({ name, nameStart, value: value() })
        path.pop()
        if (closed('}')) break
      }
    }
    return { kind: 'object', members, start, end: at }
  }

  function array(start: number): JsonNode {
    const items: JsonNode[] = []
    at += 1
    skipSpace()
    if (text[at] === ']') at += 1
    else {
      for (;;) {
        path.push(items.length)
        items.push(value())
        path.pop()
        if (closed(']')) break
      }
    }
    return { kind: 'array', items, start, end: at }
  }

  /** After a member or an item: the closing bracket, or a comma and the next one. */
  function closed(bracket: '}' | ']'): boolean {
    skipSpace()
    const character = text[at]
    if (character !== bracket && character !== ',') broken(`expected "," or "${bracket}" instead of ${shown(at)}`)
    at += 1
    if (character === bracket) return true
    skipSpace()
    return false
  }

  function string(): string {
    at += 1
    let decoded = ''
    let from = at
    for (;;) {
      const code = text.charCodeAt(at)
      if (Number.isNaN(code)) broken('a string that does not end')
      if (code === 0x22) break
      if (code < 0x20) broken('a control character inside a string')
      if (code === 0x5c) {
        decoded += text.slice(from, at) + escape()
        from = at
      } else at += 1
    }
    decoded += text.slice(from, at)
    at += 1
    return decoded
  }

  function escape(): string {
    const letter = text[at + 1] ?? ''
    if (letter === 'u') {
      const digits = text.slice(at + 2, at + 6)
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) broken('\\u without four hexadecimal digits')
      at += 6
      return String.fromCharCode(Number.parseInt(digits, 16))
    }
    const meant = escapes.get(letter)
    if (meant === undefined) return broken(`the escape \\${letter} does not exist`)
    at += 2
    return meant
  }

  function number(start: number): JsonNode {
    const pattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
    pattern.lastIndex = start
    const found = pattern.exec(text)
    if (!found) return broken(`expected a value instead of ${shown(at)}`)
    at = pattern.lastIndex
    return { kind: 'number', text: found[0], start, end: at }
  }

  function literal(word: string, node: { kind: 'boolean'; value: boolean } | { kind: 'null' }): JsonNode {
    const start = at
    if (!text.startsWith(word, at)) broken(`expected a value instead of ${shown(at)}`)
    at += word.length
    return { ...node, start, end: at }
  }

  function skipSpace(): void {
    for (;;) {
      const code = text.charCodeAt(at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
      at += 1
    }
  }

  function broken(reason: string): never {
    return fail(at, `This policy contains invalid Json: ${reason}`, path)
  }

  function shown(offset: number): string {
    return offset < text.length ? JSON.stringify(text[offset]) : 'the end of the text'
  }
}

/** A policy needs seven levels; the rest is room. A parser that recurses must end somewhere. */
export const depthLimit = 20

/** `Statement[1].Condition.StringEquals`; names that are no plain words in brackets and quotes. */
export function formatPath(path: JsonPath): string {
  let shown = ''
  for (const step of path) {
    if (typeof step === 'number') shown += `[${String(step)}]`
    else if (/^[\w:/-]+$/.test(step)) shown += shown === '' ? step : `.${step}`
    else shown += `[${JSON.stringify(step)}]`
  }
  return shown
}

/** Offsets to lines and columns of one text: the lines are found once, each look-up is a binary search. */
export function lineFinder(text: string): (offset: number) => { line: number; column: number } {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
  }
}

const escapes = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])
