import { Readable, Transform, type TransformCallback } from 'node:stream'

/** One packet of git's wire format (gitprotocol-common(5)): a line of data, or one of the three markers. */
export type Pkt =
  | Readonly<{ type: 'data'; data: Buffer }>
  | Readonly<{ type: 'flush' }>
  | Readonly<{ type: 'delim' }>
  | Readonly<{ type: 'response-end' }>

/** Longest data of one packet: 65520 with its four length digits. */
export const maxPktData = 65516

/** `0000`: the end of a section. */
export const flushPkt: Buffer = Buffer.from('0000')
/** `0001`: between the sections of one v2 message. */
export const delimPkt: Buffer = Buffer.from('0001')
/** `0002`: the end of a v2 response over a stateless transport. */
export const responseEndPkt: Buffer = Buffer.from('0002')

/** The peer broke the protocol: the message says what was wrong, without repository data. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
}

/** True for a {@link ProtocolError} of any copy of this module. */
export function isProtocolError(error: unknown): error is ProtocolError {
  return error instanceof Error && error.name === 'ProtocolError'
}

/** One packet of data. Throws for more than {@link maxPktData} bytes. */
export function pktLine(data: string | Uint8Array): Buffer {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data
  if (bytes.length > maxPktData) throw new Error(`a packet holds at most ${maxPktData} bytes, not ${bytes.length}`)
  const packet = Buffer.allocUnsafe(bytes.length + 4)
  packet.write((bytes.length + 4).toString(16).padStart(4, '0'), 0, 'latin1')
  packet.set(bytes, 4)
  return packet
}

/** An error that git shows to its user as `fatal: remote error: …` wherever the protocol allows a packet. */
export function errorPkt(message: string): Buffer {
  return pktLine(`ERR ${message}`.slice(0, 16_000))
}

/** Packets from a buffer that holds whole ones. Throws {@link ProtocolError} where it does not. */
export function decodePkts(bytes: Uint8Array): Pkt[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const packets: Pkt[] = []
  for (let at = 0; at < buffer.length; ) {
    const found = pktAt(buffer, at)
    if (found === null) throw new ProtocolError('the input ends inside a packet')
    packets.push(found.pkt)
    at = found.end
  }
  return packets
}

/** The text of a packet without the line feed that most of them end with. */
export function pktText(data: Uint8Array): string {
  return chomp(data).toString('utf8')
}

/** The data of a packet without the line feed that most of them end with. */
export function chomp(data: Uint8Array): Buffer {
  const end = data[data.length - 1] === 0x0a ? data.length - 1 : data.length
  return Buffer.from(data.buffer, data.byteOffset, end)
}

/**
 * Reads packets from a stream, and then hands back the rest of it raw (the pack after the commands of a push).
 *
 * Holds at most one packet and one chunk of the source. Every byte read as a packet can be kept for a replay (`recorded`).
 */
export class PktLineReader {
  readonly #source: AsyncIterator<Uint8Array>
  #buffered: Buffer = Buffer.alloc(0)
  #recording: Buffer[] | null = null
  #recordedBytes = 0
  #recordLimit = 0

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** The next packet, or null at the end of the input. Throws {@link ProtocolError} for a bad length or a cut packet. */
  async read(): Promise<Pkt | null> {
    for (;;) {
      const found = pktAt(this.#buffered, 0)
      if (found !== null) {
        this.#record(this.#buffered.subarray(0, found.end))
        this.#buffered = this.#buffered.subarray(found.end)
        return found.pkt
      }
      if (!(await this.#more())) {
        if (this.#buffered.length > 0) throw new ProtocolError('the input ends inside a packet')
        return null
      }
    }
  }

  /** Starts keeping the bytes of the packets read; more than `limit` of them is a {@link ProtocolError}. */
  record(limit: number): void {
    this.#recording = []
    this.#recordedBytes = 0
    this.#recordLimit = limit
  }

  /** The bytes of the packets read since {@link record}, exactly as received; ends the recording. */
  recorded(): Buffer {
    const bytes = Buffer.concat(this.#recording ?? [])
    this.#recording = null
    return bytes
  }

  /** True if the input holds nothing more. */
  async atEnd(): Promise<boolean> {
    return this.#buffered.length === 0 && !(await this.#more())
  }

  /** What follows the packets read so far, raw and with backpressure. The reader is of no use afterwards. */
  rest(): Readable {
    const source = this.#source
    const first = this.#buffered
    this.#buffered = Buffer.alloc(0)
    async function* bytes(): AsyncGenerator<Uint8Array> {
      if (first.length > 0) yield first
      for (;;) {
        const next = await source.next()
        if (next.done === true) return
        if (next.value.length > 0) yield next.value
      }
    }
    return Readable.from(bytes(), { objectMode: false, highWaterMark: 256 * 1024 })
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next()
    if (next.done === true) return false
    const chunk = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.length)
    this.#buffered = this.#buffered.length === 0 ? chunk : Buffer.concat([this.#buffered, chunk])
    return true
  }

  #record(bytes: Buffer): void {
    if (this.#recording === null) return
    this.#recordedBytes += bytes.length
    if (this.#recordedBytes > this.#recordLimit) {
      throw new ProtocolError(`the request is longer than ${this.#recordLimit} bytes`)
    }
    this.#recording.push(bytes)
  }
}

/** The bands of a multiplexed answer: what was asked for, progress for the user, a fatal error. */
export const band = { data: 1, progress: 2, error: 3 } as const
export type Band = (typeof band)[keyof typeof band]

/** Longest data of one packet on a band: `side-band-64k`, and the older `side-band`. */
export const maxBandData = { 'side-band-64k': 65515, 'side-band': 995 } as const
export type SideBandKind = keyof typeof maxBandData

/** `data` on a band, in as many packets as it takes. No data, no packet. */
export function sideBand(channel: Band, data: string | Uint8Array, kind: SideBandKind = 'side-band-64k'): Buffer {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data
  const packets: Buffer[] = []
  for (let at = 0; at < bytes.length; at += maxBandData[kind]) {
    const chunk = bytes.subarray(at, at + maxBandData[kind])
    const packet = Buffer.allocUnsafe(chunk.length + 5)
    packet.write((chunk.length + 5).toString(16).padStart(4, '0'), 0, 'latin1')
    packet[4] = channel
    packet.set(chunk, 5)
    packets.push(packet)
  }
  return packets.length === 1 && packets[0] !== undefined ? packets[0] : Buffer.concat(packets)
}

/** The band and data of a packet from {@link sideBand}. Throws {@link ProtocolError} for a band that does not exist. */
export function decodeSideBand(data: Uint8Array): { channel: Band; data: Buffer } {
  const channel = data[0]
  if (channel !== band.data && channel !== band.progress && channel !== band.error) {
    throw new ProtocolError('no such side-band channel')
  }
  return { channel, data: Buffer.from(data.buffer, data.byteOffset + 1, data.length - 1) }
}

/** A stream that puts whatever passes on a band. Ends without a flush: what follows is the caller's to say. */
export function sideBandEncoder(channel: Band, kind: SideBandKind = 'side-band-64k'): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback) {
      callback(null, sideBand(channel, chunk, kind))
    },
  })
}

function pktAt(buffer: Buffer, at: number): { pkt: Pkt; end: number } | null {
  if (buffer.length - at < 4) return null
  const digits = buffer.toString('latin1', at, at + 4)
  if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new ProtocolError('bad line length character')
  const length = Number.parseInt(digits, 16)
  switch (length) {
    case 0:
      return { pkt: { type: 'flush' }, end: at + 4 }
    case 1:
      return { pkt: { type: 'delim' }, end: at + 4 }
    case 2:
      return { pkt: { type: 'response-end' }, end: at + 4 }
    case 3:
      throw new ProtocolError('bad line length 3')
  }
  if (length > maxPktData + 4) throw new ProtocolError(`bad line length ${length}`)
  if (buffer.length - at < length) return null
  return { pkt: { type: 'data', data: buffer.subarray(at + 4, at + length) }, end: at + length }
}
