import { decodeName, encodeName } from '#lib/git/name'
import { type Refs, sortedRefs } from '#lib/git/refs'
import type { DataKey } from './data-keys.ts'
import { openValue, sealValue } from './sealed.ts'

/** A repository without refs: as it is until its first push. */
export const noRefs: Refs = { head: null, refs: new Map() }

/**
 * Seals HEAD and all refs of a repository, at one version, into the message that its row holds.
 *
 * The text is git's own packed-refs with a first line `HEAD <symbolic target>`; `docs/formats.md` has it.
 */
export function sealRefs(key: DataKey, repositoryId: string, version: number, refs: Refs): Uint8Array<ArrayBuffer> {
  return sealValue(key, { repositoryId, object: `refs/${version}` }, encodeRefs(refs))
}

/**
 * Opens the refs of a row. No message: no refs yet.
 * @throws ServiceException EncryptionIntegrityChecksFailedException for a row that was altered, or set back to an older message
 */
export function openRefs(key: DataKey, repositoryId: string, version: number, message: Uint8Array | null): Refs {
  if (!message) return noRefs
  return decodeRefs(openValue(key, { repositoryId, object: `refs/${version}` }, message))
}

/** The bytes of refs: names may be of any bytes, as git allows. */
export function encodeRefs(refs: Refs): Buffer {
  const lines = sortedRefs(refs).map(([name, { oid, peeled }]) =>
    Buffer.concat([Buffer.from(`${oid} `), encodeName(name), Buffer.from(peeled === undefined ? '\n' : `\n^${peeled}\n`)]),
  )
  return Buffer.concat([Buffer.from('HEAD '), encodeName(refs.head ?? ''), Buffer.from('\n'), ...lines])
}

/** The refs of bytes that {@link encodeRefs} made. */
export function decodeRefs(bytes: Uint8Array): Refs {
  const [first = '', ...lines] = decodeName(bytes).split('\n')
  const refs = new Map<string, { oid: string; peeled?: string }>()
  let last: { oid: string; peeled?: string } | undefined
  for (const line of lines) {
    if (line === '') continue
    if (line.startsWith('^')) {
      if (last) last.peeled = line.slice(1)
    } else {
      last = { oid: line.slice(0, 40) }
      refs.set(line.slice(41), last)
    }
  }
  const head = first.slice('HEAD '.length)
  return { head: head === '' ? null : head, refs }
}
