import { request as httpRequest, Agent as HttpAgent, type IncomingMessage } from 'node:http'
import { request as httpsRequest, type Agent } from 'node:https'

/** A request as it goes over the wire. */
export type RawRequest = Readonly<{ url: string; method: string; headers: Readonly<Record<string, string>>; body: Buffer | null; agent?: Agent }>

const plain = new HttpAgent({ keepAlive: true, maxSockets: 32 })

/** Sends a request and reads the answer to its end, keeping only the status and the number of bytes. */
export async function raw(request: RawRequest): Promise<{ status: number; bytes: number }> {
  const response = await answerTo(request)
  let bytes = 0
  for await (const chunk of response) bytes += (chunk as Buffer).length
  return { status: response.statusCode ?? 0, bytes }
}

/** Sends a request and leaves its answer unread: what a client that drinks slowly looks like. */
export function answerTo({ url, method, headers, body, agent }: RawRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest
    const request = send(url, { method, headers, agent: url.startsWith('https:') ? agent : plain }, resolve)
    request.on('error', reject)
    request.end(body ?? undefined)
  })
}
