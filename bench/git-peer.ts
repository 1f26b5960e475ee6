import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { type AddressInfo, connect, createServer as createNetServer } from 'node:net'
import { join } from 'node:path'
import { openCpuAccount } from './cpu-account.ts'

/** A plaintext git server over HTTPS: what Codekeep is measured against. */
export type GitPeer = Readonly<{
  name: string
  origin: string
  /** CPU seconds so far; undefined where that cannot be told. */
  cpu: () => number | undefined
  /** As after a restart of the service, on the same port. */
  restart: () => Promise<void>
  stop: () => Promise<void>
}>

/** Who may use it: private repositories are served to nobody else, by either side. */
export type PeerCredentials = Readonly<{ username: string; password: string }>

type PeerOptions = Readonly<{ tls: Readonly<{ cert: string; key: string }>; credentials: PeerCredentials }>

/**
 * Serves the repositories below `root` with stock `git http-backend` and Basic authentication: behind nginx where Debian's
 * nginx and fcgiwrap are on the machine, else behind the least Node that can be. `tls` is a certificate that the client trusts.
 */
export async function startGitPeer(root: string, options: PeerOptions): Promise<GitPeer> {
  return hasNginx() ? startNginx(root, options) : startNodePeer(root, options)
}

const backend = join(spawnSync('git', ['--exec-path'], { encoding: 'utf8' }).stdout.trim(), 'git-http-backend')
const fcgiwrap = '/usr/sbin/fcgiwrap'

function hasNginx(): boolean {
  return !spawnSync('nginx', ['-v']).error && existsSync(fcgiwrap)
}

async function startNginx(root: string, { tls, credentials }: PeerOptions): Promise<GitPeer> {
  const folder = join(root, '.nginx')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'cert.pem'), tls.cert)
  writeFileSync(join(folder, 'key.pem'), tls.key, { mode: 0o600 })
  writeFileSync(join(folder, 'htpasswd'), `${credentials.username}:{PLAIN}${credentials.password}\n`)
  const port = await freePort()
  const socket = join(folder, 'fcgi.sock')
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; ${user} worker_processes 2; events {}
http { access_log off; client_max_body_size 0; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
server { listen 127.0.0.1:${port} ssl; ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;
auth_basic peer; auth_basic_user_file ${folder}/htpasswd; keepalive_requests 100000;
location / { fastcgi_pass unix:${socket}; fastcgi_buffering off; fastcgi_request_buffering off; fastcgi_read_timeout 600; include /etc/nginx/fastcgi_params;
fastcgi_param SCRIPT_FILENAME ${backend}; fastcgi_param GIT_HTTP_EXPORT_ALL 1; fastcgi_param GIT_PROJECT_ROOT ${root};
fastcgi_param PATH_INFO $uri; fastcgi_param REMOTE_USER bench; fastcgi_param GIT_PROTOCOL $http_git_protocol; } } }`,
  )
  const account = openCpuAccount('peer')
  const start = async (): Promise<ChildProcess[]> => {
    const started = ([[fcgiwrap, ['-c', '8', '-s', `unix:${socket}`]], ['nginx', ['-c', join(folder, 'nginx.conf')]]] as const).map(([program, args]) =>
      // Groups of their own: fcgiwrap's children outlive it.
      spawn(...(account?.counted(program, args) ?? ([program, [...args]] as const)), { stdio: 'ignore', detached: true }),
    )
    await answers(port, () => readFileSync(join(folder, 'error.log'), 'utf8'))
    while (!existsSync(socket)) await pause(20)
    return started
  }
  let processes = await start()
  // A bench that is interrupted leaves nothing running.
  process.once('exit', () => {
    for (const child of processes) signalGroup(child)
  })
  const stop = async (): Promise<void> => {
    await Promise.all(processes.map((child) => ended(child)))
    spawnSync('rm', ['-f', socket])
  }
  return {
    name: 'nginx + git http-backend',
    origin: `https://localhost:${port}`,
    cpu: () => account?.seconds(),
    restart: async () => {
      await stop()
      processes = await start()
    },
    stop: async () => {
      await stop()
      account?.close()
    },
  }
}

/** The least Node that can be before `git http-backend`, in this process: never wait for git synchronously beside it. */
export async function startNodePeer(root: string, { tls, credentials }: PeerOptions): Promise<GitPeer> {
  const expected = `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`
  const server = createServer(tls, (request, response) => {
    if (request.headers.authorization !== expected) {
      request.resume()
      response.writeHead(401, { 'www-authenticate': 'Basic realm="peer"', 'content-length': 0 }).end()
      return
    }
    const [path = '', query = ''] = (request.url ?? '').split('?')
    const protocol = request.headers['git-protocol']
    const child = spawn(backend, {
      env: {
        NODE_ENV: 'production',
        PATH: process.env['PATH'] ?? '',
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: '1',
        REMOTE_USER: 'bench',
        REQUEST_METHOD: request.method ?? 'GET',
        PATH_INFO: path,
        QUERY_STRING: query,
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        ...(request.headers['content-encoding'] === undefined ? {} : { HTTP_CONTENT_ENCODING: request.headers['content-encoding'] }),
        ...(typeof protocol === 'string' ? { GIT_PROTOCOL: protocol } : {}),
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    request.pipe(child.stdin)
    response.once('close', () => child.kill())
    child.stdin.on('error', () => undefined)
    let head = Buffer.alloc(0)
    const readHead = (chunk: Buffer): void => {
      head = Buffer.concat([head, chunk])
      const end = head.indexOf('\r\n\r\n')
      if (end === -1) return
      child.stdout.off('data', readHead)
      const lines = head.subarray(0, end).toString().split('\r\n').map((line) => line.split(': '))
      const status = lines.find(([name]) => name === 'Status')?.[1]
      response.writeHead(Number(status?.slice(0, 3) ?? 200), Object.fromEntries(lines.filter(([name]) => name !== 'Status').map(([name = '', value = '']) => [name, value])))
      response.write(head.subarray(end + 4))
      child.stdout.pipe(response)
    }
    child.stdout.on('data', readHead)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    name: 'Node + git http-backend (no nginx here)',
    origin: `https://localhost:${(server.address() as AddressInfo).port}`,
    cpu: () => undefined,
    restart: async () => undefined,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    signalGroup(child)
  })
}

function signalGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGTERM')
}

async function answers(port: number, why: () => string): Promise<void> {
  for (let attempt = 0; attempt < 250; attempt++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => resolve(false))
    })
    if (open) return
    await pause(20)
  }
  throw new Error(`nginx does not answer: ${why()}`)
}

async function freePort(): Promise<number> {
  const server = createNetServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
