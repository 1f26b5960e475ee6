/** A line of a hunk; the numbers count from 1 and are null on the side that does not have it. */
export type PatchLine = Readonly<{
  kind: 'context' | 'added' | 'deleted'
  text: string
  before: number | null
  after: number | null
  /** The last line of its side, and no line feed ends it. */
  unended?: true
}>

/** A stretch of a file that differs, with the lines around it. */
export type Hunk = Readonly<{
  /** The first line of each side, from 1; 0 for a side without lines. */
  before: number
  after: number
  /** What git shows of the function that it is in. */
  heading: string
  lines: readonly PatchLine[]
}>

/** One file's part of a patch. Paths are not taken from it: git quotes them, and the list of what differs has them in full. */
export type FilePatch = Readonly<{
  /** As `--full-index` names both sides; null where the patch names none (only the mode or the name has changed). */
  oids: readonly [before: string, after: string] | null
  binary: boolean
  hunks: readonly Hunk[]
}>

/**
 * Parses `git diff --full-index -p`. A line of content always begins with a space, `+`, `-` or `\`, so nothing in a file can
 * pass for a header. What is cut off at the end is left out.
 */
export function parsePatch(patch: string): FilePatch[] {
  const files: { oids: [string, string] | null; binary: boolean; hunks: Hunk[] }[] = []
  let lines: PatchLine[] = []
  let before = 0
  let after = 0
  for (const text of patch.split('\n')) {
    const file = files.at(-1)
    const hunk = hunkHeader.exec(text)
    const index = indexLine.exec(text)
    if (text.startsWith('diff --git ')) {
      files.push({ oids: null, binary: false, hunks: [] })
    } else if (file === undefined) {
      continue
    } else if (hunk) {
      const [, from = '0', to = '0', heading = ''] = hunk
      before = Number(from)
      after = Number(to)
      lines = []
      file.hunks.push({ before, after, heading, lines })
    } else if (file.hunks.length === 0) {
      if (index) file.oids = [index[1] ?? '', index[2] ?? '']
      else if (text.startsWith('Binary files ')) file.binary = true
    } else if (text.startsWith('\\')) {
      const last = lines.pop()
      if (last) lines.push({ ...last, unended: true })
    } else if (text.startsWith('+')) {
      lines.push({ kind: 'added', text: text.slice(1), before: null, after: after++ })
    } else if (text.startsWith('-')) {
      lines.push({ kind: 'deleted', text: text.slice(1), before: before++, after: null })
    } else if (text.startsWith(' ')) {
      lines.push({ kind: 'context', text: text.slice(1), before: before++, after: after++ })
    }
  }
  return files
}

/** A whole file as the one hunk of its coming or going. */
export function wholeFile(kind: 'added' | 'deleted', text: string): Hunk[] {
  if (text === '') return []
  const ended = text.endsWith('\n')
  const texts = (ended ? text.slice(0, -1) : text).split('\n')
  const lines = texts.map((line, index): PatchLine => {
    const number = index + 1
    return {
      kind,
      text: line,
      before: kind === 'deleted' ? number : null,
      after: kind === 'added' ? number : null,
      ...(!ended && number === texts.length && { unended: true as const }),
    }
  })
  return [{ before: kind === 'deleted' ? 1 : 0, after: kind === 'added' ? 1 : 0, heading: '', lines }]
}

const hunkHeader = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$/
const indexLine = /^index ([0-9a-f]{40})\.\.([0-9a-f]{40})/
