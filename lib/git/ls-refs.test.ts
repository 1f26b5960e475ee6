import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { uploadPack } from '#lib/git/service'
import { answerLsRefs, parseV2Request, type V2Request } from '#lib/git/ls-refs'
import { delimPkt, flushPkt, PktLineReader, pktLine, ProtocolError } from '#lib/git/pkt-line'
import { TestRepository } from '#lib/git/test-repository'

const questions: readonly (readonly string[])[] = [
  [],
  ['peel'],
  ['symrefs'],
  ['peel', 'symrefs', 'unborn'],
  ['peel', 'symrefs', 'ref-prefix HEAD', 'ref-prefix refs/heads/'],
  ['unborn', 'ref-prefix refs/tags/'],
  ['peel', 'ref-prefix refs/tags/', 'ref-prefix refs/heads/a', 'ref-prefix refs/heads/'],
  ['symrefs', 'unborn', 'ref-prefix HEAD'],
  ['ref-prefix refs/heads/größe'],
  ['ref-prefix nothing'],
]

test.for(questions)('ls-refs with %j is answered as git answers it, in a full, an empty and an unborn repository', async (args) => {
  for (const kind of ['full', 'empty', 'unborn'] as const) {
    using repository = new TestRepository()
    if (kind !== 'empty') {
      repository.commit('one')
      repository.git('tag', '-a', '-m', 'first', 'v1')
      repository.git('tag', 'light')
      for (const name of ['größe', '\u{1F389}', '\uFF5E', 'a/b', 'a-b']) repository.git('branch', name)
    }
    if (kind === 'unborn') repository.git('symbolic-ref', 'HEAD', 'refs/heads/not-yet')
    const bytes = request('ls-refs', args)
    const parsed = await parse(bytes)
    expect(parsed?.command).toBe('ls-refs')
    expect(answerLsRefs(repository.refs(), parsed ?? never()).toString()).toBe(await askGit(repository, bytes))
  }
})

test('a request is kept as received, so that a fetch can be replayed into git', async () => {
  const bytes = request('fetch', ['want ' + 'a'.repeat(40), 'done'], ['agent=git/2.39.5', 'object-format=sha1'])
  const reader = new PktLineReader(Readable.from([bytes, request('ls-refs', ['peel'])]) as AsyncIterable<Buffer>)
  const first = await parseV2Request(reader)
  expect(first?.raw.equals(bytes)).toBe(true)
  expect(first?.capabilities).toEqual(['agent=git/2.39.5', 'object-format=sha1'])
  expect(first?.args.map(String)).toEqual(['want ' + 'a'.repeat(40), 'done'])
  expect((await parseV2Request(reader))?.command).toBe('ls-refs')
  expect(await parseV2Request(reader)).toBeNull()
})

test('a command without arguments, and a lone flush', async () => {
  expect((await parse(Buffer.concat([pktLine('command=ls-refs\n'), flushPkt])))?.args).toEqual([])
  expect(await parse(flushPkt)).toBeNull()
  expect(await parse(Buffer.alloc(0))).toBeNull()
})

test.for([
  ['an unknown command', Buffer.concat([pktLine('command=push\n'), flushPkt])],
  ['a property of every object', Buffer.concat([pktLine('command=constructor\n'), flushPkt])],
  ['two commands', Buffer.concat([pktLine('command=fetch'), pktLine('command=ls-refs'), flushPkt])],
  ['no command', Buffer.concat([pktLine('agent=x'), flushPkt])],
  ['only a delimiter', Buffer.concat([delimPkt, flushPkt])],
  ['a capability that was not offered', Buffer.concat([pktLine('command=fetch'), pktLine('turbo'), flushPkt])],
  ['another hash', Buffer.concat([pktLine('command=fetch'), pktLine('object-format=sha256'), flushPkt])],
  ['a request cut off', pktLine('command=fetch')],
  ['two delimiters', Buffer.concat([pktLine('command=fetch'), delimPkt, delimPkt, flushPkt])],
] as const)('%s is refused, as git refuses it', async ([, bytes]) => {
  await expect(parse(bytes)).rejects.toThrow(ProtocolError)
  using repository = new TestRepository()
  await expect(askGit(repository, bytes)).rejects.toThrow('upload-pack exited with 128')
})

test('an unknown argument of ls-refs, and a request of endless length, are refused', async () => {
  const refs = { head: null, refs: new Map() }
  expect(() => answerLsRefs(refs, { args: [Buffer.from('everything')] })).toThrow(ProtocolError)
  const long = request('ls-refs', Array.from({ length: 200 }, (_, index) => `ref-prefix refs/heads/${index}`))
  const reader = new PktLineReader(Readable.from([long]) as AsyncIterable<Buffer>)
  await expect(parseV2Request(reader, { maxBytes: 1000 })).rejects.toThrow('longer than 1000 bytes')
})

function request(command: string, args: readonly string[], capabilities: readonly string[] = []): Buffer {
  return Buffer.concat([
    ...[`command=${command}`, ...capabilities].map((line) => pktLine(`${line}\n`)),
    delimPkt,
    ...args.map((arg) => pktLine(`${arg}\n`)),
    flushPkt,
  ])
}

async function parse(bytes: Buffer): Promise<V2Request | null> {
  return parseV2Request(new PktLineReader(Readable.from([bytes]) as AsyncIterable<Buffer>))
}

async function askGit(repository: TestRepository, bytes: Buffer): Promise<string> {
  const { stdout, done } = uploadPack({
    gitDir: repository.gitDir,
    protocol: 2,
    statelessRpc: true,
    stdin: bytes,
    signal: AbortSignal.timeout(20_000),
  })
  const chunks: Buffer[] = []
  for await (const chunk of stdout as AsyncIterable<Buffer>) chunks.push(chunk)
  await done
  return Buffer.concat(chunks).toString()
}

function never(): never {
  throw new Error('no request')
}
