import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTls } from '#lib/server/tls'

export type GitSource = Readonly<{
  /** `https://localhost:<port>` */
  origin: string
  host: string
  caFile: string
  /** How many requests it has had, and what they were authorized with. */
  requests: { path: string; authorization: string | undefined }[]
  [Symbol.asyncDispose]: () => Promise<void>
}>

/**
 * Another Git server: stock `git http-backend` behind HTTPS with a CA of its own, serving the repositories of a folder.
 * @param answer  answers a request in place of git where it returns true: a hostile server, a redirect, a slow one
 */
export async function gitSource(
  folder: string,
  options: { credentials?: { username: string; password: string }; answer?: (request: IncomingMessage, response: ServerResponse) => boolean } = {},
): Promise<GitSource> {
  const dataDir = mkdtempSync(join(tmpdir(), 'codekeep-source-'))
  const { key, cert, caFile } = await openTls({ dataDir, domain: 'localhost', host: '127.0.0.1' })
  const requests: GitSource['requests'] = []
  const { credentials } = options
  const expected = credentials && `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`
  const server = createServer({ key, cert }, (request, response) => {
    requests.push({ path: request.url ?? '', authorization: request.headers.authorization })
    if (options.answer?.(request, response) === true) return
    if (expected !== undefined && request.headers.authorization !== expected) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="source"' }).end('who are you?')
      return
    }
    httpBackend(folder, request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `https://localhost:${port}`,
    host: `localhost:${port}`,
    caFile,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** git http-backend is a CGI program: the request in its environment and standard input, headers and body on standard output. */
function httpBackend(folder: string, request: IncomingMessage, response: ServerResponse): void {
  const [path = '', query = ''] = (request.url ?? '').split('?')
  const child = spawn('git', ['http-backend'], {
    env: {
      ...process.env,
      GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*',
      GIT_PROJECT_ROOT: folder, GIT_HTTP_EXPORT_ALL: '1', PATH_INFO: decodeURIComponent(path), QUERY_STRING: query,
      REQUEST_METHOD: request.method ?? 'GET', CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '', GIT_PROTOCOL: [request.headers['git-protocol'] ?? ''].flat().join(':'),
      ...(request.headers['content-length'] !== undefined && { CONTENT_LENGTH: request.headers['content-length'] }),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  child.stdin.on('error', () => undefined)
  request.pipe(child.stdin)
  let head = Buffer.alloc(0)
  const onHead = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk])
    const end = head.indexOf('\r\n\r\n')
    if (end === -1) return
    child.stdout.off('data', onHead)
    const lines = head.toString('latin1', 0, end).split('\r\n').map((line) => line.split(/: */, 2) as [string, string])
    const status = lines.find(([name]) => name.toLowerCase() === 'status')?.[1]
    response.writeHead(status === undefined ? 200 : Number.parseInt(status, 10), Object.fromEntries(lines.filter(([name]) => name.toLowerCase() !== 'status')))
    response.write(head.subarray(end + 4))
    child.stdout.pipe(response)
  }
  child.stdout.on('data', onHead)
  response.once('close', () => child.kill())
}
