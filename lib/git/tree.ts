import { git } from '#lib/git/command'
import { decodeName, encodeName, nameAsArgument } from '#lib/git/name'
import { readSignal, withObjects, type ObjectReader, type ReadOptions } from '#lib/git/object-reader'
import { treeOf } from '#lib/git/commit'

/** One entry of a tree. A `commit` is a submodule. */
export type TreeEntry = Readonly<{
  /** Octal, as `git ls-tree` prints it: `100644`, `100755`, `120000`, `040000`, `160000`. */
  mode: string
  type: 'blob' | 'tree' | 'commit'
  oid: string
  /** The last part of `path`. */
  name: string
  /** From the root, as {@link file://./name.ts} decodes it. */
  path: string
}>

/**
 * The entries of the folder `path` ('' is the root), with the size of each blob; null if there is no such folder.
 * Folders and files are in git's order.
 */
export async function listTree(
  gitDir: string,
  treeish: string,
  path: string,
  options: ReadOptions = {},
): Promise<(TreeEntry & { readonly size: number | null })[] | null> {
  return withObjects(gitDir, options, async (objects) => {
    const folder = await readTreeEntry(gitDir, treeish, path, { ...options, objects })
    if (folder?.type !== 'tree') return null
    const entries = await entriesOf(objects, folder.oid, folder.path)
    return Promise.all(
      entries.map(async (entry) => ({
        ...entry,
        size: entry.type === 'blob' ? ((await objects.info(entry.oid))?.size ?? null) : null,
      })),
    )
  })
}

/**
 * What is at `path` in a commit or tree; null if nothing is. '' is the root itself. Slashes at the ends do not count.
 *
 * Walks the trees itself: a path never becomes a git argument or revision, so any bytes git stores can be asked for.
 */
export async function readTreeEntry(
  gitDir: string,
  treeish: string,
  path: string,
  options: ReadOptions = {},
): Promise<TreeEntry | null> {
  return withObjects(gitDir, options, async (objects) => {
    const root = await treeOf(objects, treeish)
    if (root === null) return null
    let found: TreeEntry = { mode: '040000', type: 'tree', oid: root, name: '', path: '' }
    for (const part of path.split('/').filter((name) => name !== '')) {
      if (found.type !== 'tree') return null
      const next = (await entriesOf(objects, found.oid, found.path)).find((entry) => entry.name === part)
      if (next === undefined) return null
      found = next
    }
    return found
  })
}

/** The path of every file below `path` in git's order, at most `limit` of them. Null if there is no such folder. */
export async function listFiles(
  gitDir: string,
  treeish: string,
  { path = '', limit = 100_000, ...options }: ReadOptions & { path?: string; limit?: number } = {},
): Promise<{ paths: string[]; truncated: boolean } | null> {
  const folder = await readTreeEntry(gitDir, treeish, path, options)
  if (folder?.type !== 'tree') return null
  const { stdout } = await git(['ls-tree', '-r', '-z', '--name-only', '--full-tree', folder.oid], {
    gitDir,
    signal: readSignal(options),
    maxBuffer: 512 * 1024 * 1024,
  })
  const paths: string[] = []
  for (let at = 0; at < stdout.length; ) {
    if (paths.length === limit) return { paths, truncated: true }
    const end = stdout.indexOf(0, at)
    paths.push(joinPath(folder.path, decodeName(stdout.subarray(at, end))))
    at = end + 1
  }
  return { paths, truncated: false }
}

/** Entries of a raw tree object: `<mode> <name>\0<20 bytes of oid>`, one after another. Throws for a tree cut short. */
export function parseTree(content: Buffer, path: string): TreeEntry[] {
  const entries: TreeEntry[] = []
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at)
    const nul = content.indexOf(0, space)
    if (space === -1 || nul === -1 || nul + 21 > content.length) throw new Error('the tree object is cut off')
    const mode = content.toString('latin1', at, space).padStart(6, '0')
    const name = decodeName(content.subarray(space + 1, nul))
    entries.push({ mode, type: typeOf(mode), oid: content.toString('hex', nul + 1, nul + 21), name, path: joinPath(path, name) })
    at = nul + 21
  }
  return entries
}

/** The inverse of {@link parseTree} for entries in git's order. */
export function encodeTree(entries: readonly Pick<TreeEntry, 'mode' | 'name' | 'oid'>[]): Buffer {
  return Buffer.concat(
    entries.flatMap(({ mode, name, oid }) => [
      Buffer.from(`${mode.replace(/^0+/, '')} `),
      encodeName(name),
      Buffer.from([0]),
      Buffer.from(oid, 'hex'),
    ]),
  )
}

/** Paths as arguments that git takes literally, after `--`. Null if one has bytes that no argument can carry. */
export function pathArguments(paths: readonly string[]): string[] | null {
  const args = paths.map(nameAsArgument)
  return args.includes(null) ? null : ['--', ...args.filter((arg) => arg !== null)]
}

async function entriesOf(objects: ObjectReader, oid: string, path: string): Promise<TreeEntry[]> {
  const tree = await objects.read(oid)
  return tree?.type === 'tree' ? parseTree(tree.content, path) : []
}

function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

function typeOf(mode: string): TreeEntry['type'] {
  if (mode.startsWith('04')) return 'tree'
  return mode.startsWith('16') ? 'commit' : 'blob'
}
