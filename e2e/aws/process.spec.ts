import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { request } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { expect, test } from '@playwright/test'
import { scratchOf, sharedServer, startServer } from '../server.ts'
import { sdkConfig } from './clients.ts'

/** The process: what an operator sees of it. */

const serverScript = 'dist/server.js'

/** Runs the server where it is expected to refuse; what it says and its exit code. */
function refused(environment: Record<string, string>): { code: number | null; said: string } {
  const dataDir = mkdtempSync(join(tmpdir(), 'codekeep-e2e-'))
  try {
    const { status, stdout, stderr } = spawnSync(process.execPath, [serverScript], {
      encoding: 'utf8',
      timeout: 30_000,
      env: { ...plainEnvironment(), CODEKEEP_DATA_DIR: dataDir, CODEKEEP_PORT: '0', ...environment },
    })
    return { code: status, said: (stdout + stderr).trim() }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

test('a setting that cannot be used is named in one line, and the process ends with 1', () => {
  const cases: [Record<string, string>, RegExp][] = [
    [{ CODEKEEP_PORT: 'abc' }, /^codekeep: CODEKEEP_PORT: must be a port number$/m],
    [{ CODEKEEP_PORT: String(sharedServer().port) }, /^codekeep: CODEKEEP_PORT: port \d+ on 127\.0\.0\.1 is in use by another program/m],
    [{ CODEKEEP_DATA_DIR: sharedServer().dataDir }, new RegExp(`^codekeep: CODEKEEP_DATA_DIR: .* is in use by process ${sharedServer().pid}`, 'm')],
    [{ CODEKEEP_DATA_DIR: '/dev/null/data' }, /^codekeep: CODEKEEP_DATA_DIR: \/dev\/null\/data cannot be used/m],
    [{ CODEKEEP_SCRATCH_DIR: '/var/tmp' }, /^codekeep: CODEKEEP_SCRATCH_DIR: \/var\/tmp is not backed by memory/m],
    [{ CODEKEEP_ROOT_PASSWORD: 'short' }, /^codekeep: CODEKEEP_ROOT_PASSWORD: must have at least 8 characters$/m],
    [{ CODEKEEP_ROOT_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE' }, /^codekeep: set CODEKEEP_ROOT_ACCESS_KEY_ID and CODEKEEP_ROOT_SECRET_ACCESS_KEY together/m],
  ]
  for (const [environment, line] of cases) {
    const { code, said } = refused(environment)
    expect(said).toMatch(line)
    expect(code).toBe(1)
  }
})

test('without a password a first start prints a link that opens the set-up page; the next start of a set-up account prints none', async () => {
  const unset = { CODEKEEP_ROOT_PASSWORD: '', CODEKEEP_ROOT_ACCESS_KEY_ID: '', CODEKEEP_ROOT_SECRET_ACCESS_KEY: '' }
  const server = await startServer({ environment: unset })
  try {
    expect(server.log()).toMatch(new RegExp(`${server.origin}/set-up\\?token=[\\w-]{43} `))
    expect(await server.stop()).toBe(0)
    const again = await startServer({ again: server })
    expect(again.log()).not.toContain('/set-up')
    expect(await again.stop()).toBe(0)
  } finally {
    rmSync(server.dataDir, { recursive: true, force: true })
  }
})

test('SIGTERM stops it in order: exit code 0, scratch gone, the data folder free for the next start', async () => {
  const server = await startServer()
  try {
    expect(statSync(scratchOf(server.dataDir)).mode & 0o777).toBe(0o700)
    expect(statSync(server.dataDir).mode & 0o777).toBe(0o700)
    expect(await server.stop()).toBe(0)
    expect(existsSync(scratchOf(server.dataDir))).toBe(false)
    expect(existsSync(join(server.dataDir, 'codekeep.db-wal'))).toBe(false)
    const again = await startServer({ again: server })
    expect(await again.stop()).toBe(0)
  } finally {
    rmSync(server.dataDir, { recursive: true, force: true })
  }
})

test('a log whose reader has ended does no harm: the server answers and stops in order', async () => {
  const server = await startServer()
  try {
    server.stopReading()
    await new STSClient(sdkConfig(server)).send(new GetCallerIdentityCommand({}))
    expect(await server.stop()).toBe(0)
  } finally {
    await server.kill()
    rmSync(server.dataDir, { recursive: true, force: true })
  }
})

test('only TLS, only from who checks the certificate: a client without the local CA will not talk', async () => {
  const complaint = await new Promise<string>((resolve) => {
    request({ port: sharedServer().port, host: 'localhost', path: '/healthz', agent: false }, () => resolve('no complaint'))
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
      .end()
  })
  expect(complaint).toMatch(/SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY/)
})

test('npm start, stopped by a signal to npm, leaves no server behind', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'codekeep-e2e-'))
  const npm = spawn('npm', ['start'], { env: { ...plainEnvironment(), CODEKEEP_DATA_DIR: dataDir, CODEKEEP_PORT: '0' }, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise((resolve) => npm.once('exit', resolve))
  try {
    let said = ''
    npm.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
    await expect.poll(() => said, { timeout: 50_000 }).toContain('Codekeep is ready at')
    // Nothing was stale, so nothing was installed or built.
    expect(said).not.toMatch(/installing|building|generating/)
    const port = Number(/localhost:(\d+)/.exec(said)?.[1])
    npm.kill('SIGTERM')
    await expect.poll(() => isListening(port), { timeout: 20_000 }).toBe(false)
  } finally {
    npm.kill('SIGTERM')
    await ended
    rmSync(dataDir, { recursive: true, force: true })
  }
})

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

/** Of this environment what programs need to be found, and nothing that would configure the server. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { PATH = '', HOME = '' } = process.env
  return { PATH, HOME, NODE_ENV: 'production' }
}
