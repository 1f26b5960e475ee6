/**
 * How high the rows of long tables were when they were drawn, in pixels, for as long as the browser's tab is open: a list that one
 * comes back to is as high as it was left, and so the place in it is the same. Of the server nobody's rows are kept.
 *
 * @param table  its label; rows break differently on screens of another width
 */
export function rowHeights(table: string): Map<string, number> {
  if (typeof window === 'undefined') return new Map()
  const key = `${table} ${innerWidth}`
  const kept = heights.get(key)
  if (kept && kept.size < mostKept) return kept
  const begun = new Map<string, number>()
  heights.set(key, begun)
  return begun
}

const heights = new Map<string, Map<string, number>>()
const mostKept = 20_000
