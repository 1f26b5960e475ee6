import { compareNames, encodeName } from '#lib/git/name'

/** The names of a repository at one moment. Oids are 40 lower-case hex digits; names are as `name.ts` decodes them. */
export type Refs = Readonly<{
  /** What HEAD points at (`refs/heads/main`), born or not; null for a repository without one. */
  head: string | null
  refs: ReadonlyMap<string, Ref>
}>

/** Where a ref points; `peeled` is what an annotated tag stands for, and is absent for anything else. */
export type Ref = Readonly<{ oid: string; peeled?: string }>

/** The oid that stands for "no object": the old side of a creation, the new side of a deletion. */
export const zeroOid = '0'.repeat(40)

export function isOid(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text)
}

/**
 * True if git accepts the name of a ref (git-check-ref-format(1)). It must have a slash, unless `allowOneLevel`, which is
 * how a branch's short name is checked.
 */
export function isValidRefName(name: string, { allowOneLevel = false } = {}): boolean {
  if (name === '' || name === '@' || name.endsWith('.') || (!allowOneLevel && !name.includes('/'))) return false
  if (/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{/.test(name)) return false
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
}

/** The refs in git's order: by the bytes of their names. */
export function sortedRefs(refs: Refs): [name: string, ref: Ref][] {
  return [...refs.refs].sort(([a], [b]) => compareNames(a, b))
}

/** Where HEAD points, or null while its branch is unborn or there is no HEAD. */
export function headRef(refs: Refs): Ref | null {
  return refs.head === null ? null : (refs.refs.get(refs.head) ?? null)
}

/**
 * The refs as a `packed-refs` file. It claims to be fully peeled, so git never opens a tag to look for what it stands for:
 * every annotated tag must come with its `peeled`.
 */
export function packedRefs(refs: Refs): Buffer {
  const lines: Buffer[] = [Buffer.from('# pack-refs with: peeled fully-peeled sorted \n')]
  for (const [name, { oid, peeled }] of sortedRefs(refs)) {
    lines.push(Buffer.from(`${oid} `), encodeName(name), Buffer.from(peeled === undefined ? '\n' : `\n^${peeled}\n`))
  }
  return Buffer.concat(lines)
}
