import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { Agent } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CodeCommitClient, CreateRepositoryCommand } from '@aws-sdk/client-codecommit'
import { AttachUserPolicyCommand, CreateServiceSpecificCredentialCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam'
import { type OwnServer, startServer } from '../e2e/server.ts'
import { openCpuAccount } from './cpu-account.ts'
import { startGitPeer } from './git-peer.ts'
import { answerTo, raw, type RawRequest } from './raw-client.ts'

/** One of the two servers that are compared, with an empty repository `bench`. */
export type GitSide = Readonly<{
  name: string
  /** What git is given, credentials included. */
  url: string
  /** One request of git's, its answer read to the end and thrown away. `agent`: kept-alive connections, or none. */
  request: (request: GitRequest) => Promise<{ status: number; bytes: number }>
  /** The same with the answer left to its reader. */
  open: (request: GitRequest) => Promise<IncomingMessage>
  /** CPU seconds of the server and what it has started. */
  cpu: () => number | undefined
  restart: () => Promise<void>
}>

export type GitRequest = Readonly<{ path: string; body?: Buffer; keepAlive?: boolean }>

/** Both sides, a client, and a folder that goes with them. */
export type GitSides = Readonly<{
  folder: string
  codekeep: GitSide
  peer: GitSide
  /** The server's process. */
  pid: () => number
  /** The peer's repository. */
  peerGitDir: string
  /** The real client. Never synchronous: the peer may be a server of this very process. */
  git: (args: readonly string[], cwd?: string) => Promise<string>
  source: string
  [Symbol.asyncDispose]: () => Promise<void>
}>

/** Starts Codekeep and its peer. The peer syncs what it stores, as Codekeep does. */
export async function startGitSides(): Promise<GitSides> {
  const folder = mkdtempSync(join(process.env['CODEKEEP_BENCH_DIR'] ?? tmpdir(), 'codekeep-bench-'))
  let server: OwnServer = await startServer({ dataDir: join(folder, 'data') })
  const account = openCpuAccount('codekeep')
  account?.add(server.pid)
  const ca = readFileSync(server.caFile)
  const credentials = { username: 'bench', password: randomBytes(24).toString('hex') }
  const peer = await startGitPeer(folder, {
    tls: { cert: readFileSync(join(server.dataDir, 'tls/server.pem'), 'utf8'), key: readFileSync(join(server.dataDir, 'tls/server-key.pem'), 'utf8') },
    credentials,
  })
  const peerGitDir = join(folder, 'bench.git')
  execFileSync('git', ['init', '-q', '--bare', '--initial-branch=main', peerGitDir])
  for (const [key, value] of [['http.receivepack', 'true'], ['core.fsync', 'all'], ['repack.writeBitmaps', 'true'], ['uploadpack.allowFilter', 'true'], ['gc.auto', '0']] as const) {
    execFileSync('git', ['-C', peerGitDir, 'config', key, value])
  }
  const environment = { ...process.env, GIT_SSL_CAINFO: server.caFile, GIT_TERMINAL_PROMPT: '0' }
  const developerCredentials = await developer(server, ca)
  return {
    folder,
    peerGitDir,
    pid: () => server.pid,
    codekeep: side('codekeep', `${server.origin}/v1/regions/us-east-2/repos/bench`, {
      ca,
      credentials: developerCredentials,
      cpu: () => account?.seconds(),
      restart: async () => {
        await server.stop()
        server = await startServer({ again: server })
        account?.add(server.pid)
      },
    }),
    peer: side(peer.name, `${peer.origin}/bench.git`, { ca, credentials, cpu: peer.cpu, restart: peer.restart }),
    git: async (args, cwd) => {
      const { stdout } = await promisify(execFile)('git', args, { cwd, env: environment, maxBuffer: 64 * 1024 * 1024 })
      return stdout
    },
    source: sourceRepository(folder),
    [Symbol.asyncDispose]: async () => {
      await peer.stop()
      await server[Symbol.asyncDispose]()
      account?.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/**
 * The request with which `git clone` asks for all branches of a repository in protocol 2 when it has nothing. Each `variant` is
 * answered alike and equals no other: nothing that was kept for one serves another.
 */
export function cloneRequest(repository: string, variant = 0): GitRequest {
  const tips = execFileSync('git', ['-C', repository, 'for-each-ref', '--format=%(objectname)', 'refs/heads'], { encoding: 'utf8' }).trim().split('\n')
  const wants = [...new Set(tips)].map((oid) => pkt(`want ${oid}\n`)).join('')
  const option = variant === 0 ? '' : pkt(`server-option=${variant}`)
  const args = ['thin-pack', 'no-progress', 'include-tag', 'ofs-delta'].map(pkt).join('')
  const body = `${pkt('command=fetch')}${pkt('agent=bench')}${pkt('object-format=sha1')}${option}0001${args}${wants}${pkt('done\n')}0000`
  return { path: '/git-upload-pack', body: Buffer.from(body) }
}

/** Asks a side for it, and sees that it comes. */
export function cloning(repository: string, variant = 0): (side: GitSide) => () => Promise<void> {
  const request = cloneRequest(repository, variant)
  return (side) => async () => {
    const { status, bytes } = await side.request(request)
    if (status !== 200 || bytes < 1000) throw new Error(`${side.name} answers ${status} with ${bytes} bytes`)
  }
}

/** What `git ls-remote`, and a fetch before it knows that there is nothing new, ask for in protocol 2. */
export const lsRefsBody = Buffer.from(`${pkt('command=ls-refs\n')}${pkt('agent=bench')}${pkt('object-format=sha1')}0001${pkt('peel\n')}${pkt('symrefs\n')}0000`)

function pkt(text: string): string {
  return `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, '0')}${text}`
}

type Credentials = Readonly<{ username: string; password: string }>

function side(name: string, address: string, { ca, credentials, ...rest }: { ca: Buffer; credentials: Credentials } & Pick<GitSide, 'cpu' | 'restart'>): GitSide {
  const agents = { kept: new Agent({ ca, keepAlive: true, maxSockets: 16 }), fresh: new Agent({ ca, keepAlive: false, maxCachedSessions: 0 }) }
  const authorization = `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`
  const requestOf = ({ path, body, keepAlive = true }: GitRequest): RawRequest => ({
    url: `${address}${path}`,
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization,
      'git-protocol': 'version=2',
      ...(body === undefined ? {} : { 'content-type': 'application/x-git-upload-pack-request', 'content-length': String(body.length) }),
    },
    body: body ?? null,
    agent: keepAlive ? agents.kept : agents.fresh,
  })
  const withCredentials = new URL(address)
  withCredentials.username = encodeURIComponent(credentials.username)
  withCredentials.password = encodeURIComponent(credentials.password)
  return { name, url: withCredentials.href, request: (request) => raw(requestOf(request)), open: (request) => answerTo(requestOf(request)), ...rest }
}

function sourceRepository(folder: string): string {
  const given = process.env['CODEKEEP_BENCH_REPOSITORY']
  if (given !== undefined) return given
  const made = join(folder, 'source')
  const { status } = spawnSync(process.execPath, ['scripts/make-history.mjs', made, '--commits', process.env['CODEKEEP_BENCH_COMMITS'] ?? '20000'], { stdio: 'inherit' })
  if (status !== 0) throw new Error('scripts/make-history.mjs failed')
  return made
}

async function developer(server: OwnServer, ca: Buffer): Promise<Credentials> {
  const settings = {
    endpoint: server.origin,
    region: 'us-east-2',
    credentials: { accessKeyId: server.rootAccessKeyId, secretAccessKey: server.rootSecretAccessKey },
    requestHandler: { httpsAgent: new Agent({ ca }) },
  }
  const iam = new IAMClient(settings)
  await iam.send(new CreateUserCommand({ UserName: 'bench' }))
  await iam.send(new AttachUserPolicyCommand({ UserName: 'bench', PolicyArn: 'arn:aws:iam::aws:policy/AWSCodeCommitPowerUser' }))
  const { ServiceSpecificCredential } = await iam.send(new CreateServiceSpecificCredentialCommand({ UserName: 'bench', ServiceName: 'codecommit.amazonaws.com' }))
  await new CodeCommitClient(settings).send(new CreateRepositoryCommand({ repositoryName: 'bench' }))
  return { username: ServiceSpecificCredential?.ServiceUserName ?? '', password: ServiceSpecificCredential?.ServicePassword ?? '' }
}
