import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

/**
 * A client that costs little: sockets that each send the same prepared bytes and read one answer before they send again. A process of its own (bench/requests-per-second.ts starts it), so that its work is not the measuring program's.
 *
 * Reads a `Load` as JSON from its standard input; writes the answers a second.
 */
export type Load = Readonly<{
  host: string
  port: number
  /** PEM of the CA for TLS; null for plain HTTP. */
  ca: string | null
  /** The whole request, as latin1. */
  request: string
  connections: number
  warmUpSeconds: number
  seconds: number
}>

async function main(load: Load): Promise<void> {
  const request = Buffer.from(load.request, 'latin1')
  const sockets = await Promise.all(Array.from({ length: load.connections }, () => connect(load)))
  const begin = performance.now() + load.warmUpSeconds * 1000
  const end = begin + load.seconds * 1000
  let answered = 0
  const running = () => {
    const now = performance.now()
    if (now >= begin && now < end) answered += 1
    return now < end
  }
  await Promise.all(sockets.map((socket) => exchange(load, socket, request, running)))
  process.stdout.write(String(answered / load.seconds))
}

async function connect({ host, port, ca }: Load): Promise<Socket> {
  const socket = ca === null ? connectPlain({ host, port }) : connectTls({ host, port, ca, servername: host })
  socket.setNoDelay(true)
  await once(socket, ca === null ? 'connect' : 'secureConnect')
  return socket
}

/**
 * Sends the request again after each whole answer for as long as `again` says so, by the same connection where the server keeps
 * it. Any answer but 200 is an error.
 */
async function exchange(load: Load, first: Socket, request: Buffer, again: () => boolean): Promise<void> {
  for (let socket = first; ; socket = await connect(load)) {
    const ended = await exchangeBy(socket, request, again)
    socket.destroy()
    if (ended) return
  }
}

/** Resolves to false where the server has ended the connection and more is to be asked. */
function exchangeBy(socket: Socket, request: Buffer, again: () => boolean): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0)
    socket.on('error', reject)
    socket.setTimeout(30_000, () => reject(new Error('no answer for 30 seconds')))
    socket.on('close', () => reject(new Error('the server closed the connection')))
    socket.on('data', (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      const headEnd = received.indexOf('\r\n\r\n')
      if (headEnd === -1) return
      const head = received.toString('latin1', 0, headEnd)
      const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
      if (!head.startsWith('HTTP/1.1 200 ') || length === undefined) {
        reject(new Error(`an answer that was not expected: ${head}`))
        return
      }
      if (received.length < headEnd + 4 + Number(length)) return
      received = Buffer.alloc(0)
      if (!again()) resolve(true)
      else if (/\r\nconnection: *close/i.test(head)) resolve(false)
      else socket.write(request)
    })
    socket.write(request)
  })
}

await main(JSON.parse(readFileSync(0, 'utf8')) as Load)
