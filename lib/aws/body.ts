import type { IncomingMessage } from 'node:http'
import { requestTimeout, requestTooLarge } from './errors.ts'

/**
 * Reads a whole request body into memory.
 *
 * @param limits  `bytes`: the longest body; `seconds`: how long it may take to arrive
 * @throws ServiceException RequestEntityTooLargeException (413), as soon as it is known, or RequestTimeoutException (408)
 * @throws Error where the client goes away before its end
 */
export function readBody(request: IncomingMessage, limits: { bytes: number; seconds: number }): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > limits.bytes) {
      reject(requestTooLarge(limits.bytes))
      return
    }
    const chunks: Uint8Array[] = []
    let length = 0
    const timer = setTimeout(() => settle(() => reject(requestTimeout(limits.seconds))), limits.seconds * 1000)
    const settle = (finish: () => void): void => {
      clearTimeout(timer)
      request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone)
      finish()
    }
    const onData = (chunk: Uint8Array): void => {
      length += chunk.length
      if (length > limits.bytes) settle(() => reject(requestTooLarge(limits.bytes)))
      else chunks.push(chunk)
    }
    const onEnd = (): void => settle(() => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    const onGone = (): void => settle(() => reject(new Error('the client went away before the end of its request')))
    request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone)
  })
}
