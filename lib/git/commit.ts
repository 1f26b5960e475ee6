import { git } from '#lib/git/command'
import { decodeName, encodeName } from '#lib/git/name'
import { readSignal, withObjects, type ObjectReader, type ReadOptions } from '#lib/git/object-reader'
import { isOid, isValidRefName } from '#lib/git/refs'

/** Who, and when by their own clock. */
export type Signature = Readonly<{
  name: string
  email: string
  /** Unix seconds. */
  seconds: number
  /** `+0100`. */
  timezone: string
}>

export type Commit = Readonly<{
  oid: string
  tree: string
  parents: readonly string[]
  author: Signature
  committer: Signature
  /** The whole message, decoded by the commit's `encoding` header or as UTF-8. */
  message: string
  /** Header lines beside the usual ones (`gpgsig`, `mergetag`…), in their order. */
  extraHeaders: readonly (readonly [name: string, value: string])[]
}>

export type Tag = Readonly<{
  oid: string
  /** What it tags. */
  object: string
  type: string
  name: string
  tagger: Signature | null
  message: string
}>

/** A commit by its full oid, or null if there is no such commit. */
export async function readCommit(gitDir: string, oid: string, options: ReadOptions = {}): Promise<Commit | null> {
  if (!isOid(oid)) return null
  return withObjects(gitDir, options, async (objects) => {
    const object = await objects.read(oid)
    return object?.type === 'commit' ? parseCommit(oid, object.content) : null
  })
}

/** An annotated tag by its full oid, or null if there is no such tag object. */
export async function readTag(gitDir: string, oid: string, options: ReadOptions = {}): Promise<Tag | null> {
  if (!isOid(oid)) return null
  return withObjects(gitDir, options, async (objects) => {
    const object = await objects.read(oid)
    return object?.type === 'tag' ? parseTag(oid, object.content) : null
  })
}

/**
 * The commit that a person means: a full ref name, a branch, a tag, `HEAD`, a full or abbreviated oid (4 digits or more),
 * tried in that order. Null if it is none of these, or ambiguous. git's revision operators (`^`, `~`, `@{…}`, `:/text`) are not
 * understood: they name other things than commits, and some cost a walk through the history.
 */
export async function resolveCommit(
  gitDir: string,
  specifier: string,
  options: ReadOptions = {},
): Promise<string | null> {
  if (!isValidRefName(specifier, { allowOneLevel: true })) return null
  const isHex = /^[0-9a-f]{4,40}$/i.test(specifier)
  const candidates = [
    ...(isOid(specifier) ? [specifier] : []),
    ...(specifier === 'HEAD' || specifier.startsWith('refs/') ? [specifier] : []),
    `refs/heads/${specifier}`,
    `refs/tags/${specifier}`,
    ...(isHex ? [specifier.toLowerCase()] : []),
  ]
  return withObjects(gitDir, options, async (objects) => {
    for (const candidate of candidates) {
      const found = await objects.info(encodeName(`${candidate}^{commit}`))
      if (found !== null) return found.oid
    }
    return null
  })
}

/** The best common ancestor, or null for unrelated histories. */
export async function mergeBase(gitDir: string, a: string, b: string, options: ReadOptions = {}): Promise<string | null> {
  checkOids(a, b)
  const { stdout } = await git(['merge-base', a, b], { gitDir, signal: readSignal(options), expectedExitCodes: [0, 1] })
  const oid = stdout.toString('latin1').trim()
  return oid === '' ? null : oid
}

/** True if `ancestor` is in the history of `descendant`: then moving a branch from the one to the other loses nothing. */
export async function isAncestor(
  gitDir: string,
  ancestor: string,
  descendant: string,
  options: ReadOptions = {},
): Promise<boolean> {
  checkOids(ancestor, descendant)
  const { exitCode } = await git(['merge-base', '--is-ancestor', ancestor, descendant], {
    gitDir,
    signal: readSignal(options),
    expectedExitCodes: [0, 1],
  })
  return exitCode === 0
}

/** How many commits `branch` has that `base` has not, and the other way round. */
export async function aheadBehind(
  gitDir: string,
  branch: string,
  base: string,
  options: ReadOptions = {},
): Promise<{ ahead: number; behind: number }> {
  checkOids(branch, base)
  const { stdout } = await git(['rev-list', '--left-right', '--count', `${branch}...${base}`], {
    gitDir,
    signal: readSignal(options),
  })
  const [ahead = '', behind = ''] = stdout.toString('latin1').trim().split('\t')
  return { ahead: Number(ahead), behind: Number(behind) }
}

/** Throws unless every argument is a full oid, which is what keeps it from being an option. */
export function checkOids(...oids: readonly string[]): void {
  for (const oid of oids) if (!isOid(oid)) throw new Error('expected a full object ID')
}

/** The commit of a commit-ish, through a shared reader. Throws if there is none. */
export async function treeOf(objects: ObjectReader, treeish: string): Promise<string | null> {
  const found = await objects.info(encodeName(`${treeish}^{tree}`))
  return found?.oid ?? null
}

function parseCommit(oid: string, content: Buffer): Commit {
  const { headers, body } = parseHeaders(content)
  const first = (name: string): Buffer | undefined => headers.find(([key]) => key === name)?.[1]
  const encoding = first('encoding')?.toString('latin1')
  return {
    oid,
    tree: first('tree')?.toString('latin1') ?? '',
    parents: headers.filter(([key]) => key === 'parent').map(([, value]) => value.toString('latin1')),
    author: parseSignature(first('author'), encoding),
    committer: parseSignature(first('committer'), encoding),
    message: decodeText(body, encoding),
    extraHeaders: headers
      .filter(([key]) => !['tree', 'parent', 'author', 'committer', 'encoding'].includes(key))
      .map(([key, value]) => [key, decodeText(value, encoding)] as const),
  }
}

function parseTag(oid: string, content: Buffer): Tag {
  const { headers, body } = parseHeaders(content)
  const first = (name: string): Buffer | undefined => headers.find(([key]) => key === name)?.[1]
  const tagger = first('tagger')
  return {
    oid,
    object: first('object')?.toString('latin1') ?? '',
    type: first('type')?.toString('latin1') ?? '',
    name: decodeName(first('tag') ?? Buffer.alloc(0)),
    tagger: tagger === undefined ? null : parseSignature(tagger, undefined),
    message: decodeText(body, undefined),
  }
}

/** The header lines (a line that begins with a space continues the one before) and what follows the empty line. */
function parseHeaders(content: Buffer): { headers: [name: string, value: Buffer][]; body: Buffer } {
  const headers: [string, Buffer][] = []
  let at = 0
  while (at < content.length) {
    const found = content.indexOf(0x0a, at)
    const end = found === -1 ? content.length : found
    const line = content.subarray(at, end)
    at = end + 1
    if (line.length === 0) break
    const last = headers.at(-1)
    if (line[0] === 0x20 && last !== undefined) {
      last[1] = Buffer.concat([last[1], Buffer.from('\n'), line.subarray(1)])
    } else {
      const space = line.indexOf(0x20)
      headers.push([line.toString('latin1', 0, space === -1 ? line.length : space), line.subarray(space + 1)])
    }
  }
  return { headers, body: content.subarray(at) }
}

/** `Name <email> 1700000000 +0100`, as broken as history has it: what is missing is empty. */
function parseSignature(line: Buffer | undefined, encoding: string | undefined): Signature {
  const text = decodeText(line ?? Buffer.alloc(0), encoding)
  const open = text.indexOf('<')
  const close = text.lastIndexOf('>')
  if (open === -1 || close < open) return { name: text.trim(), email: '', seconds: 0, timezone: '+0000' }
  const [, seconds = '0', timezone = '+0000'] = /^\s*(-?[0-9]+)(?:\s+([+-][0-9]+))?/.exec(text.slice(close + 1)) ?? []
  return { name: text.slice(0, open).trim(), email: text.slice(open + 1, close), seconds: Number(seconds), timezone }
}

function decodeText(bytes: Buffer, encoding: string | undefined): string {
  try {
    return new TextDecoder(encoding ?? 'utf-8').decode(bytes)
  } catch {
    // A label that nobody knows: the bytes as they are beat an error page.
    return bytes.toString('utf8')
  }
}
