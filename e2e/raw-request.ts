import { readFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import type { RunningServer } from './server.ts'

export type RawAnswer = Readonly<{ status: number; headers: IncomingHttpHeaders; body: Buffer; text: string }>

export type RawRequest = Readonly<{ method?: string; headers?: Readonly<Record<string, string>>; body?: string | Uint8Array; host?: string }>

/** One HTTPS request as its bytes are, for what no client would send. The certificate is checked. */
export function rawRequest(server: RunningServer, path: string, { method = 'GET', headers = {}, body, host = 'localhost' }: RawRequest = {}): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', servername: host, port: server.port, path, method, ca: readFileSync(server.caFile), agent: false as const }
    request({ ...options, headers: { host: `${host}:${server.port}`, ...headers } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const answer = Buffer.concat(chunks)
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: answer, text: answer.toString() })
      })
    })
      .on('error', reject)
      .end(body)
  })
}

/** HTTP Basic, as git sends it. */
export function basic(userName: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${userName}:${password}`).toString('base64')}` }
}
