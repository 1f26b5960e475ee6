import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Transform } from 'node:stream'
import { constants, createGunzip, createInflate, inflateSync } from 'node:zlib'

/** A place where a marker was found. */
export type Finding = Readonly<{ file: string; how: string }>

/**
 * Looks for a text in every byte under a folder: in names of files; in their contents as UTF-8, UTF-16, Base64 and
 * hexadecimal; and the same inside whatever a zlib or gzip stream that begins at any offset gives, whole, cut short or
 * followed by something else. Finding nothing means something only where {@link findMarker} finds what was planted.
 */
export async function findMarker(folder: string, marker: string): Promise<Finding[]> {
  const needles = needlesOf(marker)
  const found: Finding[] = []
  for (const file of filesUnder(folder)) {
    if (file.includes(marker)) found.push({ file, how: 'its name' })
    if (lstatSync(file).isSymbolicLink()) continue
    const bytes = readFileSync(file)
    found.push(...search(bytes, needles).map((how) => ({ file, how })))
    for (const { at, content } of await streamsIn(bytes)) {
      found.push(...search(content, needles).map((how) => ({ file, how: `${how} inside a compressed stream at ${at}` })))
    }
  }
  return found
}

/** How many bytes a folder holds: a scan of nothing proves nothing. */
export function bytesUnder(folder: string): number {
  return filesUnder(folder).reduce((sum, file) => sum + lstatSync(file).size, 0)
}

type Needle = Readonly<{ how: string; bytes: Buffer }>

function needlesOf(marker: string): Needle[] {
  const utf8 = Buffer.from(marker)
  const utf16 = Buffer.from(marker, 'utf16le')
  // Base64 writes three bytes as four letters: where the marker begins within three is one of three, and its ends are cut off.
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), utf8]).toString('base64').replace(/=+$/, '')
    return text.slice(shift === 0 ? 0 : 4, Math.floor((shift + utf8.length) / 3) * 4)
  })
  return [
    { how: 'UTF-8', bytes: utf8 },
    { how: 'UTF-16LE', bytes: utf16 },
    { how: 'UTF-16BE', bytes: Buffer.from(utf16).swap16() },
    ...base64.map((text) => ({ how: 'Base64', bytes: Buffer.from(text) })),
    ...base64.map((text) => ({ how: 'Base64url', bytes: Buffer.from(text.replaceAll('+', '-').replaceAll('/', '_')) })),
    { how: 'hexadecimal', bytes: Buffer.from(utf8.toString('hex')) },
    { how: 'hexadecimal', bytes: Buffer.from(utf8.toString('hex').toUpperCase()) },
  ]
}

function search(bytes: Buffer, needles: readonly Needle[]): string[] {
  return needles.filter((needle) => bytes.includes(needle.bytes)).map(({ how }) => how)
}

async function streamsIn(bytes: Buffer): Promise<{ at: number; content: Buffer }[]> {
  const streams: { at: number; content: Buffer }[] = []
  for (let at = 0; at + 2 < bytes.length; at += 1) {
    const first = bytes[at] ?? 0
    const second = bytes[at + 1] ?? 0
    // RFC 1950: deflate with a window of at most 32 KiB, and a check of the two bytes. RFC 1952: two magic bytes, deflate.
    const zlib = (first & 0x0f) === 8 && first >> 4 <= 7 && ((first << 8) | second) % 31 === 0
    const gzip = first === 0x1f && second === 0x8b && bytes[at + 2] === 8
    if (!zlib && !gzip) continue
    const content = zlib ? await inflated(bytes.subarray(at)) : await partOf(createGunzip(options), bytes.subarray(at))
    if (content.length > 0) streams.push({ at, content })
  }
  return streams
}

const options = { chunkSize: 64, finishFlush: constants.Z_SYNC_FLUSH }

async function inflated(bytes: Buffer): Promise<Buffer> {
  try {
    return inflateSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })
  } catch {
    // Broken somewhere: what comes out before that counts too.
    return partOf(createInflate(options), bytes)
  }
}

function partOf(stream: Transform, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('error', () => resolve(Buffer.concat(chunks)))
    stream.on('end', () => resolve(Buffer.concat(chunks)))
    stream.end(bytes)
  })
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesUnder(path) : [path]
  })
}
