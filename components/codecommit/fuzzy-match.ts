/** A path that matches, and which of its characters did. */
export type FuzzyMatch = Readonly<{ path: string; at: readonly number[] }>

/**
 * The paths in which the letters of `typed` come in this order, best first, at most `limit`. Letters that stand together, begin a
 * word or are in the file's own name count for more. Without letters: the first paths as they are.
 */
export function fuzzyMatches(paths: readonly string[], typed: string, limit: number): FuzzyMatch[] {
  const wanted = typed.toLowerCase().replace(/\s+/g, '')
  if (wanted === '') return paths.slice(0, limit).map((path) => ({ path, at: [] }))
  const found: { match: FuzzyMatch; score: number }[] = []
  for (const path of paths) {
    const at = placesOf(path, wanted)
    if (at) found.push({ match: { path, at }, score: scoreOf(path, at) })
  }
  return found
    .sort((one, other) => other.score - one.score || one.match.path.length - other.match.path.length)
    .slice(0, limit)
    .map(({ match }) => match)
}

/** Where the letters are, looked for from the end: a file's own name is what one types. */
function placesOf(path: string, wanted: string): number[] | null {
  const text = path.toLowerCase()
  // As one word first: nobody who types a whole name means its letters elsewhere.
  const whole = text.lastIndexOf(wanted)
  if (whole !== -1) return Array.from(wanted, (_letter, index) => whole + index)
  const at: number[] = []
  let before = text.length
  for (let index = wanted.length - 1; index >= 0; index--) {
    const place = before === 0 ? -1 : text.lastIndexOf(wanted.charAt(index), before - 1)
    if (place === -1) return null
    at.unshift(place)
    before = place
  }
  return at
}

function scoreOf(path: string, at: readonly number[]): number {
  const name = path.lastIndexOf('/') + 1
  return at.reduce((score, place, index) => {
    const together = index > 0 && at[index - 1] === place - 1
    const beginsWord = place === 0 || /[/_.\- ]/.test(path.charAt(place - 1))
    return score + 1 + (together ? 4 : 0) + (beginsWord ? 3 : 0) + (place >= name ? 2 : 0) + (place === name ? 3 : 0)
  }, 0)
}
