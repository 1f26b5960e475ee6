/** A piece of a line, and whether it is what has changed in it. */
export type WordPart = Readonly<{ text: string; changed: boolean }>

/**
 * Two versions of one line as their parts: words that only one side has are changed. Null where the lines have too little in
 * common for marks to help, or are too long to be compared.
 */
export function wordDiff(before: string, after: string): readonly [before: readonly WordPart[], after: readonly WordPart[]] | null {
  const [a, b] = [wordsOf(before), wordsOf(after)]
  if (a.length * b.length > mostCells) return null
  const kept = commonWords(a, b)
  const common = kept.reduce((length, [at]) => length + (a[at]?.trim().length ?? 0), 0)
  if (common * 4 < Math.max(before.trim().length, after.trim().length)) return null
  return [partsOf(a, new Set(kept.map(([at]) => at))), partsOf(b, new Set(kept.map(([, at]) => at)))]
}

function wordsOf(line: string): string[] {
  return line.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? []
}

/** The longest common run of words, as pairs of places. */
function commonWords(a: readonly string[], b: readonly string[]): [number, number][] {
  const width = b.length + 1
  const lengths = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j] ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0)
    }
  }
  const pairs: [number, number][] = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++])
    else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i++
    else j++
  }
  return pairs
}

function partsOf(words: readonly string[], kept: ReadonlySet<number>): WordPart[] {
  const parts: { text: string; changed: boolean }[] = []
  for (const [index, text] of words.entries()) {
    const changed = !kept.has(index)
    const last = parts.at(-1)
    if (last?.changed === changed) last.text += text
    else parts.push({ text, changed })
  }
  return parts
}

const mostCells = 40_000
