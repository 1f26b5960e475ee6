import type { Hunk, PatchLine } from '#lib/git/patch'

/** What differs between two texts, line by line, with three lines around each change. */
export function policyChanges(before: string, after: string): Hunk[] {
  const lines = compareLines(before.split('\n'), after.split('\n'))
  const shown = lines.map((_line, index) => lines.slice(Math.max(0, index - around), index + around + 1).some(({ kind }) => kind !== 'context'))
  const hunks: { before: number; after: number; heading: string; lines: PatchLine[] }[] = []
  for (const [index, line] of lines.entries()) {
    if (!shown[index]) continue
    const last = shown[index - 1] === true ? hunks.at(-1) : undefined
    if (last) last.lines.push(line)
    else hunks.push({ before: line.before ?? 0, after: line.after ?? 0, heading: '', lines: [line] })
  }
  return hunks
}

const around = 3

/** By the longest common run of lines. */
function compareLines(a: readonly string[], b: readonly string[]): PatchLine[] {
  const width = b.length + 1
  const lengths = new Uint32Array((a.length + 1) * width)
  const lengthAt = (i: number, j: number) => lengths[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) lengths[i * width + j] = a[i] === b[j] ? lengthAt(i + 1, j + 1) + 1 : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1))
  }
  const lines: PatchLine[] = []
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) lines.push({ kind: 'context', text: a[i] ?? '', before: ++i, after: ++j })
    // Of a change, what goes comes before what is new.
    else if (i < a.length && (j === b.length || lengthAt(i + 1, j) >= lengthAt(i, j + 1))) lines.push({ kind: 'deleted', text: a[i] ?? '', before: ++i, after: null })
    else lines.push({ kind: 'added', text: b[j] ?? '', before: null, after: ++j })
  }
  return lines
}

/** True where two documents say the same, however they are laid out. */
export function saysTheSame(one: string, other: string): boolean {
  if (one === other) return true
  try {
    return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other))
  } catch {
    return false
  }
}
