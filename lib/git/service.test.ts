import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { PassThrough, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { advertiseReceivePack, advertiseUploadPack, advertiseV2, gitProtocolVersion, serviceHeader } from '#lib/git/advertise'
import { createBareRepository, writePackedRefs } from '#lib/git/bare-repository'
import { isGitError } from '#lib/git/command'
import { objectTypes, peeledTags } from '#lib/git/object-type'
import { parseV0Fetch, parseV2Fetch } from '#lib/git/fetch-request'
import { indexPack, isPackError } from '#lib/git/index-pack'
import { answerLsRefs, parseV2Request } from '#lib/git/ls-refs'
import { fsck } from '#lib/git/pack-maintenance'
import { flushPkt, PktLineReader, pktLine } from '#lib/git/pkt-line'
import { commandProblem, isCommandLimitError, parseReceivePackRequest, receivePackAnswer } from '#lib/git/receive-pack'
import { packedRefs, zeroOid, type Refs } from '#lib/git/refs'
import { uploadPack } from '#lib/git/service'
import { TestRepository, testEnvironment } from '#lib/git/test-repository'

/**
 * A git server made of this folder's parts alone (smart HTTP without TLS, users or encryption), so that a real git client can
 * say whether they fit together: refs are answered from a value, packs by git.
 */
const server = createServer((request, response) => {
  serve(request, response).catch((error: unknown) => {
    response.destroy(error instanceof Error ? error : new Error('failed'))
  })
})
const source = new TestRepository()
let refs: Refs = { head: 'refs/heads/main', refs: new Map() }
let received: { pushOptions: readonly string[]; fetchKeys: string[] } = { pushOptions: [], fetchKeys: [] }
const gitDir = source.sibling('served.git')
let url = ''
const maxCommands = 300

beforeAll(async () => {
  await createBareRepository(gitDir)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/repo`
})

afterAll(() => {
  server.close()
  server.closeAllConnections()
  source[Symbol.dispose]()
})

test('an empty repository is cloned, with its unborn branch, in every protocol', async () => {
  for (const version of [0, 1, 2]) {
    const clone = source.sibling(`empty-${version}`)
    const { stderr } = await client('-c', `protocol.version=${version}`, 'clone', '-q', url, clone)
    expect(stderr).toContain('You appear to have cloned an empty repository')
    rmSync(clone, { recursive: true })
  }
})

test('a first push of history, tags and odd names', async () => {
  for (let index = 0; index < 30; index++) source.commit(`commit ${index}`, { [`d/${index}/größe.txt`]: String(index) })
  source.git('tag', '-a', '-m', 'first', 'v1')
  source.git('branch', 'größe/日本')
  const { stderr } = await client('push', '--progress', '--all', url)
  expect(stderr).toContain('remote: Checked what was sent')
  await client('push', '--tags', url)
  expect((await client('ls-remote', url)).stdout.split('\n').length).toBe(6)
  expect(await fsck(gitDir, { signal: AbortSignal.timeout(60_000) })).toEqual({ ok: true, problems: [] })
})

test.for([0, 1, 2])('protocol %i: clone, shallow, deepen, unshallow, fetch of what is new, nothing new', async (version) => {
  const clone = source.sibling(`clone-${version}`)
  const git = (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
    client('-c', `protocol.version=${version}`, ...(existsSync(clone) ? ['-C', clone] : []), ...args)
  await git('clone', '-q', '--depth=3', url, clone)
  expect((await git('rev-list', '--count', 'HEAD')).stdout).toBe('3\n')
  await git('fetch', '-q', '--deepen=4')
  expect((await git('rev-list', '--count', 'HEAD')).stdout).toBe('7\n')
  await git('fetch', '-q', '--unshallow')
  expect((await git('rev-list', '--count', 'HEAD')).stdout).toBe('30\n')
  expect((await git('fsck', '--full')).stdout).toBe('')

  const tip = source.commit(`new for ${version}`, { 'new.txt': String(version) })
  await client('push', '-q', url, 'main')
  await git('fetch', '-q')
  expect((await git('rev-parse', 'origin/main')).stdout.trim()).toBe(tip)
  expect((await git('fetch')).stderr).toBe('')
  source.git('reset', '-q', '--hard', 'HEAD~1')
  await client('push', '-q', '--force', url, 'main')
})

test.for([0, 2])('protocol %i: a partial clone fetches what it lacks when it needs it', async (version) => {
  for (const filter of ['blob:none', 'tree:0']) {
    const clone = source.sibling(`partial-${version}-${filter.slice(0, 4)}`)
    const git = ['-c', `protocol.version=${version}`]
    await client(...git, 'clone', '-q', '--no-checkout', `--filter=${filter}`, url, clone)
    const missing = await client('-C', clone, 'rev-list', '--objects', '--all', '--missing=print')
    expect(missing.stdout.split('\n').filter((line) => line.startsWith('?')).length).toBeGreaterThan(0)
    await client(...git, '-C', clone, 'checkout', '-q', 'main')
    expect((await client(...git, '-C', clone, 'show', 'HEAD:d/3/größe.txt')).stdout).toBe('3')
  }
})

test('equal clones have equal keys, whoever runs them', async () => {
  received.fetchKeys = []
  for (const agent of ['git/1', 'git/2']) {
    const clone = source.sibling('same')
    await client('-c', `http.userAgent=${agent}`, 'clone', '-q', '--bare', url, clone)
    rmSync(clone, { recursive: true })
  }
  expect(received.fetchKeys).toHaveLength(2)
  expect(new Set(received.fetchKeys).size).toBe(1)
})

test('a large push: the probe first, then chunks', async () => {
  const big = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * index * 31 + index * 17) >>> 3))
  source.commit('big', { 'big.bin': big })
  await client('-c', 'http.postBuffer=65536', 'push', '-q', url, 'main')
  expect((await client('ls-remote', url, 'refs/heads/main')).stdout.split('\t')[0]).toBe(source.git('rev-parse', 'main'))
})

test('push options arrive, an atomic push is refused whole, and deletes work', async () => {
  await client('push', '-q', '-o', 'ci.skip', '-o', 'größe', url, 'main:refs/heads/with-options')
  expect(received.pushOptions).toEqual(['ci.skip', 'größe'])
  await client('push', '-q', url, ':refs/heads/with-options')
  expect((await client('ls-remote', url, 'refs/heads/with-options')).stdout).toBe('')

  const refused = await fails('push', '--atomic', url, 'main:refs/heads/one', 'main:refs/heads/protected')
  expect(refused).toContain('! [remote rejected] main -> protected (protected)')
  expect((await client('ls-remote', url, 'refs/heads/one')).stdout).toBe('')
})

// git's own client needs a minute and more to prepare 4,000 refs for HTTP (it compares each with each), so fewer stand for them.
test('as many refs as allowed are taken in one push; one more is refused and the reason read', async () => {
  const oid = source.git('rev-parse', 'HEAD')
  const create = (count: number): void => {
    const many = Array.from({ length: count }, (_, index) => [`refs/heads/many/${index}`, { oid }] as const)
    writeFileSync(join(source.gitDir, 'packed-refs'), packedRefs({ head: null, refs: new Map(many) }))
  }
  create(maxCommands + 1)
  expect(await fails('push', '-q', url, 'refs/heads/many/*:refs/heads/many/*')).toContain(`at most ${maxCommands} references`)
  create(maxCommands)
  await client('push', '-q', url, 'refs/heads/many/*:refs/heads/many/*')
  expect((await client('ls-remote', url, 'refs/heads/many/*')).stdout.trim().split('\n')).toHaveLength(maxCommands)
})

test('a client that asks for what is not there is told so', async () => {
  const message = await fails('fetch', url, 'f'.repeat(40))
  expect(message).toMatch(/not our ref|upload-pack/)
})

test('over a connection that stays open (SSH) git holds the conversation; our advertisement can take the place of git’s', async () => {
  const tip = refs.refs.get('refs/heads/main')?.oid ?? ''
  const wants = Buffer.concat([pktLine(`want ${tip} ofs-delta\n`), flushPkt, pktLine('done\n')])
  const talk = async (alreadyAdvertised: boolean): Promise<Buffer> => {
    const options = { gitDir, protocol: 0, statelessRpc: false, alreadyAdvertised, signal: AbortSignal.timeout(30_000) } as const
    const { stdout, done } = uploadPack({ ...options, stdin: wants })
    const chunks: Buffer[] = []
    for await (const chunk of stdout as AsyncIterable<Buffer>) chunks.push(chunk)
    await done
    return Buffer.concat(chunks)
  }
  const advertised = (await talk(false)).toString('latin1')
  const bare = (await talk(true)).toString('latin1')
  expect(bare.startsWith('0008NAK\nPACK')).toBe(true)
  expect(advertised.endsWith(bare)).toBe(true)
  // What git would have said is what we say ourselves, but for the name.
  const ours = advertiseUploadPack(refs, { protocol: 0, statelessRpc: false, agent: 'x' }).toString('latin1')
  const withoutAgent = (text: string): string => text.replace(/^[0-9a-f]{4}/, '').replace(/agent=\S+/, '')
  expect(withoutAgent(advertised.slice(0, -bare.length))).toBe(withoutAgent(ours))
})

test('a client that hangs up in the middle ends git', async () => {
  const input = new PassThrough()
  const { stdout, done } = uploadPack({ gitDir, protocol: 0, statelessRpc: true, stdin: input, signal: AbortSignal.timeout(30_000) })
  stdout.resume()
  input.write('0032want ')
  input.destroy()
  await expect(done).rejects.toThrow('closed before its end')
})

async function client(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile('git', args, { cwd: source.directory, env: testEnvironment(), maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (error === null) resolve({ stdout, stderr })
      else reject(new Error(`git ${args.join(' ')}: ${stderr}`))
    })
  })
}

async function fails(...args: string[]): Promise<string> {
  return client(...args).then(
    () => expect.unreachable('git was to fail'),
    (error: unknown) => String(error),
  )
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  const protocol = gitProtocolVersion(request.headers['git-protocol']?.toString())
  const service = searchParams.get('service') ?? pathname.split('/').at(-1)
  const body: Readable = request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request
  const agent = 'codekeep/test'
  response.setHeader('cache-control', 'no-cache')
  if (pathname.endsWith('/info/refs')) {
    const name = service === 'git-receive-pack' ? 'git-receive-pack' : 'git-upload-pack'
    response.setHeader('content-type', `application/x-${name}-advertisement`)
    const advertised =
      name === 'git-receive-pack'
        ? advertiseReceivePack(refs, { protocol, agent, pushOptions: true })
        : protocol === 2
          ? advertiseV2({ agent })
          : advertiseUploadPack(refs, { protocol, statelessRpc: true, agent })
    response.end(Buffer.concat([serviceHeader(name, protocol), advertised]))
  } else {
    response.setHeader('content-type', `application/x-${service}-result`)
    await (service === 'git-receive-pack' ? serveReceivePack(body, response) : serveUploadPack(body, response, protocol))
  }
}

async function serveUploadPack(body: Readable, response: ServerResponse, protocol: 0 | 1 | 2): Promise<void> {
  const reader = new PktLineReader(body as AsyncIterable<Buffer>)
  let raw: Buffer
  if (protocol === 2) {
    const request = await parseV2Request(reader)
    if (request?.command === 'ls-refs') {
      response.end(answerLsRefs(refs, request))
      return
    }
    if (request === null) throw new Error('nothing asked')
    const fetch = parseV2Fetch(request)
    if (fetch.done) received.fetchKeys.push(fetch.key)
    raw = fetch.raw
  } else {
    const request = await parseV0Fetch(reader)
    raw = request?.raw ?? flushPkt
  }
  const { stdout, done } = uploadPack({ gitDir, protocol, statelessRpc: true, stdin: raw, signal: AbortSignal.timeout(60_000) })
  stdout.pipe(response, { end: false })
  // 128: the client was told what was wrong with its request.
  await done.catch((error: unknown) => {
    if (!isGitError(error)) throw error
  })
  response.end()
}

async function serveReceivePack(body: Readable, response: ServerResponse): Promise<void> {
  const signal = AbortSignal.timeout(60_000)
  const request = await parseReceivePackRequest(body as AsyncIterable<Buffer>, { maxCommands }).catch(async (error: unknown) => {
    if (!isCommandLimitError(error)) throw error
    for await (const _ of error.pack ?? []);
    response.end(receivePackAnswer(error.capabilities).fatal(`at most ${error.limit} references can be pushed at once`))
    return null
  })
  if (request === null) {
    response.end()
    return
  }
  received = { ...received, pushOptions: request.pushOptions }
  const answer = receivePackAnswer(request.capabilities)
  const objectDirectory = join(gitDir, `quarantine-${crypto.randomUUID()}`)
  mkdirSync(objectDirectory)
  const objects = { gitDir, objectDirectory, alternates: [join(gitDir, 'objects')] }
  let unpackError: string | null = null
  const newOids = request.commands.map((command) => command.newOid).filter((oid) => oid !== zeroOid)
  try {
    const pack = request.pack === null ? null : await indexPack({ ...objects, pack: request.pack, signal })
    const types = await objectTypes({ ...objects, oids: newOids, signal })
    if ([...types.values()].includes(null)) unpackError = 'missing necessary objects'
    if (!request.capabilities.quiet) response.write(answer.progress('Checked what was sent\n'))
    if (pack !== null) {
      for (const kind of ['pack', 'idx'] as const) {
        renameSync(kind === 'pack' ? pack.packPath : pack.idxPath, join(gitDir, 'objects', 'pack', `pack-${pack.packName}.${kind}`))
      }
    }
  } catch (error) {
    if (!isPackError(error)) throw error
    unpackError = error.detail
  } finally {
    rmSync(objectDirectory, { recursive: true, force: true })
  }
  const peeled = await peeledTags({ gitDir, oids: newOids, signal })
  const next = new Map(refs.refs)
  const outcomes = request.commands.map((command) => {
    const refused = commandProblem(command) ?? (command.ref.endsWith('/protected') ? 'protected' : null)
    const tagged = peeled.get(command.newOid)
    if (refused !== null) return { ref: command.ref, refused }
    if (command.newOid === zeroOid) next.delete(command.ref)
    else next.set(command.ref, tagged === undefined ? { oid: command.newOid } : { oid: command.newOid, peeled: tagged })
    return { ref: command.ref, refused: null }
  })
  const none = unpackError !== null || (request.capabilities.atomic && outcomes.some(({ refused }) => refused !== null))
  if (!none) {
    refs = { head: refs.head, refs: next }
    await writePackedRefs(gitDir, refs)
  }
  const told = none ? outcomes.map(({ ref, refused }) => ({ ref, refused: refused ?? 'atomic push failed' })) : outcomes
  response.end(answer.report({ unpackError, refs: told }))
}
