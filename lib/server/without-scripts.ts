import type { IncomingMessage, ServerResponse } from 'node:http'
import { wholePage } from './whole-page.ts'

/** Whether the request is of a browser that has said that it runs no scripts (app/without-scripts keeps the cookie). */
export function isWithoutScripts({ headers }: IncomingMessage): boolean {
  return headers.cookie?.split(/; */).includes('codekeep-scripts=off') ?? false
}

/** Holds a page back until all of it is there, and sends it as scripts would have put it together. What is no page passes through. */
export function sendWhole(request: IncomingMessage, response: ServerResponse): void {
  // What is compressed on its way cannot be read here.
  request.headers['accept-encoding'] = 'identity'
  const write = response.write.bind(response) as Send<boolean>
  const end = response.end.bind(response) as Send<ServerResponse>
  const held: Buffer[] = []
  const hold = ([chunk, encoding]: Sent) => {
    if (typeof chunk === 'string') held.push(Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8'))
    else if (chunk instanceof Uint8Array) held.push(Buffer.from(chunk))
  }
  const isPage = () => String(response.getHeader('content-type') ?? '').startsWith('text/html')

  response.write = (...sent: Sent): boolean => {
    if (!isPage()) return write(...sent)
    hold(sent)
    const done = doneOf(sent)
    if (done) process.nextTick(done)
    return true
  }
  response.end = (...sent: Sent): ServerResponse => {
    if (!isPage() || request.method === 'HEAD') return end(...sent)
    hold(sent)
    return end(wholePage(Buffer.concat(held).toString('utf8')), 'utf8', doneOf(sent))
  }
}

function doneOf([, encoding, done]: Sent): Done | undefined {
  return typeof encoding === 'function' ? encoding : done
}

type Done = (error?: Error | null) => void
type Sent = readonly [chunk?: unknown, encoding?: BufferEncoding | Done | undefined, done?: Done | undefined]
type Send<Answer> = (...sent: Sent) => Answer
