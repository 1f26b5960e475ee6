import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/** A plaintext git server over HTTPS: what Codekeep is measured against. */
export type GitPeer = Readonly<{ name: string; origin: string; stop: () => Promise<void> }>

/**
 * Serves the repositories below `root` with stock `git http-backend`: behind nginx where Debian's nginx and fcgiwrap are on
 * the machine, else behind the least Node that can be. `tls` is a certificate that the client trusts.
 */
export async function startGitPeer(root: string, tls: Readonly<{ cert: string; key: string }>): Promise<GitPeer> {
  return hasNginx() ? startNginx(root, tls) : startNode(root, tls)
}

const backend = join(spawnSync('git', ['--exec-path'], { encoding: 'utf8' }).stdout.trim(), 'git-http-backend')

function hasNginx(): boolean {
  return !spawnSync('nginx', ['-v']).error && existsSync('/usr/sbin/fcgiwrap')
}

async function startNginx(root: string, tls: { cert: string; key: string }): Promise<GitPeer> {
  const folder = join(root, '.nginx')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'cert.pem'), tls.cert)
  writeFileSync(join(folder, 'key.pem'), tls.key, { mode: 0o600 })
  const port = 20000 + Math.floor(Math.random() * 20000)
  const socket = join(folder, 'fcgi.sock')
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; user root; worker_processes 2; events {}
http { access_log off; client_max_body_size 0; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
server { listen 127.0.0.1:${port} ssl; ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;
location / { fastcgi_pass unix:${socket}; fastcgi_buffering off; fastcgi_request_buffering off; include /etc/nginx/fastcgi_params;
fastcgi_param SCRIPT_FILENAME ${backend}; fastcgi_param GIT_HTTP_EXPORT_ALL 1; fastcgi_param GIT_PROJECT_ROOT ${root};
fastcgi_param PATH_INFO $uri; fastcgi_param REMOTE_USER bench; fastcgi_param GIT_PROTOCOL $http_git_protocol; } } }`,
  )
  const processes: ChildProcess[] = [
    spawn('/usr/sbin/fcgiwrap', ['-c', '8', '-s', `unix:${socket}`], { stdio: 'ignore' }),
    spawn('nginx', ['-c', join(folder, 'nginx.conf')], { stdio: 'ignore' }),
  ]
  await new Promise((resolve) => setTimeout(resolve, 1000))
  return {
    name: 'nginx + git http-backend',
    origin: `https://localhost:${port}`,
    stop: async () => {
      for (const process of processes) process.kill()
    },
  }
}

async function startNode(root: string, tls: { cert: string; key: string }): Promise<GitPeer> {
  const server = createServer(tls, (request, response) => {
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
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
