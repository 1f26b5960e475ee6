import { git, spawnGit } from '#lib/git/command'
import { checkOids, type Signature } from '#lib/git/commit'
import { logFormat } from '#lib/git/format'
import { decodeName, encodeName } from '#lib/git/name'
import { readSignal, withObjects, type ReadOptions } from '#lib/git/object-reader'
import { listTree, pathArguments } from '#lib/git/tree'

/** A commit as lists show it. */
export type LogEntry = Readonly<{
  oid: string
  tree: string
  parents: readonly string[]
  author: Signature
  committer: Signature
  /** The first paragraph on one line. */
  subject: string
  /** The whole message. */
  message: string
}>

/**
 * The history of the commit `from`, or of several, newest first: `limit` commits (50 unless told) after `skip`. With `path` only commits that
 * changed something there; with `firstParent` only the branch's own line; with `until` only what that commit's history has not.
 * Throws for an oid that is no full one; GitError if the commit is not there.
 */
export async function log(
  gitDir: string,
  {
    from,
    path = '',
    skip = 0,
    limit = 50,
    firstParent = false,
    until,
    ...options
  }: ReadOptions & {
    from: string | readonly string[]
    path?: string | undefined
    skip?: number | undefined
    limit?: number | undefined
    firstParent?: boolean | undefined
    /** Leave out this commit and everything before it: the commits of a branch since its base. */
    until?: string | undefined
  },
): Promise<LogEntry[]> {
  const tips = typeof from === 'string' ? [from] : from
  checkOids(...tips, ...(until === undefined ? [] : [until]))
  const { stdout } = await git(
    [
      ...['log', '--no-color', '--no-show-signature', '--encoding=UTF-8', '--date=raw', ...entryFormat.formatArgs],
      ...[`--skip=${skip}`, `--max-count=${limit}`, ...(firstParent ? ['--first-parent'] : [])],
      '--stdin',
      ...pathWithLineFeed(path),
    ],
    {
      gitDir,
      signal: readSignal(options),
      stdin: revisionLines(tips, until, path),
      maxBuffer: 256 * 1024 * 1024,
    },
  )
  return entryFormat.parse(stdout).map(toEntry)
}

/** How many commits the history of `from` has, up to `limit`. */
export async function countCommits(
  gitDir: string,
  from: string,
  { limit, ...options }: ReadOptions & { limit?: number } = {},
): Promise<number> {
  checkOids(from)
  const { stdout } = await git(
    ['rev-list', '--count', ...(limit === undefined ? [] : [`--max-count=${limit}`]), from],
    { gitDir, signal: readSignal(options) },
  )
  return Number(stdout.toString('latin1').trim())
}

/**
 * For each entry of the folder `path` the commit that gave it its present content: name → commit. Null for an entry that was not
 * met within `maxCommits` (20,000 unless told) and `budgetMs` (2,000): a page must not wait for a file that nobody has touched for
 * years. Null in place of the map if there is no such folder.
 */
export async function lastCommitOfEach(
  gitDir: string,
  commit: string,
  path: string,
  { maxCommits = 20_000, budgetMs = 2_000, ...options }: ReadOptions & { maxCommits?: number; budgetMs?: number } = {},
): Promise<Map<string, LogEntry | null> | null> {
  checkOids(commit)
  const signal = readSignal(options)
  const until = Date.now() + budgetMs
  const entries = await withObjects(gitDir, { ...options, signal }, (objects) =>
    listTree(gitDir, commit, path, { signal, objects }),
  )
  if (entries === null) return null
  if (entries.length === 0) return new Map()
  const folder = path.split('/').filter((part) => part !== '').join('/')
  const wanted = new Map(entries.map((entry) => [entry.path, entry]))
  const foundIn = new Map<string, string>()

  // Non-merge commits that touch the folder, with what each of its entries became. A commit counts for an entry only if it
  // made it what it is now, so a change that a later merge threw away is passed over.
  const { output, stop, done } = changesBelow(gitDir, commit, folder, maxCommits, signal)
  let current = ''
  let newOid: string | null = null
  let enough = false
  for await (const token of splitAtNul(output)) {
    if (newOid !== null) {
      const entry = wanted.get(decodeName(token))
      if (entry?.oid === newOid && !foundIn.has(entry.path)) foundIn.set(entry.path, current)
      newOid = null
      enough = foundIn.size === wanted.size
    } else {
      const text = token.toString('latin1')
      if (/^[0-9a-f]{40}$/.test(text)) {
        current = text
        enough = Date.now() > until
      } else {
        newOid = /^\n?:\d{6} \d{6} [0-9a-f]{40} ([0-9a-f]{40}) [A-Z]\d*$/.exec(text)?.[1] ?? null
      }
    }
    if (enough) break
  }
  await (enough ? stop() : done)

  // What only a merge made (a conflict's resolution) is rare: ask for those one by one, while there is time.
  for (const entry of wanted.values()) {
    if (foundIn.has(entry.path)) continue
    const left = until - Date.now()
    if (left <= 0) break
    const within = AbortSignal.any([signal, AbortSignal.timeout(left)])
    const [last] = await log(gitDir, { from: commit, path: entry.path, limit: 1, signal: within }).catch((error: unknown) => {
      if (!within.aborted || signal.aborted) throw error
      return []
    })
    if (last !== undefined) foundIn.set(entry.path, last.oid)
  }
  const commits = await logOf(gitDir, new Set(foundIn.values()), signal)
  return new Map(entries.map(({ name, path: at }) => [name, commits.get(foundIn.get(at) ?? '') ?? null]))
}

/** NUL-separated: the ID of each commit that is no merge, newest first, and after it its raw differences. */
function changesBelow(
  gitDir: string,
  commit: string,
  folder: string,
  maxCommits: number,
  signal: AbortSignal,
): { output: AsyncIterable<Buffer>; stop: () => Promise<unknown>; done: Promise<unknown> } {
  const raw = ['-z', '--raw', '--no-abbrev', '--no-renames', '--root']
  if (folder !== '') {
    const { stdout, stop, done } = spawnGit(
      [
        ...['log', '--no-color', '--no-show-signature', '--format=tformat:%H', ...raw, '-r', '-t'],
        ...['--no-merges', `--max-count=${maxCommits}`, '--stdin', ...pathWithLineFeed(folder)],
      ],
      { gitDir, signal, stdin: revisionLines([commit], undefined, folder) },
    )
    return { output: stdout, stop, done }
  }
  // git log goes down into every folder that changed; for the root, diff-tree can be told not to, which is four times less work.
  const commits = spawnGit(['rev-list', '--no-merges', `--max-count=${maxCommits}`, commit], { gitDir, signal })
  const changes = spawnGit(['diff-tree', '--stdin', ...raw], { gitDir, signal, stdin: commits.stdout })
  return {
    output: changes.stdout,
    stop: () => Promise.all([changes.stop(), commits.stop()]),
    done: Promise.all([changes.done, commits.done]),
  }
}

const entryFormat = logFormat({
  oid: '%H',
  tree: '%T',
  parents: '%P',
  authorName: '%an',
  authorEmail: '%ae',
  authorDate: '%ad',
  committerName: '%cn',
  committerEmail: '%ce',
  committerDate: '%cd',
  subject: '%s',
  message: '%B',
})

function toEntry(record: ReturnType<typeof entryFormat.parse>[number]): LogEntry {
  return {
    oid: record.oid,
    tree: record.tree,
    parents: record.parents.split(' ').filter((oid) => oid !== ''),
    author: signature(record.authorName, record.authorEmail, record.authorDate),
    committer: signature(record.committerName, record.committerEmail, record.committerDate),
    subject: record.subject,
    message: record.message,
  }
}

function signature(name: string, email: string, date: string): Signature {
  const [seconds = '0', timezone = '+0000'] = date.split(' ')
  return { name, email, seconds: Number(seconds), timezone }
}

/** Revisions and a path on standard input, where a path may hold any bytes but a line feed. */
function revisionLines(tips: readonly string[], until: string | undefined, path: string): Buffer {
  return Buffer.concat([
    Buffer.from(`${tips.join('\n')}\n${until === undefined ? '' : `^${until}\n`}`),
    ...(path === '' || path.includes('\n') ? [] : [Buffer.from('--\n'), encodeName(path), Buffer.from('\n')]),
  ])
}

/** A path with a line feed goes as an argument. Throws for one that also has bytes outside UTF-8: git offers no third way. */
function pathWithLineFeed(path: string): string[] {
  if (!path.includes('\n')) return []
  const args = pathArguments([path])
  if (args === null) throw new Error('a path with a line feed and bytes outside UTF-8 cannot be looked up')
  return args
}

/** Commits by their IDs, in no order. */
export async function logOf(gitDir: string, oids: ReadonlySet<string>, signal: AbortSignal): Promise<Map<string, LogEntry>> {
  if (oids.size === 0) return new Map()
  const { stdout } = await git(
    ['log', '--no-color', '--no-show-signature', '--encoding=UTF-8', '--date=raw', ...entryFormat.formatArgs, '--no-walk', '--stdin'],
    { gitDir, signal, stdin: Buffer.from([...oids].join('\n') + '\n'), maxBuffer: 256 * 1024 * 1024 },
  )
  return new Map(entryFormat.parse(stdout).map((record) => [record.oid, toEntry(record)]))
}

async function* splitAtNul(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0)
  for await (const chunk of source) {
    const bytes: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    for (let end = bytes.indexOf(0, at); end !== -1; end = bytes.indexOf(0, at)) {
      yield bytes.subarray(at, end)
      at = end + 1
    }
    rest = Buffer.from(bytes.subarray(at))
  }
  if (rest.length > 0) yield rest
}
