import { spawn, type ChildProcess } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A running Codekeep, as tests see it: plain data, so that it crosses processes. */
export type RunningServer = Readonly<{
  origin: string
  port: number
  dataDir: string
  /** The local CA's certificate, for GIT_SSL_CAINFO, NODE_EXTRA_CA_CERTS and the SDK's agent. */
  caFile: string
  accountId: string
  rootPassword: string
  rootAccessKeyId: string
  rootSecretAccessKey: string
  pid: number
}>

/** A server of one test's own. */
export type OwnServer = RunningServer &
  Readonly<{
    /** What it has printed. */
    log: () => string
    /** Closes the pipes that it prints to, as a log reader does that ends. */
    stopReading: () => void
    /** SIGTERM, as an operator stops it; resolves to its exit code. The data folder stays. */
    stop: () => Promise<number | null>
    /** SIGKILL: a crash. */
    kill: () => Promise<void>
    /** Stops it and removes its data folder. */
    [Symbol.asyncDispose]: () => Promise<void>
  }>

/**
 * Starts the built server (dist/server.js) on a free port with an empty data folder and a root user, and waits until it serves.
 *
 * @param options  `dataDir`: of a server that was stopped, to start it again; `environment`: settings beside
 * @throws Error with what it printed, where it ends before it serves
 */
export async function startServer(options: { dataDir?: string; environment?: Record<string, string>; again?: RunningServer } = {}): Promise<OwnServer> {
  const { again } = options
  const dataDir = again?.dataDir ?? options.dataDir ?? mkdtempSync(join(tmpdir(), 'codekeep-e2e-'))
  const root = {
    accountId: again?.accountId ?? '111122223333',
    rootPassword: again?.rootPassword ?? `Root-${randomBytes(9).toString('base64url')}-1a`,
    rootAccessKeyId: again?.rootAccessKeyId ?? `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
    rootSecretAccessKey: again?.rootSecretAccessKey ?? randomBytes(30).toString('base64'),
  }
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('CODEKEEP_') && name !== 'NODE_OPTIONS')
  const child = spawn(process.execPath, ['dist/server.js'], {
    cwd: new URL('..', import.meta.url),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...Object.fromEntries(inherited),
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      CODEKEEP_DATA_DIR: dataDir,
      CODEKEEP_PORT: String(again?.port ?? 0),
      CODEKEEP_SSH_PORT: '0',
      CODEKEEP_ACCOUNT_ID: root.accountId,
      CODEKEEP_ROOT_PASSWORD: root.rootPassword,
      CODEKEEP_ROOT_ACCESS_KEY_ID: root.rootAccessKeyId,
      CODEKEEP_ROOT_SECRET_ACCESS_KEY: root.rootSecretAccessKey,
      ...options.environment,
    },
  })
  const { log, ended } = follow(child)
  const port = await portOf(log, ended)
  const caFile = join(dataDir, 'tls', 'ca.pem')
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM')
    return ended
  }
  const server: OwnServer = {
    ...root,
    origin: `https://localhost:${port}`,
    port,
    dataDir,
    caFile,
    pid: child.pid ?? 0,
    log,
    stopReading: () => {
      child.stdout.destroy()
      child.stderr.destroy()
    },
    stop,
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
    [Symbol.asyncDispose]: async () => {
      await stop()
      rmSync(dataDir, { recursive: true, force: true })
      // What a killed server left is swept by the next start on its data folder; here there is none.
      rmSync(scratchOf(dataDir), { recursive: true, force: true })
    },
  }
  if (options.environment?.['CODEKEEP_TLS'] !== 'off') await healthy(server)
  return server
}

/** The scratch folder of a server in memory (lib/server/scratch.ts). */
export function scratchOf(dataDir: string): string {
  return `/dev/shm/codekeep-${process.getuid?.() ?? 0}-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`
}

/** The server that the tests share, started by the global set-up. */
export function sharedServer(): RunningServer {
  const text = process.env[sharedServerVariable]
  if (text === undefined) throw new Error('the shared server is started by e2e/global-setup.ts')
  return JSON.parse(text) as RunningServer
}

/** How the global set-up hands the shared server to the tests' processes. */
export const sharedServerVariable = 'CODEKEEP_E2E_SERVER'

function follow(child: ChildProcess): { log: () => string; ended: Promise<number | null> } {
  let text = ''
  const keep = (chunk: Buffer): void => void (text += chunk.toString())
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  return { log: () => text, ended }
}

async function portOf(log: () => string, ended: Promise<number | null>): Promise<number> {
  const state = { over: false }
  void ended.then(() => (state.over = true))
  for (let waited = 0; waited < 60_000; waited += 50) {
    const port = /(?:ready at https|listening: +http):\/\/[^:\s]+:(\d+)/.exec(log())?.[1]
    if (port !== undefined) return Number(port)
    if (state.over) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`the server does not start:\n${log()}`)
}

function healthy({ port, caFile }: RunningServer): Promise<void> {
  return new Promise((resolve, reject) => {
    request({ port, host: 'localhost', path: '/healthz', ca: readFileSync(caFile), agent: false }, (response) => {
      response.resume()
      if (response.statusCode === 200) resolve()
      else reject(new Error(`/healthz answers ${response.statusCode ?? 0}`))
    })
      .on('error', reject)
      .end()
  })
}
