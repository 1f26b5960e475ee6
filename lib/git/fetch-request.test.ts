import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { parseV0Fetch, parseV2Fetch, type FetchRequest } from '#lib/git/fetch-request'
import { parseV2Request } from '#lib/git/ls-refs'
import { delimPkt, flushPkt, PktLineReader, pktLine, ProtocolError } from '#lib/git/pkt-line'

const a = 'a'.repeat(40)
const b = 'b'.repeat(40)
const c = 'c'.repeat(40)

test('a fetch of protocol 2 with everything git can ask', async () => {
  const request = await v2([
    ...['thin-pack', 'no-progress', 'include-tag', 'ofs-delta', `want ${b}`, `want ${a}`, `have ${c}`, `shallow ${c}`],
    ...['deepen 3', 'deepen-relative', 'deepen-since 1700000000', 'deepen-not refs/heads/old', 'filter blob:none', 'done'],
  ])
  expect(request).toMatchObject({
    protocol: 2,
    wants: [a, b],
    haves: [c],
    done: true,
    shallow: [c],
    depth: 3,
    deepenRelative: true,
    deepenSince: 1_700_000_000,
    deepenNot: ['refs/heads/old'],
    filter: 'blob:none',
    capabilities: ['include-tag', 'no-progress', 'object-format=sha1', 'ofs-delta', 'thin-pack'],
  })
})

test('who asks, and in which order, makes no difference to the key', async () => {
  const first = await v2([`want ${a}`, `want ${b}`, 'done'], ['agent=git/2.39.5', 'session-id=1'])
  const second = await v2([`want ${b}`, `want ${a}`, `want ${a}`, 'done'], ['agent=git/2.51.0-Linux', 'session-id=2'])
  expect(second.key).toBe(first.key)
  expect(second.raw.equals(first.raw)).toBe(false)
  expect(first.capabilities.join()).not.toContain('agent')
})

test('whatever changes the answer changes the key', async () => {
  const base = [`want ${a}`, 'done']
  const keys = await Promise.all(
    [
      base,
      [`want ${b}`, 'done'],
      [`want ${a}`],
      [...base, `have ${b}`],
      [...base, `shallow ${b}`],
      [...base, 'deepen 1'],
      [...base, 'deepen 2'],
      [...base, 'deepen 1', 'deepen-relative'],
      [...base, 'deepen-since 1'],
      [...base, 'deepen-not refs/heads/x'],
      [...base, 'filter blob:none'],
      [...base, 'filter tree:0'],
      [...base, 'ofs-delta'],
      [...base, 'thin-pack'],
      [...base, 'no-progress'],
      [...base, 'include-tag'],
      [...base, 'wait-for-done'],
    ].map(async (args) => (await v2(args)).key),
  )
  expect(new Set(keys).size).toBe(keys.length)
  expect((await v0(`want ${a} side-band-64k`, null, 'done')).key).not.toBe(keys[0])
  expect((await v0(`want ${a} side-band-64k`, null, 'done')).key).not.toBe((await v0(`want ${a} side-band`, null, 'done')).key)
})

test('a request of protocol 0, as smart HTTP sends it', async () => {
  const capabilities = 'multi_ack_detailed no-done side-band-64k thin-pack ofs-delta deepen-since deepen-not agent=git/2.39.5'
  const request = await v0(
    ...[`want ${a} ${capabilities}`, `want ${b}`, `shallow ${c}`, 'deepen 2', 'filter tree:0', null],
    ...[`have ${c}`, null, 'done'],
  )
  expect(request).toMatchObject({ protocol: 0, wants: [a, b], haves: [c], shallow: [c], depth: 2, filter: 'tree:0', done: true })
  expect(request.capabilities).toContain('multi_ack_detailed')
  expect(request.capabilities.join()).not.toContain('agent')
  expect((await v0(`want ${a} deepen-relative`, null)).deepenRelative).toBe(true)
})

test('a body that asks for nothing is nothing', async () => {
  expect(await parseV0Fetch(reader(flushPkt))).toBeNull()
  expect(await parseV0Fetch(reader(Buffer.alloc(0)))).toBeNull()
})

test.for([[`want ${a.slice(1)}`], ['want HEAD'], [`have ${a}x`], ['deepen x'], ['deepen -1'], ['gimme'], ['']])(
  'the line %j is refused',
  async ([line = '']) => {
    await expect(v2([line])).rejects.toThrow(ProtocolError)
    await expect(v0(`want ${a}`, line)).rejects.toThrow(ProtocolError)
  },
)

async function v2(args: readonly string[], capabilities = ['agent=git/2.39.5']): Promise<FetchRequest> {
  const bytes = Buffer.concat([
    ...['command=fetch', ...capabilities, 'object-format=sha1'].map((line) => pktLine(line)),
    delimPkt,
    ...args.map((arg) => pktLine(`${arg}\n`)),
    flushPkt,
  ])
  const request = await parseV2Request(reader(bytes))
  if (request === null) throw new Error('no request')
  expect(parseV2Fetch(request).raw.equals(bytes)).toBe(true)
  return parseV2Fetch(request)
}

async function v0(...lines: readonly (string | null)[]): Promise<FetchRequest> {
  const bytes = Buffer.concat(lines.map((line) => (line === null ? flushPkt : pktLine(`${line}\n`))))
  const request = await parseV0Fetch(reader(bytes))
  if (request === null) throw new Error('no request')
  expect(request.raw.equals(bytes)).toBe(true)
  return request
}

function reader(bytes: Buffer): PktLineReader {
  return new PktLineReader(Readable.from([bytes]) as AsyncIterable<Buffer>)
}
