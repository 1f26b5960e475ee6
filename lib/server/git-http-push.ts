import type { ServerResponse, IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { GitPush } from '#lib/codecommit/git-push'
import { isCommandLimitError, parseReceivePackRequest, receivePackAnswer, type ReceivePackReport, type ReceivePackRequest } from '#lib/git/receive-pack'
import { invoke } from '#lib/invoke'
import type { RequestContext } from '#lib/operation/context'
import { isServiceException, type ServiceException } from '#lib/operation/exception'
import { refusalText } from './refusal-text.ts'
import type { GitRoute } from './router.ts'

/** Refs that one push may change (CodeCommit's quota). */
export const maxCommandsInPush = 4000

/** `POST git-receive-pack`: the push itself. Its refusals reach git's user as `remote:` lines and a report. */
export async function receivePackOverHttp(
  _request: IncomingMessage,
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
  let push: ReceivePackRequest | null
  try {
    push = await parseReceivePackRequest(body, { maxCommands: maxCommandsInPush })
  } catch (error) {
    if (!isCommandLimitError(error)) throw error
    const answer = receivePackAnswer(error.capabilities)
    await drain(error.pack)
    write(answer.progress('Too many reference update commands\n'))
    write(answer.fatal(`Too many reference update commands: ${error.commandCount}, and one push may have ${error.limit}`))
    response.end()
    return
  }
  if (!push) {
    // The lone flush with which git asks whether it may send a large body.
    write(Buffer.alloc(0))
    response.end()
    return
  }
  write(await answerPush(context, repositoryName, push, { transport: 'HTTP', signal, write }))
  response.end()
}

/**
 * Runs a push and gives the last bytes of its answer; progress goes out through `write` meanwhile. What git must know of a
 * refusal is in the answer, so this throws only what nobody expected.
 */
export async function answerPush(
  context: RequestContext,
  repositoryName: string,
  push: ReceivePackRequest,
  { transport, signal, write }: { transport: 'HTTP' | 'SSH'; signal: AbortSignal; write: (bytes: Buffer) => void },
): Promise<Buffer> {
  const answer = receivePackAnswer(push.capabilities)
  const progress = (text: string): void => {
    if (!push.capabilities.quiet) write(answer.progress(text))
  }
  const request = { transport, commands: push.commands, atomic: push.capabilities.atomic, capabilities: capabilitiesOf(push), pack: push.pack, progress, signal }
  try {
    const { report } = await invoke(GitPush, context, { repositoryName, request })
    return answer.report(report)
  } catch (error) {
    if (!isServiceException(error) || signal.aborted) throw error
    await drain(push.pack)
    return Buffer.concat([answer.progress(`${refusalText(error)}\n`), answer.report(reportOf(error, push))])
  }
}

/** The report of a push of which nothing happened. */
function reportOf(error: ServiceException, { commands }: ReceivePackRequest): ReceivePackReport {
  const { report } = error.details
  if (isReport(report)) return report
  return { unpackError: null, refs: commands.map(({ ref }) => ({ ref, refused: error.name })) }
}

function isReport(value: unknown): value is ReceivePackReport {
  return typeof value === 'object' && value !== null && 'unpackError' in value && 'refs' in value
}

function capabilitiesOf({ capabilities }: ReceivePackRequest): string[] {
  return [
    ...(capabilities.reportStatus ? ['report-status'] : []),
    ...(capabilities.sideBand64k ? ['side-band-64k'] : []),
    ...(capabilities.atomic ? ['atomic'] : []),
    ...(capabilities.pushOptions ? ['push-options'] : []),
  ]
}

/** Over HTTP a client hears the answer once its body has been read. */
async function drain(pack: Readable | null): Promise<void> {
  if (!pack || pack.readableEnded || pack.destroyed) return
  try {
    for await (const _chunk of pack);
  } catch {
    // The client is gone, and with it whoever would have read the answer.
  }
}
