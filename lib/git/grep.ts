import { spawnGit } from '#lib/git/command'
import { checkOids } from '#lib/git/commit'
import { decodeName } from '#lib/git/name'
import { readSignal, type ReadOptions } from '#lib/git/object-reader'
import { pathArguments } from '#lib/git/tree'

/** A line that matches, its number from 1, and where in its text: characters from 0, the end left out. */
export type GrepMatch = Readonly<{ path: string; line: number; text: string; found: readonly (readonly [start: number, end: number])[] }>

/**
 * Finds the lines of a commit's text files that contain `text`, or match it as an extended regular expression where `regexp`
 * is set; at most `limit` (500 unless told). Throws GitError with git's sentence for an expression that is none.
 */
export async function grep(
  gitDir: string,
  commit: string,
  text: string,
  {
    regexp = false,
    ignoreCase = false,
    path = '',
    limit = 500,
    ...options
  }: ReadOptions & { regexp?: boolean; ignoreCase?: boolean; path?: string; limit?: number } = {},
): Promise<{ matches: GrepMatch[]; truncated: boolean }> {
  checkOids(commit)
  if (text === '') return { matches: [], truncated: false }
  const pathspec = path === '' ? [] : pathArguments([path])
  if (pathspec === null || text.includes('\0')) return { matches: [], truncated: false }
  const child = spawnGit(
    [
      ...['-c', 'color.grep.match=#010203', ...plainParts, 'grep', '--color=always', '-z', '-n', '-I', '--full-name', '--threads=2'],
      ...[regexp ? '-E' : '-F', ...(ignoreCase ? ['-i'] : []), '-e', text, commit, ...pathspec],
    ],
    { gitDir, signal: readSignal(options), expectedExitCodes: [0, 1] },
  )
  const matches: GrepMatch[] = []
  let rest = Buffer.alloc(0)
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, chunk])
    const end = takeMatches(rest, matches, limit + 1)
    rest = Buffer.from(rest.subarray(end))
    if (matches.length > limit) break
  }
  const truncated = matches.length > limit
  if (truncated) await child.stop()
  else await child.done
  return { matches: matches.slice(0, limit), truncated }
}

/** git itself marks what matched, by a colour that nothing else has; its other parts stay plain. */
const plainParts = ['filename', 'lineNumber', 'column', 'separator', 'context', 'selected', 'function'].flatMap((part) => ['-c', `color.grep.${part}=normal`])
const [matchBegins, matchEnds] = ['\x1b[38;2;1;2;3m', '\x1b[m']

/** Takes whole records (`<commit>:<path>\0<line>\0<text>\n`) off `bytes`; returns where the first cut one begins. */
function takeMatches(bytes: Buffer, matches: GrepMatch[], limit: number): number {
  let at = 0
  while (at < bytes.length && matches.length < limit) {
    const first = bytes.indexOf(0, at)
    const second = first === -1 ? -1 : bytes.indexOf(0, first + 1)
    const end = second === -1 ? -1 : bytes.indexOf(0x0a, second + 1)
    if (end === -1) return at
    matches.push({
      path: decodeName(bytes.subarray(at + 41, first)),
      line: Number(bytes.toString('latin1', first + 1, second)),
      ...withoutMarks(bytes.toString('utf8', second + 1, Math.min(end, second + 1 + maxMarkedBytes))),
    })
    at = end + 1
  }
  return at
}

/** A line's text without git's marks, and where they stood. */
function withoutMarks(marked: string): Pick<GrepMatch, 'text' | 'found'> {
  const found: [number, number][] = []
  let text = ''
  for (const [index, part] of marked.split(matchBegins).entries()) {
    const end = index === 0 ? -1 : part.indexOf(matchEnds)
    if (index > 0) found.push([text.length, text.length + (end === -1 ? part.length : end)])
    text += end === -1 ? part : part.slice(0, end) + part.slice(end + matchEnds.length)
  }
  return { text: text.slice(0, maxLineLength), found: found.filter(([start]) => start < maxLineLength).map(([start, to]) => [start, Math.min(to, maxLineLength)] as const) }
}

/** What is shown of a line, so that a minified file does not fill the answer; and what holds it, were each character marked. */
const maxLineLength = 1000
const maxMarkedBytes = 64 * maxLineLength
