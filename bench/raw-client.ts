import { request as httpRequest, Agent as HttpAgent } from 'node:http'
import { request as httpsRequest, type Agent } from 'node:https'

/** A request as it goes over the wire. */
export type RawRequest = Readonly<{ url: string; method: string; headers: Readonly<Record<string, string>>; body: Buffer | null; agent?: Agent }>

const plain = new HttpAgent({ keepAlive: true, maxSockets: 32 })

/** Sends a request and reads the answer to its end, keeping only the status and the number of bytes. */
export function raw({ url, method, headers, body, agent }: RawRequest): Promise<{ status: number; bytes: number }> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest
    const request = send(url, { method, headers, agent: url.startsWith('https:') ? agent : plain }, (response) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => (bytes += chunk.length))
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, bytes }))
    })
    request.on('error', reject)
    request.end(body ?? undefined)
  })
}
