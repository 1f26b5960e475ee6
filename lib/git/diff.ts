import { git, spawnGit } from '#lib/git/command'
import { checkOids } from '#lib/git/commit'
import { decodeName } from '#lib/git/name'
import { readSignal, type ReadOptions } from '#lib/git/object-reader'
import { zeroOid } from '#lib/git/refs'
import { pathArguments } from '#lib/git/tree'

export type ChangeType = 'added' | 'copied' | 'deleted' | 'modified' | 'renamed' | 'type-changed'

/** One side of a change. */
export type DiffSide = Readonly<{ path: string; mode: string; oid: string }>

/** One file that differs. `before` is null for an added one, `after` for a deleted one. */
export type DiffEntry = Readonly<{
  change: ChangeType
  before: DiffSide | null
  after: DiffSide | null
  /** How alike both sides of a rename or copy are, in percent; else null. */
  similarity: number | null
}>

/**
 * The files that differ between two commits or trees, in git's order; `a` null stands for the empty tree (a first commit).
 * Renames are found unless `renames` is false; `limit` bounds the answer.
 */
export async function diffTree(
  gitDir: string,
  a: string | null,
  b: string,
  {
    paths = [],
    renames = true,
    limit = Infinity,
    ...options
  }: ReadOptions & { paths?: readonly string[] | undefined; renames?: boolean; limit?: number } = {},
): Promise<{ entries: DiffEntry[]; truncated: boolean }> {
  const { stdout } = await git(
    ['diff-tree', '-r', '-z', '--raw', '--no-abbrev', renames ? '-M' : '--no-renames', ...sides(a, b), ...filter(paths)],
    { gitDir, signal: readSignal(options), maxBuffer: 512 * 1024 * 1024 },
  )
  const entries = parseRawDiff(stdout)
  return { entries: entries.slice(0, limit), truncated: entries.length > limit }
}

/** Lines added and deleted per file, by its path after the change; null for binary files. */
export async function diffStat(
  gitDir: string,
  a: string | null,
  b: string,
  { paths = [], ignoreWhitespace = false, ...options }: ReadOptions & { paths?: readonly string[] | undefined; ignoreWhitespace?: boolean } = {},
): Promise<Map<string, { added: number; deleted: number } | null>> {
  const { stdout } = await git(['diff-tree', '-r', '-z', '--numstat', '-M', ...whitespace(ignoreWhitespace), ...sides(a, b), ...filter(paths)], {
    gitDir,
    signal: readSignal(options),
    maxBuffer: 512 * 1024 * 1024,
  })
  const tokens = splitNul(stdout)
  const found = new Map<string, { added: number; deleted: number } | null>()
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? Buffer.alloc(0)
    const [, added = '', deleted = ''] = /^(\d+|-)\t(\d+|-)\t/.exec(token.toString('latin1')) ?? []
    let path = token.subarray(added.length + deleted.length + 2)
    if (path.length === 0) {
      // A rename: the old and the new path follow on their own.
      path = tokens[at + 2] ?? path
      at += 2
    }
    found.set(decodeName(path), added === '-' ? null : { added: Number(added), deleted: Number(deleted) })
  }
  return found
}

/** A unified diff of two commits or trees; at most `maxBytes` (4 MiB unless told) of it. */
export async function diffPatch(
  gitDir: string,
  a: string | null,
  b: string,
  {
    paths = [],
    contextLines = 3,
    maxBytes = 4 * 1024 * 1024,
    ignoreWhitespace = false,
    ...options
  }: ReadOptions & { paths?: readonly string[] | undefined; contextLines?: number; maxBytes?: number; ignoreWhitespace?: boolean } = {},
): Promise<{ patch: string; truncated: boolean }> {
  const args = ['diff-tree', '-r', '-p', '-M', '--full-index', ...whitespace(ignoreWhitespace), ...patchOptions(contextLines), ...sides(a, b), ...filter(paths)]
  return bounded(gitDir, args, maxBytes, readSignal(options))
}

/**
 * A unified diff of two blobs: one file's part of a diff, whatever bytes its path is made of. For an added or deleted
 * file there is one blob, and nothing to compare it with.
 */
export async function diffBlobs(
  gitDir: string,
  a: string,
  b: string,
  { contextLines = 3, maxBytes = 4 * 1024 * 1024, ignoreWhitespace = false, ...options }: ReadOptions & { contextLines?: number; maxBytes?: number; ignoreWhitespace?: boolean } = {},
): Promise<{ patch: string; truncated: boolean }> {
  checkOids(a, b)
  return bounded(gitDir, ['diff', '--full-index', ...whitespace(ignoreWhitespace), ...patchOptions(contextLines), a, b], maxBytes, readSignal(options))
}

/** Parses `--raw -z --no-abbrev` of git diff-tree. Throws for an output that is cut off. */
export function parseRawDiff(output: Uint8Array): DiffEntry[] {
  const tokens = splitNul(output)
  const entries: DiffEntry[] = []
  for (let at = 0; at < tokens.length; ) {
    const header = rawHeader.exec(tokens[at]?.toString('latin1') ?? '')
    if (header === null) {
      // A lone commit ID heads the output when one commit was given.
      at++
      continue
    }
    const [, oldMode = '', newMode = '', oldOid = '', newOid = '', letter = '', score = ''] = header
    const change = changeTypes[letter]
    const twoPaths = change === 'renamed' || change === 'copied'
    const first = tokens[at + 1]
    const second = twoPaths ? tokens[at + 2] : first
    if (change === undefined || first === undefined || second === undefined) throw new Error('the diff is cut off')
    at += twoPaths ? 3 : 2
    entries.push({
      change,
      before: oldOid === zeroOid ? null : { path: decodeName(first), mode: oldMode, oid: oldOid },
      after: newOid === zeroOid ? null : { path: decodeName(second), mode: newMode, oid: newOid },
      similarity: score === '' ? null : Number(score),
    })
  }
  return entries
}

/** The tree without entries, which git knows without having it. */
export const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

const rawHeader = /^:(\d{6}) (\d{6}) ([0-9a-f]{40}) ([0-9a-f]{40}) ([A-Z])(\d*)$/

const changeTypes: Readonly<Record<string, ChangeType>> = {
  A: 'added',
  C: 'copied',
  D: 'deleted',
  M: 'modified',
  R: 'renamed',
  T: 'type-changed',
}

function sides(a: string | null, b: string): string[] {
  checkOids(a ?? emptyTree, b)
  return [a ?? emptyTree, b]
}

function filter(paths: readonly string[]): string[] {
  if (paths.length === 0) return []
  const args = pathArguments(paths)
  if (args === null) throw new Error('a path with bytes outside UTF-8 cannot be given to git diff; compare its blobs')
  return args
}

function whitespace(ignored: boolean): string[] {
  return ignored ? ['--ignore-all-space'] : []
}

/** Nothing of the repository may run a program or shape the output: no external diff, no text conversion. */
function patchOptions(contextLines: number): string[] {
  return ['--no-color', '--no-ext-diff', '--no-textconv', `--unified=${contextLines}`, '--src-prefix=a/', '--dst-prefix=b/']
}

async function bounded(
  gitDir: string,
  args: readonly string[],
  maxBytes: number,
  signal: AbortSignal,
): Promise<{ patch: string; truncated: boolean }> {
  const child = spawnGit(args, { gitDir, signal })
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size > maxBytes) break
  }
  const truncated = size > maxBytes
  if (truncated) await child.stop()
  else await child.done
  const all = Buffer.concat(chunks).subarray(0, maxBytes)
  // Cut at a line, so that no character and no hunk line is halved.
  const patch = truncated ? all.subarray(0, all.lastIndexOf(0x0a) + 1) : all
  return { patch: patch.toString('utf8'), truncated }
}

function splitNul(output: Uint8Array): Buffer[] {
  const bytes = Buffer.from(output.buffer, output.byteOffset, output.length)
  const tokens: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0, at)
    tokens.push(bytes.subarray(at, end === -1 ? bytes.length : end))
    at = end === -1 ? bytes.length : end + 1
  }
  return tokens
}
