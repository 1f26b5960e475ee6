import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2, { type Client, type ClientChannel } from 'ssh2'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { CreateRepository } from '#lib/codecommit/repositories'
import { flushPkt, pktLine, PktLineReader } from '#lib/git/pkt-line'
import { zeroOid } from '#lib/git/refs'
import { invoke } from '#lib/invoke'
import { rootContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { knownHosts, run, sshOptions, sshUser, type Ran, type SshUser } from '#lib/testing/ssh'
import { listenSsh, type SshListener } from './ssh-listener.ts'

let database: TestDatabase
let folder: string
let door: SshListener
let alice: SshUser
/** A repository with one file that does not compress. */
let large: string
const largeBytes = 48 * 1024 ** 2
const open: Socket[] = []

beforeAll(async () => {
  database = await testDatabase()
  folder = mkdtempSync(join(tmpdir(), 'codekeep-ssh-'))
  door = await openDoor()
  alice = await sshUser(folder, 'alice')
  large = await repository('large')
  writeFileSync(join(folder, 'random.bin'), randomBytes(largeBytes))
  for (const args of [['init', '-q', '-b', 'main'], ['add', 'random.bin'], ['commit', '-q', '-m', 'large'], ['push', '-q', `ssh://127.0.0.1:${door.port}${large}`, 'main']]) {
    const { code, stderr } = await git(...args)
    if (code !== 0) throw new Error(stderr)
  }
})

afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy()
})

afterAll(async () => {
  await door.stop(1)
  await database[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

test('a client that vanishes in the middle of a push leaves nothing: no process, no quarantine, no ref', async () => {
  const path = await repository('vanished')
  const { socket, channel } = await exec(`git-receive-pack '${path}'`)
  await untilFlush(channel)
  channel.write(pktLine(`${zeroOid} ${'1'.repeat(40)} refs/heads/main\0 report-status side-band-64k`))
  channel.write(flushPkt)
  channel.write(Buffer.concat([Buffer.from('PACK'), Buffer.from([0, 0, 0, 2, 0, 0, 0, 9])]))
  await eventually(() => gitProcesses('index-pack').length === 1 && quarantines().length === 1)
  socket.destroy()
  await eventually(() => gitProcesses('index-pack').length === 0 && quarantines().length === 0)
  expect(await git('ls-remote', `ssh://127.0.0.1:${door.port}${path}`)).toMatchObject({ code: 0, stdout: '' })
})

test('a pack that lies is refused with the reason and a report, before the client has said its last', async () => {
  const path = await repository('lies')
  const { channel } = await exec(`git-receive-pack '${path}'`)
  await untilFlush(channel)
  const ended = exitOf(channel)
  channel.write(Buffer.concat([
    pktLine(`${zeroOid} ${'1'.repeat(40)} refs/heads/main\0 report-status side-band-64k`), flushPkt,
    Buffer.from('PACK'), Buffer.from([0, 0, 0, 2, 0, 0, 0, 1]), randomBytes(2 * 1024 ** 2),
  ]))
  const answer = (await untilFlush(channel)).join('')
  expect(answer).toContain('PushRefusedException')
  expect(answer).toMatch(/unpack (?!ok)/)
  expect(answer).toContain('ng refs/heads/main unpacker error')
  channel.end()
  channel.resume()
  expect(await ended).toBe(0)
  await eventually(() => quarantines().length === 0)
})

test('a client that closes one of its sessions in the middle of a clone keeps the others', async () => {
  const { client, channel } = await exec(`git-upload-pack '${large}'`)
  await askForAll(channel)
  await eventually(() => gitProcesses('upload-pack').length === 1)
  channel.close()
  await eventually(() => gitProcesses('upload-pack').length === 0)
  const other = await session(client, `git-upload-pack '${large}'`)
  expect((await untilFlush(other))[0]).toContain('HEAD')
})

test('a slow reader is waited for: neither what git says nor the connection piles up in memory', async () => {
  const before = buffers()
  const { socket, channel, client } = await exec(`git-upload-pack '${large}'`)
  await askForAll(channel)
  // A client that claims to have room for everything, and then does not read its connection.
  outgoing(client).channelWindowAdjust(0, 2 ** 30)
  socket.pause()
  await eventually(() => gitProcesses('upload-pack').length === 1)
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect(buffers() - before).toBeLessThan(24 * 1024 ** 2)
  expect(gitProcesses('upload-pack')).toHaveLength(1)
})

test('a client that sends more than its window allows is cut off', async () => {
  const { socket, channel, client } = await exec(`git-upload-pack '${large}'`)
  await askForAll(channel)
  socket.pause()
  await eventually(() => gitProcesses('upload-pack').length === 1)
  const cut = closed(socket)
  const before = buffers()
  // Past ssh2's own accounting, which stops at a window of exactly 0: the server is busy answering and reads nothing.
  for (let sent = 0; sent < 64 && !socket.destroyed; sent++) {
    for (let packet = 0; packet < 32; packet++) outgoing(client).channelData(0, Buffer.alloc(32 * 1024 - 1))
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  socket.resume()
  await cut
  expect(buffers() - before).toBeLessThan(64 * 1024 ** 2)
  await eventually(() => gitProcesses('upload-pack').length === 0)
})

test('what is not SSH ends its own connection and nothing else', async () => {
  for (const garbage of ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'SSH-1.0-old\r\n', 'SSH-2.0-x\r\n' + '\xff'.repeat(100_000), '\0'.repeat(100_000), '\n'.repeat(5000)]) {
    const socket = tcp()
    socket.on('error', () => undefined)
    socket.resume()
    socket.write(Buffer.from(garbage, 'latin1'))
    socket.end()
    await closed(socket)
  }
  expect((await git('ls-remote', `ssh://127.0.0.1:${door.port}${large}`)).code).toBe(0)
})

test('strangers of one address are few: one more is told so, and room comes back', async () => {
  const strangers = Array.from({ length: 20 }, () => tcp())
  await Promise.all(strangers.map((socket) => once(socket, 'data')))
  const refused = tcp()
  const [line] = (await once(refused, 'data')) as [Buffer]
  expect(line.toString()).toBe('Too many connections\r\n')
  await closed(refused)
  for (const socket of strangers) socket.destroy()
  await eventually(async () => (await git('ls-remote', `ssh://127.0.0.1:${door.port}${large}`)).code === 0)
})

test('eleven sessions at once on one connection are one too many', async () => {
  const { client } = await exec(`git-upload-pack '${large}'`)
  const more = await Promise.all(Array.from({ length: 9 }, () => session(client, `git-upload-pack '${large}'`)))
  await expect(session(client, `git-upload-pack '${large}'`)).rejects.toThrow('Channel open failure')
  more[0]?.end(flushPkt)
  if (more[0]) await once(more[0].resume(), 'close')
  await untilFlush(await session(client, `git-upload-pack '${large}'`))
})

test('a port that is taken is said to be, with what to do', async () => {
  const place = { host: '127.0.0.1', sshPort: door.port, dataDir: database.dataDir }
  await expect(listenSsh(place)).rejects.toThrow(`CODEKEEP_SSH_PORT: port ${door.port} on 127.0.0.1 is in use by another program`)
})

test('a stop lets a clone finish, takes no new command, and ends who only waits', async () => {
  const own = await openDoor()
  const idle = await exec(`git-upload-pack '${large}'`, own)
  await untilFlush(idle.channel)
  const idleAnswered = closed(idle.channel.resume())
  idle.channel.end(flushPkt)
  await idleAnswered
  const { channel, client } = await exec(`git-upload-pack '${large}'`, own)
  await askForAll(channel)
  const idleEnds = closed(idle.socket)
  const stopped = own.stop(30)
  await idleEnds
  await expect(session(client, `git-upload-pack '${large}'`)).rejects.toThrow()
  await expect(exec(`git-upload-pack '${large}'`, own)).rejects.toThrow('ECONNREFUSED')
  const channelEnds = closed(channel)
  let received = 0
  channel.on('data', (chunk: Buffer) => (received += chunk.length)).resume()
  await eventually(() => received > largeBytes)
  await channelEnds
  await stopped
})

test('a stop that may not wait ends what runs, also for a client that does not read', async () => {
  const own = await openDoor()
  const { channel, socket } = await exec(`git-upload-pack '${large}'`, own)
  await askForAll(channel)
  await eventually(() => gitProcesses('upload-pack').length === 1)
  const ends = closed(socket)
  const started = Date.now()
  await own.stop(0)
  await ends
  expect(Date.now() - started).toBeLessThan(4000)
  expect(gitProcesses('upload-pack')).toEqual([])
})

type Opened = Readonly<{ client: Client; socket: Socket; channel: ClientChannel }>

function openDoor(): Promise<SshListener> {
  return listenSsh({ host: '127.0.0.1', sshPort: 0, dataDir: database.dataDir })
}

async function exec(command: string, to = door): Promise<Opened> {
  const client = new ssh2.Client()
  const socket = tcp(to.port)
  client.on('error', () => undefined)
  await once(socket, 'connect')
  client.connect({ sock: socket, username: alice.sshPublicKeyId, privateKey: readFileSync(alice.identity.file) })
  await once(client, 'ready')
  return { client, socket, channel: await session(client, command) }
}

function session(client: Client, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(command, { env: { GIT_PROTOCOL: 'version=0', NODE_ENV: 'test' } }, (error, channel) => {
      if (error) reject(error)
      else resolve(channel)
    })
  })
}

/** ssh2's own protocol, by which a test says what no honest client says. */
function outgoing(client: Client): { channelData: (channel: number, data: Buffer) => void; channelWindowAdjust: (channel: number, bytes: number) => void } {
  return (client as unknown as { _protocol: ReturnType<typeof outgoing> })._protocol
}

/** The packets up to the first flush. */
async function untilFlush(channel: ClientChannel): Promise<string[]> {
  const lines: string[] = []
  let bytes = Buffer.alloc(0)
  for (;;) {
    const next = once(channel, 'data')
    channel.resume()
    const [chunk] = (await next) as [Buffer]
    bytes = Buffer.concat([bytes, chunk])
    if (!bytes.subarray(-4).equals(flushPkt)) continue
    const reader = new PktLineReader((async function* () { yield bytes })())
    for (let pkt = await reader.read(); pkt?.type === 'data'; pkt = await reader.read()) lines.push(pkt.data.toString())
    channel.pause()
    return lines
  }
}

/** Asks for a clone in protocol 0, and reads none of it. */
async function askForAll(channel: ClientChannel): Promise<void> {
  const [first = ''] = await untilFlush(channel)
  channel.write(Buffer.concat([pktLine(`want ${first.slice(0, 40)} side-band-64k ofs-delta\n`), flushPkt, pktLine('done\n')]))
}

function tcp(port = door.port): Socket {
  const socket = connect(port, '127.0.0.1')
  open.push(socket)
  socket.on('error', () => undefined)
  return socket
}

async function repository(repositoryName: string): Promise<string> {
  await invoke(CreateRepository, rootContext(), { repositoryName })
  return `/v1/regions/us-east-2/repos/${repositoryName}`
}

function git(...args: string[]): Promise<Ran> {
  const command = ['ssh', ...sshOptions({ port: door.port, identity: alice.identity, known: knownHosts(folder, door.port) }), '-l', alice.sshPublicKeyId]
  const person = { GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.com' }
  return run('git', args, { cwd: folder, env: { HOME: folder, GIT_CONFIG_NOSYSTEM: '1', GIT_SSH_COMMAND: command.join(' '), ...person } })
}

/** The git processes of this very process. */
function gitProcesses(subcommand: string): string[] {
  const lines = execFileSync('ps', ['-A', '-o', 'ppid=,args='], { encoding: 'utf8' }).split('\n')
  return lines.filter((line) => new RegExp(`^\\s*${process.pid}\\s+git ${subcommand}`).test(line))
}

function quarantines(): string[] {
  const path = join(database.scratch, 'quarantine')
  return existsSync(path) ? readdirSync(path) : []
}

function buffers(): number {
  return process.memoryUsage().arrayBuffers
}

/** The exit code that a command's client is told. */
async function exitOf(channel: ClientChannel): Promise<number | null> {
  return ((await once(channel, 'exit')) as [number | null])[0]
}

/** Its end, by an error or without. */
function closed(stream: Socket | ClientChannel): Promise<void> {
  return new Promise((resolve) => stream.once('close', () => { resolve() }))
}

async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 15_000; waited += 50) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`it does not come about: ${String(condition)}`)
}
