import type { Readable } from 'node:stream'
import { decodeName, encodeName } from '#lib/git/name'
import {
  band,
  chomp,
  errorPkt,
  flushPkt,
  PktLineReader,
  pktLine,
  ProtocolError,
  sideBand,
} from '#lib/git/pkt-line'
import { isValidRefName, zeroOid } from '#lib/git/refs'

/** One wish of a push: `ref` is to go from `oldOid` to `newOid`; {@link zeroOid} stands for a ref that is not there. */
export type RefCommand = Readonly<{ oldOid: string; newOid: string; ref: string }>

/** What the client understands, of what was advertised. */
export type ReceivePackCapabilities = Readonly<{
  reportStatus: boolean
  sideBand64k: boolean
  /** All refs move or none does. */
  atomic: boolean
  /** The client wants no progress. Refusals and warnings are not progress. */
  quiet: boolean
  pushOptions: boolean
  agent: string | null
}>

export type ReceivePackRequest = Readonly<{
  commands: readonly RefCommand[]
  capabilities: ReceivePackCapabilities
  pushOptions: readonly string[]
  /** Commits at which the client's own history is cut off. */
  shallow: readonly string[]
  /** The pack, or null when refs are only deleted. Not consumed: its reader drains it before answering over HTTP. */
  pack: Readable | null
}>

/** The push has more commands than allowed. All of them were read, so an answer can be sent; the pack was not. */
export class CommandLimitError extends Error {
  override readonly name = 'CommandLimitError'
  readonly limit: number
  readonly commandCount: number
  readonly capabilities: ReceivePackCapabilities
  readonly pack: Readable | null

  constructor(request: { limit: number; commandCount: number; capabilities: ReceivePackCapabilities; pack: Readable | null }) {
    super(`more than ${request.limit} references in one push`)
    this.limit = request.limit
    this.commandCount = request.commandCount
    this.capabilities = request.capabilities
    this.pack = request.pack
  }
}

/** True for a {@link CommandLimitError} of any copy of this module. */
export function isCommandLimitError(error: unknown): error is CommandLimitError {
  return error instanceof Error && error.name === 'CommandLimitError' && 'commandCount' in error
}

/**
 * Reads a push up to its pack (gitprotocol-pack(5), "Reference Update Request").
 *
 * Null when nothing is asked: the lone flush with which git probes the server before a large POST, or an input that ends
 * before its first command. Throws {@link ProtocolError} for a malformed request, a push certificate (never offered) and
 * a list of push options above 64 KiB, and {@link CommandLimitError} above `maxCommands`.
 */
export async function parseReceivePackRequest(
  source: AsyncIterable<Uint8Array>,
  { maxCommands = Infinity }: { maxCommands?: number } = {},
): Promise<ReceivePackRequest | null> {
  const reader = new PktLineReader(source)
  const commands: RefCommand[] = []
  const shallow: string[] = []
  let capabilities: ReceivePackCapabilities | null = null
  let commandCount = 0
  let onlyDeletes = true

  for (;;) {
    const pkt = await reader.read()
    if (pkt === null) {
      if (commandCount === 0 && shallow.length === 0) return null
      throw new ProtocolError('the push ends inside its commands')
    }
    if (pkt.type === 'flush') break
    if (pkt.type !== 'data') throw new ProtocolError('unexpected packet among the commands of a push')

    const nul = pkt.data.indexOf(0)
    const line = chomp(nul === -1 ? pkt.data : pkt.data.subarray(0, nul))
    const text = line.toString('latin1')
    if (text.startsWith('shallow ')) {
      if (!/^shallow [0-9a-f]{40}$/.test(text)) throw new ProtocolError('expected an object ID')
      if (shallow.push(text.slice(8)) > maxShallow) throw new ProtocolError('too many shallow lines')
      continue
    }
    if (text === 'push-cert') throw new ProtocolError('push certificates are not accepted')
    if (!/^[0-9a-f]{40} [0-9a-f]{40} ./s.test(text)) throw new ProtocolError('expected old/new/ref')
    if (commandCount === 0) capabilities = parseCapabilities(nul === -1 ? '' : pkt.data.toString('utf8', nul + 1))
    commandCount++
    const command = { oldOid: text.slice(0, 40), newOid: text.slice(41, 81), ref: decodeName(line.subarray(82)) }
    onlyDeletes &&= command.newOid === zeroOid
    // Beyond the limit they are only counted: the client has to be heard out before it listens.
    if (commandCount <= maxCommands) commands.push(command)
  }
  if (capabilities === null) return null
  const pushOptions = capabilities.pushOptions ? await readPushOptions(reader) : []
  const pack = onlyDeletes ? null : reader.rest()
  if (commandCount > maxCommands) throw new CommandLimitError({ limit: maxCommands, commandCount, capabilities, pack })
  return { commands, capabilities, pushOptions, shallow, pack }
}

/**
 * Why git's own receive-pack would refuse a command before looking at any object, in its words; null if it would not.
 * What the repository allows beyond that is for its owner to say.
 */
export function commandProblem({ ref }: RefCommand): string | null {
  // A ref that others cannot check out or name on a command line must not get in: check-ref-format, and below refs/.
  return ref.startsWith('refs/') && isValidRefName(ref.slice('refs/'.length), { allowOneLevel: true })
    ? null
    : 'funny refname'
}

/** What became of a push: of its pack, and of each ref. */
export type ReceivePackReport = Readonly<{
  /** null: unpacked. Else what was wrong with the pack. */
  unpackError: string | null
  refs: readonly Readonly<{ ref: string; refused: string | null }>[]
}>

/**
 * Writes the answer to a push in the form that its client understands; each part is bytes for the client, in order:
 * progress as often as wanted, then a report or a fatal error, which ends it.
 */
export function receivePackAnswer({
  reportStatus,
  sideBand64k,
}: Pick<ReceivePackCapabilities, 'reportStatus' | 'sideBand64k'>): {
  /** Lines that git's user reads as `remote: …`; nothing for a client without a side band. */
  progress: (text: string | Uint8Array) => Buffer
  /** The outcome. */
  report: (report: ReceivePackReport) => Buffer
  /** `fatal: …` in place of an outcome. */
  fatal: (message: string) => Buffer
} {
  const end = sideBand64k ? flushPkt : Buffer.alloc(0)
  return {
    progress: (text) => (sideBand64k ? sideBand(band.progress, text) : Buffer.alloc(0)),
    report: (report) => {
      if (!reportStatus) return end
      const bytes = encodeReport(report)
      return sideBand64k ? Buffer.concat([sideBand(band.data, bytes), end]) : bytes
    },
    fatal: (message) => (sideBand64k ? Buffer.concat([sideBand(band.error, `${message}\n`), end]) : errorPkt(message)),
  }
}

/** The report itself (`unpack ok`, `ok <ref>`, `ng <ref> <reason>`), the same in both versions of report-status. */
export function encodeReport({ unpackError, refs }: ReceivePackReport): Buffer {
  const packets = [pktLine(`unpack ${unpackError === null ? 'ok' : oneLine(unpackError)}\n`)]
  for (const { ref, refused } of refs) {
    const name = encodeName(ref)
    packets.push(
      pktLine(
        refused === null
          ? Buffer.concat([Buffer.from('ok '), name, Buffer.from('\n')])
          : Buffer.concat([Buffer.from('ng '), name, Buffer.from(` ${oneLine(refused)}\n`)]),
      ),
    )
  }
  return Buffer.concat([...packets, flushPkt])
}

/** The inverse of {@link encodeReport}, from packets without side band. */
export function decodeReport(lines: readonly Uint8Array[]): ReceivePackReport {
  const [first, ...rest] = lines.map((line) => decodeName(chomp(line)))
  if (first?.startsWith('unpack ') !== true) throw new ProtocolError('a report begins with unpack')
  const unpack = first.slice('unpack '.length)
  return {
    unpackError: unpack === 'ok' ? null : unpack,
    refs: rest.map((line) => {
      const [, kind = '', ref = '', refused = ''] = /^(ok|ng) (\S+)(?: (.*))?$/s.exec(line) ?? []
      if (kind === '') throw new ProtocolError('expected ok or ng')
      return { ref, refused: kind === 'ok' ? null : refused }
    }),
  }
}

const maxShallow = 100_000
const maxPushOptionBytes = 64 * 1024

async function readPushOptions(reader: PktLineReader): Promise<string[]> {
  const options: string[] = []
  let bytes = 0
  for (;;) {
    const pkt = await reader.read()
    if (pkt?.type === 'flush') return options
    if (pkt?.type !== 'data') throw new ProtocolError('the push ends inside its options')
    bytes += pkt.data.length
    if (bytes > maxPushOptionBytes) throw new ProtocolError('the push options are too long')
    options.push(chomp(pkt.data).toString('utf8'))
  }
}

function parseCapabilities(text: string): ReceivePackCapabilities {
  const words = text.trim().split(/\s+/)
  const format = words.find((word) => word.startsWith('object-format='))
  if (format !== undefined && format !== 'object-format=sha1') {
    throw new ProtocolError('mismatched object format: server sha1')
  }
  return {
    reportStatus: words.includes('report-status') || words.includes('report-status-v2'),
    sideBand64k: words.includes('side-band-64k'),
    atomic: words.includes('atomic'),
    quiet: words.includes('quiet'),
    pushOptions: words.includes('push-options'),
    agent: words.find((word) => word.startsWith('agent='))?.slice('agent='.length) ?? null,
  }
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ').trim()
}
