import { readFile } from 'node:fs/promises'
import { constants, inflateSync } from 'node:zlib'
import type { ObjectType } from '#lib/git/object-type'

/** What an object is, and its bytes once its deltas are applied. */
export type PackedObject = Readonly<{ type: ObjectType; size: number }>

/** A pack of more is looked at sooner by git, although a process has to be started for that. */
export function isSmallPack({ bytes, objectCount }: Readonly<{ bytes: number; objectCount: number }>): boolean {
  return bytes <= 256 * 1024 && objectCount <= 100
}

/**
 * Every object of a small pack that git has indexed: what `git cat-file --batch-check` would say, from the heads of the entries
 * alone (gitformat-pack(5)). Nothing is inflated but the beginning of a delta, where the size is.
 *
 * @returns by object ID
 * @throws Error for files that are not what index-pack writes
 */
export async function objectsOfSmallPack({ packPath, idxPath }: Readonly<{ packPath: string; idxPath: string }>): Promise<Map<string, PackedObject>> {
  const [pack, idx] = await Promise.all([readFile(packPath), readFile(idxPath)])
  const offsets = offsetsOf(idx)
  const entries = new Map([...offsets.values()].map((offset) => [offset, entryAt(pack, offset)]))
  const typeOf = (offset: number): ObjectType => {
    let entry = entries.get(offset)
    // index-pack has found an end to every chain.
    for (let links = 0; entry !== undefined && links <= entries.size; links++) {
      if ('type' in entry) return entry.type
      entry = entries.get(typeof entry.base === 'number' ? entry.base : (offsets.get(entry.base) ?? -1))
    }
    throw new Error('a delta of the pack has no base in it')
  }
  return new Map([...offsets].map(([oid, offset]) => [oid, { type: typeOf(offset), size: entries.get(offset)?.size ?? 0 }]))
}

/** An object as its entry has it: whole, or as what is to be done to a base, which is named by its place or its ID. */
type Entry = Readonly<{ size: number }> & (Readonly<{ type: ObjectType }> | Readonly<{ base: number | string }>)

/** Where each object is, from an index of version 2. */
function offsetsOf(idx: Buffer): Map<string, number> {
  if (idx.length < 1032 || idx.readUInt32BE(0) !== 0xff744f63 || idx.readUInt32BE(4) !== 2) throw new Error('not a pack index of version 2')
  const count = idx.readUInt32BE(8 + 4 * 255)
  const names = 8 + 4 * 256
  const places = names + 24 * count
  return new Map(
    Array.from({ length: count }, (_, index) => [idx.toString('hex', names + 20 * index, names + 20 * (index + 1)), idx.readUInt32BE(places + 4 * index)]),
  )
}

function entryAt(pack: Buffer, offset: number): Entry {
  const first = pack.readUInt8(offset)
  const [rest, next] = first & 0x80 ? sizeAt(pack, offset + 1) : [0, offset + 1]
  const kind = (first >> 4) & 7
  const type = types[kind]
  if (type !== undefined) return { type, size: (first & 15) + rest * 16 }
  if (kind === 7) return { base: pack.toString('hex', next, next + 20), size: resultSize(pack.subarray(next + 20)) }
  if (kind !== 6) throw new Error('a pack entry of no kind that git knows')
  const [back, delta] = distanceAt(pack, next)
  return { base: offset - back, size: resultSize(pack.subarray(delta)) }
}

const types: readonly (ObjectType | undefined)[] = [undefined, 'commit', 'tree', 'blob', 'tag']

/** A number of seven bits a byte, the lowest first, and where it ends. */
function sizeAt(bytes: Buffer, start: number): [size: number, end: number] {
  let size = 0
  for (let at = start, unit = 1; ; at++, unit *= 128) {
    const byte = bytes.readUInt8(at)
    size += (byte & 0x7f) * unit
    if (byte < 0x80) return [size, at + 1]
  }
}

/** The distance back to a base: the highest first, each longer one counting on from where the shorter end. */
function distanceAt(bytes: Buffer, start: number): [distance: number, end: number] {
  let distance = bytes.readUInt8(start) & 0x7f
  let at = start
  while (bytes.readUInt8(at) & 0x80) {
    at += 1
    distance = (distance + 1) * 128 + (bytes.readUInt8(at) & 0x7f)
  }
  return [distance, at + 1]
}

/** The size of what a delta makes: the second number of what its bytes inflate to. */
function resultSize(compressed: Buffer): number {
  // More than the head of the first block and two numbers need; of what comes after nothing is wanted.
  const delta = inflateSync(compressed.subarray(0, 1024), { finishFlush: constants.Z_SYNC_FLUSH })
  return sizeAt(delta, sizeAt(delta, 0)[1])[0]
}
