import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'

export type TestPostgresql = Readonly<{ url: string; stop: () => Promise<void> }>

/** Why no PostgreSQL can be started on this machine; undefined where one can. */
export function postgresqlMissing(): string | undefined {
  if (!binaries()) return 'no PostgreSQL server (initdb and postgres) is under /usr/lib/postgresql, /opt/homebrew or on the PATH'
  if (process.getuid?.() === 0 && !unprivileged()) return 'PostgreSQL refuses to run as root, and there is no user postgres or nobody'
  return undefined
}

/** A PostgreSQL server of its own, with an empty database, on a free port of the loopback; gone on `stop`. */
export async function startPostgresql(): Promise<TestPostgresql> {
  const folder = binaries()
  if (!folder) throw new Error(postgresqlMissing())
  const home = mkdtempSync(join(tmpdir(), 'codekeep-postgresql-'))
  // PostgreSQL refuses to run as root.
  const user = process.getuid?.() === 0 ? unprivileged() : undefined
  if (user) chownSync(home, user.uid, user.gid)
  const data = join(home, 'data')
  execFileSync(join(folder, 'initdb'), ['-D', data, '-U', 'codekeep', '-A', 'trust', '-E', 'UTF8', '--no-locale', '-N'], { ...user, cwd: home, stdio: 'ignore' })
  const port = await freePort()
  const server = spawn(join(folder, 'postgres'), ['-D', data, '-p', String(port), '-k', home, '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'], {
    ...user,
    cwd: home,
    stdio: 'ignore',
  })
  const url = `postgresql://codekeep@127.0.0.1:${port}/postgres`
  await untilItAnswers(url)
  return {
    url,
    async stop() {
      // "Fast shutdown": ends sessions, then itself.
      server.kill('SIGINT')
      if (server.exitCode === null) await once(server, 'exit')
      rmSync(home, { recursive: true, force: true })
    },
  }
}

function binaries(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((one, other) => Number(other) - Number(one)) : []
  const folders = [...versions.map((version) => join(debian, version, 'bin')), '/opt/homebrew/bin', ...(process.env['PATH'] ?? '').split(':')]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

function unprivileged(): { uid: number; gid: number } | undefined {
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      continue
    }
  }
  return undefined
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

async function untilItAnswers(url: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const client = new Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if (attempt > 300) throw error
      await sleep(100)
    }
  }
}
