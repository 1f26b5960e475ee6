import { Readable } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  band,
  chomp,
  decodePkts,
  decodeSideBand,
  delimPkt,
  errorPkt,
  flushPkt,
  maxPktData,
  PktLineReader,
  pktLine,
  pktText,
  ProtocolError,
  responseEndPkt,
  sideBand,
  sideBandEncoder,
  type Pkt,
} from '#lib/git/pkt-line'

test('the examples of gitprotocol-common', () => {
  expect(pktLine('a\n').toString()).toBe('0006a\n')
  expect(pktLine('a').toString()).toBe('0005a')
  expect(pktLine('foobar\n').toString()).toBe('000bfoobar\n')
  expect(pktLine('').toString()).toBe('0004')
  expect(errorPkt('no').toString()).toBe('000aERR no')
})

test('packets come back as they went, cut into chunks anywhere, and the rest raw', async () => {
  const packet = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((data): Pkt => ({ type: 'data', data: Buffer.from(data) })),
    fc.constantFrom<Pkt>({ type: 'flush' }, { type: 'delim' }, { type: 'response-end' }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(packet), fc.uint8Array({ maxLength: 500 }), fc.integer({ min: 1, max: 40 }), async (sent, tail, step) => {
      const bytes = Buffer.concat([...sent.map(encode), tail])
      const chunks = Array.from({ length: Math.ceil(bytes.length / step) }, (_, index) =>
        bytes.subarray(index * step, (index + 1) * step),
      )
      const reader = new PktLineReader(Readable.from(chunks) as AsyncIterable<Buffer>)
      reader.record(1_000_000)
      for (const pkt of sent) expect(await reader.read()).toEqual(pkt)
      expect(reader.recorded().equals(bytes.subarray(0, bytes.length - tail.length))).toBe(true)
      expect(Buffer.concat(await collect(reader.rest())).equals(Buffer.from(tail))).toBe(true)
      expect(decodePkts(Buffer.concat(sent.map(encode)))).toEqual(sent)
    }),
  )
})

test('a wrong length is refused: not hexadecimal, 0003, above 65520, cut off', async () => {
  for (const text of ['zzzz', '00 5a', '-005a', '0003', 'fff1', '0009abc', '00']) {
    await expect(readAll(text)).rejects.toThrow(ProtocolError)
    expect(() => decodePkts(Buffer.from(text + (text === 'fff1' ? 'x'.repeat(70000) : '')))).toThrow(ProtocolError)
  }
  expect(() => pktLine(Buffer.alloc(maxPktData + 1))).toThrow('at most 65516')
  expect(pktLine(Buffer.alloc(maxPktData)).toString('latin1', 0, 4)).toBe('fff0')
})

test('a request longer than the recording may be is refused while it arrives', async () => {
  const reader = new PktLineReader(Readable.from([pktLine('x'.repeat(60)), pktLine('x'.repeat(60))]) as AsyncIterable<Buffer>)
  reader.record(100)
  await reader.read()
  await expect(reader.read()).rejects.toThrow('longer than 100 bytes')
})

test('a large output goes over a band in packets of the largest size, and comes back whole', () => {
  const data = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index & 0xff))
  for (const [kind, largest] of [['side-band-64k', 65520], ['side-band', 1000]] as const) {
    const bytes = sideBand(band.progress, data, kind)
    expect(Number.parseInt(bytes.toString('latin1', 0, 4), 16)).toBe(largest)
    const parts = decodePkts(bytes).map((pkt) => decodeSideBand(pkt.type === 'data' ? pkt.data : Buffer.alloc(0)))
    expect(parts.every(({ channel }) => channel === band.progress)).toBe(true)
    expect(Buffer.concat(parts.map((part) => part.data)).equals(data)).toBe(true)
  }
  expect(sideBand(band.data, '')).toHaveLength(0)
  expect(() => decodeSideBand(Buffer.from([4, 65]))).toThrow(ProtocolError)
  expect(() => decodeSideBand(Buffer.alloc(0))).toThrow(ProtocolError)
})

test('a stream goes through a band encoder chunk by chunk', async () => {
  const out = Readable.from([Buffer.from('ab'), Buffer.from('c')]).pipe(sideBandEncoder(band.data))
  expect(Buffer.concat(await collect(out)).toString()).toBe('0007\u0001ab0006\u0001c')
})

test('a line feed at the end is no part of the text; one before it is', () => {
  expect(pktText(Buffer.from('done\n'))).toBe('done')
  expect(chomp(Buffer.from('a\n\n')).toString()).toBe('a\n')
})

function encode(pkt: Pkt): Buffer {
  if (pkt.type === 'data') return pktLine(pkt.data)
  return { flush: flushPkt, delim: delimPkt, 'response-end': responseEndPkt }[pkt.type]
}

async function readAll(text: string): Promise<void> {
  const reader = new PktLineReader(Readable.from([Buffer.from(text)]) as AsyncIterable<Buffer>)
  while ((await reader.read()) !== null);
}

async function collect(stream: Readable): Promise<Buffer[]> {
  const chunks: Buffer[] = []
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk)
  return chunks
}
