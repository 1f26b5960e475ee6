/** How one commit stands in a drawn history: columns count from 0 on the left. */
export type LaneRow = Readonly<{
  /** Where the commit itself stands. */
  column: number
  /** Lanes that pass it by. */
  through: readonly number[]
  /** Lanes from its children, which end in it. */
  into: readonly number[]
  /** Lanes to its parents, which begin at it. */
  out: readonly number[]
}>

/** The lanes that are open below a row: each waits for one commit; null is a free column. */
export type OpenLanes = readonly (string | null)[]

/**
 * Lays out commits, newest first, as lanes. `open` are the lanes that the page before left open, so that a drawing goes on over
 * pages; they are also where the history goes on: all that was not shown yet is reached from them.
 */
export function layOutLanes(commits: readonly Readonly<{ oid: string; parents: readonly string[] }>[], open: OpenLanes = []): { rows: LaneRow[]; open: OpenLanes } {
  let lanes: (string | null)[] = [...open]
  const shown = new Set<string>()
  const rows = commits.map(({ oid, parents }): LaneRow => {
    shown.add(oid)
    const into = lanes.flatMap((waiting, column) => (waiting === oid ? [column] : []))
    const column = into[0] ?? free(lanes)
    const through = lanes.flatMap((waiting, at) => (waiting !== null && waiting !== oid ? [at] : []))
    for (const at of into) lanes[at] = null
    const out: number[] = []
    // A commit whose clock was ahead of its child's may stand above it already: no lane waits for it.
    for (const parent of parents.filter((each) => !shown.has(each))) {
      const known = lanes.indexOf(parent)
      const at = known !== -1 ? known : out.length === 0 ? column : free(lanes)
      lanes[at] = parent
      if (!out.includes(at)) out.push(at)
    }
    lanes = lanes.slice(0, lanes.findLastIndex((waiting) => waiting !== null) + 1)
    return { column, through, into, out }
  })
  return { rows, open: lanes }
}

/** The commits that open lanes wait for, each once. */
export function waitedFor(open: OpenLanes): string[] {
  return [...new Set(open.filter((oid) => oid !== null))]
}

function free(lanes: readonly (string | null)[]): number {
  const hole = lanes.indexOf(null)
  return hole === -1 ? lanes.length : hole
}
