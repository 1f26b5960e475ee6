import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { decodePkts, decodeSideBand, flushPkt, pktLine, ProtocolError } from '#lib/git/pkt-line'
import {
  CommandLimitError,
  commandProblem,
  decodeReport,
  encodeReport,
  isCommandLimitError,
  parseReceivePackRequest,
  receivePackAnswer,
  type ReceivePackRequest,
} from '#lib/git/receive-pack'
import { zeroOid } from '#lib/git/refs'

const a = 'a'.repeat(40)
const b = 'b'.repeat(40)
const capabilities = ' report-status-v2 side-band-64k object-format=sha1 agent=git/2.39.5'

test('a push: commands, capabilities, and the pack behind them untouched, however the stream is cut', async () => {
  const pack = Buffer.from('PACK and what follows, 0000 included')
  const bytes = push([`${a} ${b} refs/heads/main`, `${zeroOid} ${b} refs/heads/größe`], capabilities, pack)
  for (const step of [1, 7, 64, bytes.length]) {
    const request = await parse(bytes, step)
    expect(request?.commands).toEqual([
      { oldOid: a, newOid: b, ref: 'refs/heads/main' },
      { oldOid: zeroOid, newOid: b, ref: 'refs/heads/größe' },
    ])
    expect(request?.capabilities).toEqual({
      reportStatus: true,
      sideBand64k: true,
      atomic: false,
      quiet: false,
      pushOptions: false,
      agent: 'git/2.39.5',
    })
    expect(await read(request?.pack)).toEqual(pack)
  }
})

test('a push that only deletes has no pack', async () => {
  const request = await parse(push([`${a} ${zeroOid} refs/heads/gone`], capabilities))
  expect(request?.commands).toHaveLength(1)
  expect(request?.pack).toBeNull()
})

test('the probe that git sends before a large POST asks for nothing', async () => {
  expect(await parse(flushPkt)).toBeNull()
  expect(await parse(Buffer.alloc(0))).toBeNull()
})

test('push options, shallow lines, atomic and quiet', async () => {
  const bytes = Buffer.concat([
    pktLine(`shallow ${a}`),
    pktLine(`${a} ${b} refs/heads/main\0 report-status atomic quiet push-options`),
    flushPkt,
    pktLine('ci.skip\n'),
    pktLine('reason=größer'),
    flushPkt,
    Buffer.from('PACK'),
  ])
  const request = await parse(bytes)
  expect(request).toMatchObject({
    shallow: [a],
    pushOptions: ['ci.skip', 'reason=größer'],
    capabilities: { reportStatus: true, sideBand64k: false, atomic: true, quiet: true, pushOptions: true, agent: null },
  })
  expect((await read(request?.pack)).toString()).toBe('PACK')
})

test('4,000 references are taken; 4,001 are heard out and refused, with all that an answer needs', async () => {
  const lines = Array.from({ length: 4_001 }, (_, index) => `${zeroOid} ${b} refs/heads/b${index}`)
  expect((await parse(push(lines.slice(1), capabilities), 65536, 4_000))?.commands).toHaveLength(4_000)
  const error = await parse(push(lines, capabilities, Buffer.from('PACK…')), 65536, 4_000).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(CommandLimitError)
  if (!isCommandLimitError(error)) throw new Error('not a CommandLimitError')
  expect(error).toMatchObject({ limit: 4_000, commandCount: 4_001, capabilities: { sideBand64k: true } })
  expect((await read(error.pack)).toString()).toBe('PACK…')
})

test.for([
  ['a signed push', Buffer.concat([pktLine('push-cert\0report-status'), pktLine('certificate version 0.1'), flushPkt])],
  ['no old oid', push([`${b} refs/heads/main`], '')],
  ['an oid in capitals', push([`${a.toUpperCase()} ${b} refs/heads/main`], '')],
  ['no ref', push([`${a} ${b} `], '')],
  ['a bad shallow line', Buffer.concat([pktLine('shallow x'), flushPkt])],
  ['another hash', push([`${a} ${b} refs/heads/main`], ' object-format=sha256')],
  ['a cut list of commands', pktLine(`${a} ${b} refs/heads/main\0`)],
  ['cut push options', push([`${a} ${b} refs/heads/main`], ' push-options')],
  ['a delimiter', Buffer.from('0001')],
  ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
] as const)('%s is refused', async ([, bytes]) => {
  await expect(parse(bytes)).rejects.toThrow(ProtocolError)
})

test('a ref outside refs/, or that git could not name, is funny', () => {
  const problem = (ref: string): string | null => commandProblem({ oldOid: a, newOid: b, ref })
  for (const ref of ['HEAD', 'main', 'refs', 'refs/', 'refs/heads/../../config', 'refs/heads/a b', 'refs/heads/x.lock', '/refs/heads/a']) {
    expect(problem(ref)).toBe('funny refname')
  }
  for (const ref of ['refs/heads/main', 'refs/tags/v1', 'refs/notes/commits', 'refs/stash']) expect(problem(ref)).toBeNull()
})

test('the report goes on band 1 and ends with two flushes: its own, and that of the bands', () => {
  const answer = receivePackAnswer({ reportStatus: true, sideBand64k: true })
  const report = { unpackError: null, refs: [{ ref: 'refs/heads/main', refused: null }, { ref: 'refs/heads/größe', refused: 'fetch first' }] }
  const [first, second] = decodePkts(answer.report(report))
  expect(second).toEqual({ type: 'flush' })
  const { channel, data } = decodeSideBand(first?.type === 'data' ? first.data : Buffer.alloc(0))
  expect(channel).toBe(1)
  expect(data.toString()).toBe('000eunpack ok\n0017ok refs/heads/main\n0026ng refs/heads/größe fetch first\n0000')
  expect(answer.progress('a\nb').toString()).toBe('0008\u0002a\nb')
  expect(answer.fatal('no').toString()).toBe('0008\u0003no\n0000')
})

test('a client without bands gets a bare report; one that wants no report gets none', () => {
  const report = { unpackError: 'early EOF\nsecond line', refs: [{ ref: 'refs/heads/a', refused: 'unpacker error' }] }
  const bare = receivePackAnswer({ reportStatus: true, sideBand64k: false })
  expect(bare.report(report).toString()).toBe('0021unpack early EOF second line\n0023ng refs/heads/a unpacker error\n0000')
  expect(bare.progress('x')).toHaveLength(0)
  expect(bare.fatal('no').toString()).toBe('000aERR no')
  expect(receivePackAnswer({ reportStatus: false, sideBand64k: true }).report(report).toString()).toBe('0000')
  expect(receivePackAnswer({ reportStatus: false, sideBand64k: false }).report(report)).toHaveLength(0)
})

test('a report of thousands of refs comes back whole', () => {
  const refs = Array.from({ length: 5_000 }, (_, index) => ({ ref: `refs/heads/${index}`, refused: index % 2 ? 'no, never' : null }))
  const lines = decodePkts(encodeReport({ unpackError: null, refs })).flatMap((pkt) => (pkt.type === 'data' ? [pkt.data] : []))
  expect(decodeReport(lines)).toEqual({ unpackError: null, refs })
  expect(() => decodeReport([])).toThrow(ProtocolError)
})

function push(commands: readonly string[], first: string, pack: Uint8Array = Buffer.alloc(0)): Buffer {
  const lines = commands.map((command, index) => pktLine(index === 0 ? `${command}\0${first}` : command))
  return Buffer.concat([...lines, flushPkt, pack])
}

async function parse(bytes: Buffer, step = bytes.length + 1, maxCommands = 4_000): Promise<ReceivePackRequest | null> {
  const chunks = Array.from({ length: Math.ceil(bytes.length / step) }, (_, at) => bytes.subarray(at * step, (at + 1) * step))
  return parseReceivePackRequest(Readable.from(chunks) as AsyncIterable<Buffer>, { maxCommands })
}

async function read(stream: Readable | null | undefined): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of (stream ?? []) as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
