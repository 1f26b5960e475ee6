import { isBinary, readBlob } from '#lib/git/blob'
import { diffBlobs, diffPatch, diffStat, diffTree, type DiffEntry } from '#lib/git/diff'
import type { ReadOptions } from '#lib/git/object-reader'
import { parsePatch, wholeFile, type FilePatch, type Hunk } from '#lib/git/patch'
import { zeroOid } from '#lib/git/refs'

/** One file that differs, with how. */
export type FileDiff = DiffEntry &
  Readonly<{
    /** Lines added and deleted; null for a binary file. */
    lines: Readonly<{ added: number; deleted: number }> | null
    /** Null where the patch was cut off before it. */
    hunks: readonly Hunk[] | null
  }>

/**
 * The files that differ between two commits or trees (`a` null: the empty tree), each with its hunks, as far as `maxBytes` of patch
 * (1 MiB unless told) reach. `limit` bounds the files.
 */
export async function diffFiles(
  gitDir: string,
  a: string | null,
  b: string,
  { ignoreWhitespace = false, maxBytes = 1024 * 1024, limit = 3000, ...options }: DiffFilesOptions = {},
): Promise<{ files: FileDiff[]; truncated: boolean }> {
  const [{ entries, truncated }, stat, { patch, truncated: cut }] = await Promise.all([
    diffTree(gitDir, a, b, { ...options, limit }),
    diffStat(gitDir, a, b, { ...options, ignoreWhitespace }),
    diffPatch(gitDir, a, b, { ...options, ignoreWhitespace, maxBytes }),
  ])
  const parts = parsePatch(patch)
  // The last part may lack lines: it is as good as not there.
  if (cut) parts.pop()
  let next = 0
  const files = entries.map((entry): FileDiff => {
    const most = entry.change === 'type-changed' ? 2 : 1
    const own: FilePatch[] = []
    for (let part = parts[next]; part && own.length < most && isPartOf(part, entry); part = parts[next]) {
      own.push(part)
      next++
    }
    const missing = own.length === 0 && cut && next >= parts.length
    return { ...entry, lines: linesOf(entry, stat), hunks: missing ? null : own.flatMap(({ hunks }) => hunks) }
  })
  return { files, truncated }
}

/** The one file at `path` (after the change; before it for one that was deleted), whole up to `maxBytes` of patch (8 MiB unless told). Null if it does not differ. */
export async function diffFile(
  gitDir: string,
  a: string | null,
  b: string,
  path: string,
  { ignoreWhitespace = false, maxBytes = 8 * 1024 * 1024, ...options }: DiffFilesOptions = {},
): Promise<FileDiff | null> {
  const { entries } = await diffTree(gitDir, a, b, options)
  const entry = entries.find(({ before, after }) => (after ?? before)?.path === path)
  if (!entry) return null
  const stat = await diffStat(gitDir, a, b, { ...options, ignoreWhitespace })
  return { ...entry, lines: linesOf(entry, stat), hunks: await hunksOf(gitDir, entry, { ...options, ignoreWhitespace, maxBytes }) }
}

type DiffFilesOptions = ReadOptions & { ignoreWhitespace?: boolean; maxBytes?: number; limit?: number }

async function hunksOf(gitDir: string, { before, after }: DiffEntry, options: DiffFilesOptions & { maxBytes: number }): Promise<readonly Hunk[] | null> {
  const side = before ?? after
  if (isSubmodule(before) || isSubmodule(after)) return []
  if (before && after) {
    if (before.oid === after.oid) return []
    const { patch, truncated } = await diffBlobs(gitDir, before.oid, after.oid, options)
    return truncated ? null : parsePatch(patch).flatMap(({ hunks }) => hunks)
  }
  const blob = side && (await readBlob(gitDir, side.oid, options))
  if (!blob || blob.truncated) return null
  return isBinary(blob.content) ? [] : wholeFile(after ? 'added' : 'deleted', blob.content.toString('utf8'))
}

function isSubmodule(side: DiffEntry['before']): boolean {
  return side?.mode === '160000'
}

/**
 * Parts come in the order of the entries, but an entry may have none (only white space has changed) or two (a file became a
 * link): whose a part is, its object IDs say.
 */
function isPartOf({ oids }: FilePatch, { change, before, after }: DiffEntry): boolean {
  const [from, to] = [before?.oid ?? zeroOid, after?.oid ?? zeroOid]
  if (!oids) return from === to
  if (change === 'type-changed') return (oids[0] === from && oids[1] === zeroOid) || (oids[0] === zeroOid && oids[1] === to)
  return oids[0] === from && oids[1] === to
}

function linesOf({ before, after }: DiffEntry, stat: Awaited<ReturnType<typeof diffStat>>): FileDiff['lines'] {
  const lines = stat.get((after ?? before)?.path ?? '')
  return lines === undefined ? { added: 0, deleted: 0 } : lines
}
