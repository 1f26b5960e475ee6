import { decodeName, encodeName } from '#lib/git/name'
import { chomp, flushPkt, pktLine, pktText, ProtocolError, type PktLineReader } from '#lib/git/pkt-line'
import { headRef, sortedRefs, type Ref, type Refs } from '#lib/git/refs'

/** One request of protocol 2. */
export type V2Request = Readonly<{
  /** Only what {@link file://./advertise.ts} offers: anything else was refused while parsing. */
  command: 'ls-refs' | 'fetch' | 'object-info'
  /** `agent=…`, `object-format=…`, `server-option=…`, as sent. */
  capabilities: readonly string[]
  /** The command's own lines, without their line feeds. */
  args: readonly Buffer[]
  /** The request as received, flush included, to be replayed into git. */
  raw: Buffer
}>

/**
 * Reads one request. Null when the client has nothing more to ask (the end of the input, or a lone flush).
 * Throws {@link ProtocolError} for what git's own serve.c refuses, and for more than `maxBytes` (32 MiB unless told).
 */
export async function parseV2Request(
  reader: PktLineReader,
  { maxBytes = 32 * 1024 * 1024 }: { maxBytes?: number } = {},
): Promise<V2Request | null> {
  reader.record(maxBytes)
  const capabilities: string[] = []
  const args: Buffer[] = []
  let command: V2Request['command'] | null = null
  let inArguments = false

  for (;;) {
    const pkt = await reader.read()
    if (pkt === null) {
      if (command === null && capabilities.length === 0) return null
      throw new ProtocolError('the request ends before its flush')
    }
    if (pkt.type === 'flush') break
    if (pkt.type === 'response-end') throw new ProtocolError('unexpected response end packet')
    if (pkt.type === 'delim') {
      if (inArguments) throw new ProtocolError('unexpected delimiter packet')
      inArguments = true
    } else if (inArguments) {
      args.push(chomp(pkt.data))
    } else {
      const line = pktText(pkt.data)
      if (line.startsWith('command=')) {
        if (command !== null) throw new ProtocolError('a second command in one request')
        command = commandNamed(line.slice('command='.length))
      } else {
        checkCapability(line)
        capabilities.push(line)
      }
    }
  }
  const raw = reader.recorded()
  if (command === null) {
    if (capabilities.length === 0 && !inArguments) return null
    throw new ProtocolError('no command requested')
  }
  return { command, capabilities, args, raw }
}

/** Answers `ls-refs` from the refs alone. Throws {@link ProtocolError} for an argument that git does not know either. */
export function answerLsRefs(refs: Refs, request: Pick<V2Request, 'args'>): Buffer {
  const { peel, symrefs, unborn, prefixes } = lsRefsArguments(request.args)
  const wanted = (name: string): boolean => {
    if (prefixes.length === 0) return true
    const bytes = encodeName(name)
    return prefixes.some((prefix) => bytes.subarray(0, prefix.length).equals(prefix))
  }
  const packets: Buffer[] = []
  const say = (oid: string, name: string, attributes: string): void => {
    if (wanted(name)) packets.push(pktLine(Buffer.concat([Buffer.from(`${oid} `), encodeName(`${name}${attributes}\n`)])))
  }
  const peeled = (ref: Ref): string => (peel && ref.peeled !== undefined ? ` peeled:${ref.peeled}` : '')

  const head = headRef(refs)
  const target = symrefs && refs.head !== null ? ` symref-target:${refs.head}` : ''
  if (head !== null) say(head.oid, 'HEAD', target + peeled(head))
  else if (unborn && target !== '') say('unborn', 'HEAD', target)
  for (const [name, ref] of sortedRefs(refs)) say(ref.oid, name, peeled(ref))
  return Buffer.concat([...packets, flushPkt])
}

function lsRefsArguments(args: readonly Buffer[]): {
  peel: boolean
  symrefs: boolean
  unborn: boolean
  prefixes: Buffer[]
} {
  const found = { peel: false, symrefs: false, unborn: false, prefixes: [] as Buffer[] }
  const prefix = Buffer.from('ref-prefix ')
  for (const arg of args) {
    const text = decodeName(arg)
    if (text === 'peel') found.peel = true
    else if (text === 'symrefs') found.symrefs = true
    else if (text === 'unborn') found.unborn = true
    else if (arg.subarray(0, prefix.length).equals(prefix)) found.prefixes.push(arg.subarray(prefix.length))
    else throw new ProtocolError('unexpected argument of ls-refs')
  }
  // As git: beyond this many the filter costs more than it saves, and the client filters anyway.
  if (found.prefixes.length >= 65_536) found.prefixes = []
  return found
}

function commandNamed(name: string): V2Request['command'] {
  if (name === 'ls-refs' || name === 'fetch' || name === 'object-info') return name
  throw new ProtocolError('invalid command')
}

function checkCapability(line: string): void {
  const [name = '', value = ''] = line.split(/=(.*)/s)
  if (name === 'object-format' && value !== 'sha1') {
    throw new ProtocolError('mismatched object format: server sha1')
  }
  if (!['agent', 'server-option', 'object-format', 'session-id'].includes(name)) {
    throw new ProtocolError('unknown capability')
  }
}
