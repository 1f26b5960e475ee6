/** Where the cursor is in a policy document that is being written. */
export type PolicyPlace = Readonly<{
  /** Names of the members around it, outermost first; lists do not count: `Statement`, `Condition`, `StringEquals`. */
  path: readonly string[]
  /** In the name of a member, rather than in a value. */
  inName: boolean
  /** Where the string begins that the cursor is in: after its quote. */
  from: number
}>

/** Finds the place of an offset that is inside a string; null elsewhere. What comes after it does not matter, nor must it be JSON. */
export function placeAt(text: string, offset: number): PolicyPlace | null {
  const open: { list: boolean; name: string | undefined }[] = []
  let at = 0
  let lastString = ''
  // After `{` or `,` of an object comes a name; after `:` a value.
  let expectsName = false
  while (at < offset) {
    const character = text[at]
    if (character === '"') {
      const from = at + 1
      const end = endOfString(text, from)
      if (end >= offset) return { path: open.flatMap(({ name }) => name ?? []), inName: expectsName, from }
      lastString = text.slice(from, end)
      at = end + 1
      continue
    }
    if (character === '{') {
      open.push({ list: false, name: undefined })
      expectsName = true
    } else if (character === '[') {
      open.push({ list: true, name: undefined })
      expectsName = false
    } else if (character === '}' || character === ']') {
      open.pop()
      expectsName = false
    } else if (character === ':') {
      const inside = open.at(-1)
      if (inside && !inside.list) inside.name = lastString
      expectsName = false
    } else if (character === ',') {
      const inside = open.at(-1)
      expectsName = inside !== undefined && !inside.list
      if (inside && !inside.list) inside.name = undefined
    }
    at += 1
  }
  return null
}

/** Offset of the closing quote, or of the end of the text or line. */
function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '"' || text[at] === '\n') return at
  }
  return text.length
}
