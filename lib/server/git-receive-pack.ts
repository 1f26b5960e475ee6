import type { Readable } from 'node:stream'
import type { GitTransport } from '#lib/codecommit/git-event'
import { GitPush, GitPushRefs } from '#lib/codecommit/git-push'
import { advertiseReceivePack, type ProtocolVersion } from '#lib/git/advertise'
import { isCommandLimitError, parseReceivePackRequest, receivePackAnswer, type ReceivePackReport, type ReceivePackRequest } from '#lib/git/receive-pack'
import { invoke } from '#lib/invoke'
import type { RequestContext } from '#lib/operation/context'
import { isServiceException, type ServiceException } from '#lib/operation/exception'
import { gitAgent } from './git-upload-pack.ts'
import { refusalText } from './refusal-text.ts'

/** Refs that one push may change (CodeCommit's quota). */
export const maxCommandsInPush = 4000

/** The end of what a push is answered with. */
export type PushAnswer = Readonly<{
  bytes: Buffer
  /** What the client may still be sending of a pack that was refused; null where it was taken. */
  unread: Readable | null
}>

/**
 * What a push begins with, over either door: the refs, answered without git.
 * @throws ServiceException where the caller may not push, or may not use the repository's key
 */
export async function advertisePush(
  context: RequestContext,
  repositoryName: string,
  { transport, protocol }: Readonly<{ transport: GitTransport; protocol: ProtocolVersion }>,
): Promise<Buffer> {
  const { refs } = await invoke(GitPushRefs, context, { repositoryName, transport })
  return advertiseReceivePack(refs, { protocol, agent: gitAgent, pushOptions: true })
}

/**
 * Reads a push and runs it; progress goes out through `write` meanwhile, and what is left to say is given back. Null where
 * nothing is asked: the lone flush with which git probes a server before a large body, or a client with nothing to push.
 *
 * What git must know of a refusal is in the answer, so this throws only for what no client of git sends, for a client that
 * is gone, and for what nobody expected.
 */
export async function answerPush(
  context: RequestContext,
  repositoryName: string,
  body: AsyncIterable<Uint8Array>,
  client: Readonly<{ transport: GitTransport; signal: AbortSignal; write: (bytes: Buffer) => void }>,
): Promise<PushAnswer | null> {
  let push: ReceivePackRequest | null
  try {
    push = await parseReceivePackRequest(body, { maxCommands: maxCommandsInPush })
  } catch (error) {
    if (!isCommandLimitError(error)) throw error
    const answer = receivePackAnswer(error.capabilities)
    const reason = `Too many reference update commands: ${error.commandCount}, and one push may have ${error.limit}`
    return { bytes: Buffer.concat([answer.progress('Too many reference update commands\n'), answer.fatal(reason)]), unread: error.pack }
  }
  return push && runPush(context, repositoryName, push, client)
}

async function runPush(
  context: RequestContext,
  repositoryName: string,
  push: ReceivePackRequest,
  { transport, signal, write }: Readonly<{ transport: GitTransport; signal: AbortSignal; write: (bytes: Buffer) => void }>,
): Promise<PushAnswer> {
  const answer = receivePackAnswer(push.capabilities)
  const progress = (text: string): void => {
    if (!push.capabilities.quiet) write(answer.progress(text))
  }
  const request = { transport, commands: push.commands, atomic: push.capabilities.atomic, capabilities: capabilitiesOf(push), pack: push.pack, progress, signal }
  try {
    const { report } = await invoke(GitPush, context, { repositoryName, request })
    return { bytes: answer.report(report), unread: null }
  } catch (error) {
    if (!isServiceException(error) || signal.aborted) throw error
    return { bytes: Buffer.concat([answer.progress(`${refusalText(error)}\n`), answer.report(reportOf(error, push))]), unread: push.pack }
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
