import { git } from '#lib/git/command'
import { checkOids, type Signature } from '#lib/git/commit'
import { encodeName } from '#lib/git/name'
import { readSignal, type ReadOptions } from '#lib/git/object-reader'
import { pathArguments } from '#lib/git/tree'

/** A run of lines that came in together. */
export type BlameRange = Readonly<{
  oid: string
  /** The first line here and in the commit that made it, from 1. */
  line: number
  originalLine: number
  lines: readonly string[]
}>

/** What is told of each commit that a line goes back to. */
export type BlameCommit = Readonly<{ oid: string; author: Signature; subject: string; path: string }>

/**
 * Says for each line of a file which commit made it. Null if the commit has no such file, or its path has bytes outside
 * UTF-8 (git takes it as an argument only). A file above `maxBytes` of output (32 MiB unless told) is a GitError.
 */
export async function blame(
  gitDir: string,
  commit: string,
  path: string,
  { maxBytes = 32 * 1024 * 1024, ...options }: ReadOptions & { maxBytes?: number } = {},
): Promise<{ ranges: BlameRange[]; commits: ReadonlyMap<string, BlameCommit> } | null> {
  checkOids(commit)
  const args = pathArguments([path])
  if (args === null || path === '') return null
  const { exitCode, stdout } = await git(
    ['-c', 'core.quotePath=false', 'blame', '--porcelain', '--encoding=UTF-8', commit, ...args],
    { gitDir, signal: readSignal(options), maxBuffer: maxBytes, expectedExitCodes: [0, 128] },
  )
  return exitCode === 0 ? parseBlame(stdout.toString('utf8')) : null
}

/** Parses `git blame --porcelain`: a commit's headers come with its first range only. */
export function parseBlame(output: string): { ranges: BlameRange[]; commits: Map<string, BlameCommit> } {
  const commits = new Map<string, BlameCommit>()
  const ranges: (BlameRange & { lines: string[] })[] = []
  let headers = new Map<string, string>()
  let oid = ''
  for (const text of output.split('\n')) {
    const [, start = '', originalLine, line, count] = /^([0-9a-f]{40}) (\d+) (\d+)(?: (\d+))?$/.exec(text) ?? []
    if (start !== '') {
      oid = start
      headers = new Map()
      if (count !== undefined) ranges.push({ oid, line: Number(line), originalLine: Number(originalLine), lines: [] })
    } else if (text.startsWith('\t')) {
      if (!commits.has(oid)) commits.set(oid, commitOf(oid, headers))
      ranges.at(-1)?.lines.push(text.slice(1))
    } else {
      const space = text.indexOf(' ')
      if (space !== -1) headers.set(text.slice(0, space), text.slice(space + 1))
    }
  }
  return { ranges, commits }
}

function commitOf(oid: string, headers: ReadonlyMap<string, string>): BlameCommit {
  return {
    oid,
    author: {
      name: headers.get('author') ?? '',
      email: (headers.get('author-mail') ?? '').replace(/^<|>$/g, ''),
      seconds: Number(headers.get('author-time') ?? 0),
      timezone: headers.get('author-tz') ?? '+0000',
    },
    subject: headers.get('summary') ?? '',
    path: unquotePath(headers.get('filename') ?? ''),
  }
}

/** The inverse of git's C-style quoting, which it uses where a path would break a line-based format. */
export function unquotePath(text: string): string {
  if (!text.startsWith('"') || !text.endsWith('"') || text.length < 2) return text
  const bytes: Buffer[] = []
  for (const [token] of text.slice(1, -1).matchAll(/\\[0-7]{3}|\\.|[^\\]+/gs)) {
    if (!token.startsWith('\\')) bytes.push(encodeName(token))
    else if (token.length === 4) bytes.push(Buffer.from([Number.parseInt(token.slice(1), 8)]))
    else bytes.push(Buffer.from(escapes[token[1] ?? ''] ?? token.slice(1)))
  }
  return Buffer.concat(bytes).toString('utf8')
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}
