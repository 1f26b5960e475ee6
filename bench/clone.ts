import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CodeCommitClient, CreateRepositoryCommand } from '@aws-sdk/client-codecommit'
import { AttachUserPolicyCommand, CreateServiceSpecificCredentialCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam'
import type { RunningServer } from '../e2e/server.ts'
import { startGitPeer } from './git-peer.ts'
import { raw } from './raw-client.ts'
import { compareTimes, type Row, seconds } from './row.ts'

/**
 * The git rows: first push, full clone (server time: the answer is read and thrown away), eight clones at once, ls-remote, the
 * push of one commit.
 */
export async function cloneRows(server: RunningServer): Promise<Row[]> {
  const folder = mkdtempSync(join(process.env['CODEKEEP_BENCH_DIR'] ?? tmpdir(), 'codekeep-bench-'))
  const ca = readFileSync(server.caFile)
  const peer = await startGitPeer(folder, {
    cert: readFileSync(join(server.dataDir, 'tls/server.pem'), 'utf8'),
    key: readFileSync(join(server.dataDir, 'tls/server-key.pem'), 'utf8'),
  })
  try {
    const source = sourceRepository(folder)
    const credentials = await developer(server, ca)
    const ours = `https://${credentials}@localhost:${server.port}/v1/regions/us-east-2/repos/bench`
    const theirs = `${peer.origin}/bench.git`
    execFileSync('git', ['init', '-q', '--bare', join(folder, 'bench.git')])
    for (const [key, value] of [['http.receivepack', 'true'], ['core.fsync', 'all'], ['repack.writeBitmaps', 'true'], ['uploadpack.allowFilter', 'true']] as const) {
      execFileSync('git', ['-C', join(folder, 'bench.git'), 'config', key, value])
    }
    // Never synchronous: the peer may be a server of this very process.
    const git = async (args: string[], cwd?: string): Promise<void> => {
      await promisify(execFile)('git', args, { cwd, env: { ...process.env, GIT_SSL_CAINFO: server.caFile, GIT_TERMINAL_PROMPT: '0' }, maxBuffer: 64 * 1024 * 1024 })
    }

    const rows: Row[] = []
    const peerPush = await seconds(() => git(['push', '-q', theirs, '--all'], source))
    const ourPush = await seconds(() => git(['push', '-q', ours, '--all'], source))
    rows.push({ name: 'first push', codekeep: `${ourPush.toFixed(1)} s`, peer: `${peerPush.toFixed(1)} s`, peerName: peer.name, ratio: `${(ourPush / peerPush).toFixed(2)}x`, allowed: '1.1x' })
    // The peer gets the bitmap that the row is to be measured with; ours is folded in the background, or answered from what was kept.
    execFileSync('git', ['-C', join(folder, 'bench.git'), 'repack', '-adbq'])

    const agent = new Agent({ ca, keepAlive: true, maxSockets: 16 })
    const tips = execFileSync('git', ['-C', source, 'for-each-ref', '--format=%(objectname)', 'refs/heads'], { encoding: 'utf8' }).trim().split('\n')
    const body = fetchBody(tips)
    const fetchFrom = async (url: string): Promise<void> => {
      const { username, password, origin, pathname } = new URL(url)
      const headers: Record<string, string> = { 'content-type': 'application/x-git-upload-pack-request', 'git-protocol': 'version=2' }
      if (username) headers['authorization'] = `Basic ${Buffer.from(`${username}:${decodeURIComponent(password)}`).toString('base64')}`
      const { status, bytes } = await raw({ url: `${origin}${pathname}/git-upload-pack`, method: 'POST', headers, body, agent })
      if (status !== 200 || bytes < 1000) throw new Error(`${origin} answers ${status} with ${bytes} bytes`)
    }
    await fetchFrom(ours)
    await new Promise((resolve) => setTimeout(resolve, 3000))
    const runs = 5
    const pair = { runs, peerName: peer.name }
    rows.push(await compareTimes('full clone, warm', { ...pair, allowed: '0.35x', codekeep: () => fetchFrom(ours), peer: () => fetchFrom(theirs) }))
    const eight = (url: string) => () => Promise.all(Array.from({ length: 8 }, () => fetchFrom(url)))
    rows.push(await compareTimes('8 clones at once', { ...pair, runs: 3, allowed: '0.25x', codekeep: eight(ours), peer: eight(theirs) }))
    rows.push(await compareTimes('ls-remote', { ...pair, runs: 15, allowed: '0.5x', codekeep: () => git(['ls-remote', ours]), peer: () => git(['ls-remote', theirs]) }))
    rows.push(await pushRow(folder, source, { ours, theirs, peerName: peer.name, git }))
    return rows
  } finally {
    await peer.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A push of one commit, to durable: each run commits anew and pushes to both. */
async function pushRow(
  folder: string,
  source: string,
  { ours, theirs, peerName, git }: { ours: string; theirs: string; peerName: string; git: (args: string[], cwd?: string) => Promise<void> },
): Promise<Row> {
  const clone = join(folder, 'clone')
  await git(['clone', '-q', '--shared', source, clone])
  const commit = (): Promise<void> => git(['-c', 'user.name=b', '-c', 'user.email=b@example.com', 'commit', '-q', '--allow-empty', '-m', 'one more'], clone)
  const branch = 'HEAD:refs/heads/bench-push'
  return compareTimes('push of one commit', {
    runs: 9,
    allowed: '1.0x',
    peerName,
    peer: async () => {
      await commit()
      await git(['push', '-q', theirs, branch], clone)
    },
    codekeep: async () => {
      await commit()
      await git(['push', '-q', ours, branch], clone)
    },
  })
}

/** What `git clone` asks for in protocol 2 when it has nothing. */
function fetchBody(tips: readonly string[]): Buffer {
  const line = (text: string): string => `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, '0')}${text}`
  const wants = [...new Set(tips)].map((oid) => line(`want ${oid}\n`)).join('')
  return Buffer.from(`${line('command=fetch')}${line('agent=bench')}${line('object-format=sha1')}0001${line('ofs-delta')}${wants}${line('done\n')}0000`)
}

function sourceRepository(folder: string): string {
  const given = process.env['CODEKEEP_BENCH_REPOSITORY']
  if (given !== undefined) return given
  const made = join(folder, 'source')
  const { status } = spawnSync(process.execPath, ['scripts/make-history.mjs', made, '--commits', process.env['CODEKEEP_BENCH_COMMITS'] ?? '20000'], { stdio: 'inherit' })
  if (status !== 0) throw new Error('scripts/make-history.mjs failed')
  return made
}

async function developer(server: RunningServer, ca: Buffer): Promise<string> {
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
  return `${ServiceSpecificCredential?.ServiceUserName ?? ''}:${encodeURIComponent(ServiceSpecificCredential?.ServicePassword ?? '')}`
}
