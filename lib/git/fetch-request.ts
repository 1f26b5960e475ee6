import { createHash } from 'node:crypto'
import type { V2Request } from '#lib/git/ls-refs'
import { pktText, ProtocolError, type PktLineReader } from '#lib/git/pkt-line'
import { isOid } from '#lib/git/refs'

/** What a client asks of upload-pack. */
export type FetchRequest = Readonly<{
  /** 2, or 0 for the protocols 0 and 1, which ask alike. */
  protocol: 0 | 2
  wants: readonly string[]
  haves: readonly string[]
  /** The client will not negotiate further: a pack is the answer. */
  done: boolean
  /** The client's own shallow commits. */
  shallow: readonly string[]
  /** `--depth`: commits from each tip; null for no limit. */
  depth: number | null
  /** `--shallow-since`, Unix seconds. */
  deepenSince: number | null
  /** `--shallow-exclude`: refs. */
  deepenNot: readonly string[]
  /** `--deepen`: the depth counts from the client's present boundary. */
  deepenRelative: boolean
  /** `blob:none`, `tree:0`…; null for everything. */
  filter: string | null
  /** What else shapes the answer (`thin-pack`, `no-progress`, `side-band-64k`…), sorted. */
  capabilities: readonly string[]
  /**
   * The same for requests that git answers alike from the same refs: a SHA-256 (hex) over everything above, sorted. Who
   * asks with what (`agent=`, `session-id=`) is no part of it.
   */
  key: string
  /** The request as received, to be replayed into git. */
  raw: Buffer
}>

/** Understands a `fetch` of protocol 2. Throws {@link ProtocolError} for a line that git would refuse. */
export function parseV2Fetch(request: V2Request): FetchRequest {
  const found = empty()
  for (const capability of request.capabilities) addCapability(found, capability)
  for (const arg of request.args) {
    const line = arg.toString('utf8')
    if (line === 'done') found.done = true
    else if (line === 'deepen-relative') found.deepenRelative = true
    else if (plainArguments.has(line)) found.capabilities.add(line)
    else if (!addLine(found, line)) throw new ProtocolError('unexpected argument of fetch')
  }
  return finish(2, found, request.raw)
}

/**
 * Reads a whole request of protocol 0 or 1 as smart HTTP sends it: wants, shallow and depth lines, flush, haves, `done`
 * or flush, end of input. Null for an empty body. Throws {@link ProtocolError} as git would, and above `maxBytes`.
 */
export async function parseV0Fetch(reader: PktLineReader, options: { maxBytes?: number } = {}): Promise<FetchRequest | null> {
  return parseV0(reader, { ...options, until: 'end' })
}

/**
 * Reads how a conversation of protocol 0 or 1 begins (SSH): wants, shallow and depth lines, up to their flush. The haves
 * are still to come: `haves` is empty and `done` false. Null for a client that has all it wants, or only looked at the refs.
 */
export async function parseV0Wants(reader: PktLineReader, options: { maxBytes?: number } = {}): Promise<FetchRequest | null> {
  return parseV0(reader, { ...options, until: 'flush' })
}

async function parseV0(
  reader: PktLineReader,
  { maxBytes = 32 * 1024 * 1024, until }: { maxBytes?: number; until: 'end' | 'flush' },
): Promise<FetchRequest | null> {
  reader.record(maxBytes)
  const found = empty()
  for (;;) {
    const pkt = await reader.read()
    if (pkt === null) break
    if (pkt.type === 'flush' && until === 'flush') break
    if (pkt.type === 'flush') continue
    if (pkt.type !== 'data') throw new ProtocolError('unexpected packet in a request of protocol 0')
    addV0Line(found, pktText(pkt.data))
  }
  const raw = reader.recorded()
  return found.wants.size === 0 ? null : finish(0, found, raw)
}

function addV0Line(found: Found, line: string): void {
  if (line === 'done') {
    found.done = true
  } else if (line.startsWith('want ') && line.length > 45) {
    if (found.wants.size > 0) throw new ProtocolError('capabilities after the first want')
    addLine(found, line.slice(0, 45))
    for (const capability of line.slice(45).split(' ')) {
      if (capability === 'deepen-relative') found.deepenRelative = true
      else if (capability !== '') addCapability(found, capability)
    }
  } else if (!addLine(found, line)) {
    throw new ProtocolError('unexpected line in a request of protocol 0')
  }
}

type Found = {
  wants: Set<string>
  haves: Set<string>
  shallow: Set<string>
  deepenNot: Set<string>
  capabilities: Set<string>
  done: boolean
  deepenRelative: boolean
  depth: number | null
  deepenSince: number | null
  filter: string | null
}

const plainArguments = new Set(['thin-pack', 'no-progress', 'include-tag', 'ofs-delta', 'sideband-all', 'wait-for-done'])

function empty(): Found {
  return {
    wants: new Set(),
    haves: new Set(),
    shallow: new Set(),
    deepenNot: new Set(),
    capabilities: new Set(),
    done: false,
    deepenRelative: false,
    depth: null,
    deepenSince: null,
    filter: null,
  }
}

function addCapability(found: Found, capability: string): void {
  if (!/^(agent|session-id)=/.test(capability)) found.capabilities.add(capability)
}

/** Takes a line that both protocols have; false if it is none. */
function addLine(found: Found, line: string): boolean {
  const space = line.indexOf(' ')
  const value = line.slice(space + 1)
  switch (line.slice(0, space)) {
    case 'want':
      found.wants.add(oid(value))
      return true
    case 'have':
      found.haves.add(oid(value))
      return true
    case 'shallow':
      found.shallow.add(oid(value))
      return true
    case 'deepen':
      found.depth = number(value)
      return true
    case 'deepen-since':
      found.deepenSince = number(value)
      return true
    case 'deepen-not':
      found.deepenNot.add(value)
      return true
    case 'filter':
      found.filter = value
      return true
    default:
      return false
  }
}

function oid(text: string): string {
  if (!isOid(text)) throw new ProtocolError('expected an object ID')
  return text
}

function number(text: string): number {
  if (!/^[0-9]{1,15}$/.test(text)) throw new ProtocolError('expected a number')
  return Number(text)
}

function finish(protocol: 0 | 2, found: Found, raw: Buffer): FetchRequest {
  const request = {
    protocol,
    wants: [...found.wants].sort(),
    haves: [...found.haves].sort(),
    done: found.done,
    shallow: [...found.shallow].sort(),
    depth: found.depth,
    deepenSince: found.deepenSince,
    deepenNot: [...found.deepenNot].sort(),
    deepenRelative: found.deepenRelative,
    filter: found.filter,
    capabilities: [...found.capabilities].sort(),
  }
  const key = createHash('sha256').update(JSON.stringify(request)).digest('hex')
  return { ...request, key, raw }
}
