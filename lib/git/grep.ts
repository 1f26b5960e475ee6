import { spawnGit } from '#lib/git/command'
import { checkOids } from '#lib/git/commit'
import { decodeName } from '#lib/git/name'
import { readSignal, type ReadOptions } from '#lib/git/object-reader'
import { pathArguments } from '#lib/git/tree'

/** A line that matches; both numbers count from 1. */
export type GrepMatch = Readonly<{ path: string; line: number; column: number; text: string }>

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
      ...['grep', '--no-color', '-z', '-n', '--column', '-I', '--full-name', '--threads=2'],
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

/** Takes whole records (`<commit>:<path>\0<line>\0<column>\0<text>\n`) off `bytes`; returns where the first cut one begins. */
function takeMatches(bytes: Buffer, matches: GrepMatch[], limit: number): number {
  let at = 0
  while (at < bytes.length && matches.length < limit) {
    const first = bytes.indexOf(0, at)
    const second = first === -1 ? -1 : bytes.indexOf(0, first + 1)
    const third = second === -1 ? -1 : bytes.indexOf(0, second + 1)
    const end = third === -1 ? -1 : bytes.indexOf(0x0a, third + 1)
    if (end === -1) return at
    matches.push({
      path: decodeName(bytes.subarray(at + 41, first)),
      line: Number(bytes.toString('latin1', first + 1, second)),
      column: Number(bytes.toString('latin1', second + 1, third)),
      text: bytes.toString('utf8', third + 1, Math.min(end, third + 1 + maxLineBytes)),
    })
    at = end + 1
  }
  return at
}

/** What is shown of a line, so that a minified file does not fill the answer. */
const maxLineBytes = 1000
