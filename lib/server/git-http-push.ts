import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import type { RequestContext } from '#lib/operation/context'
import { answerPush } from './git-receive-pack.ts'
import type { GitRoute } from './router.ts'

/** `POST git-receive-pack`: the push itself. Its refusals reach git's user as `remote:` lines and a report. */
export async function receivePackOverHttp(
  response: ServerResponse,
  { repositoryName }: GitRoute,
  context: RequestContext,
  { body, signal }: { body: Readable; signal: AbortSignal },
): Promise<void> {
  const write = (bytes: Buffer): void => {
    if (!response.headersSent) {
      response.writeHead(200, { 'content-type': 'application/x-git-receive-pack-result', 'cache-control': 'no-cache' })
    }
    if (bytes.length > 0) response.write(bytes)
  }
  const answer = await answerPush(context, repositoryName, body, { transport: 'HTTP', signal, write })
  if (answer?.unread) await drain(answer.unread)
  write(answer?.bytes ?? Buffer.alloc(0))
  response.end()
}

/** Over HTTP a client hears the answer once its body has been read. */
async function drain(pack: Readable): Promise<void> {
  if (pack.readableEnded || pack.destroyed) return
  try {
    for await (const _chunk of pack);
  } catch {
    // The client is gone, and with it whoever would have read the answer.
  }
}
