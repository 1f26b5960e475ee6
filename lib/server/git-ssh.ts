import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { GitPullRefs, type PullAnswer } from '#lib/codecommit/git-pull'
import { GitPushRefs } from '#lib/codecommit/git-push'
import { regionsOfRepository } from '#lib/codecommit/repository-region'
import { config } from '#lib/config'
import { gitProtocolVersion, type ProtocolVersion } from '#lib/git/advertise'
import { parseV0Wants, type FetchRequest } from '#lib/git/fetch-request'
import { parseV2Request } from '#lib/git/ls-refs'
import { errorPkt, isProtocolError, PktLineReader, ProtocolError } from '#lib/git/pkt-line'
import type { RequestContext } from '#lib/operation/context'
import { isServiceException } from '#lib/operation/exception'
import { advertisePush, answerPush } from './git-receive-pack.ts'
import { advertisePull, answerV2, startPull } from './git-upload-pack.ts'
import { pour } from './pour.ts'
import { refusalText } from './refusal-text.ts'
import { parseRepositoryPath, type GitCommand } from './ssh-command.ts'

/** One git command over SSH: who asks, and the two directions of its channel. */
export type GitConversation = Readonly<{
  command: GitCommand
  /** `GIT_PROTOCOL` as the client sent it. */
  protocol: string | undefined
  /** The context of a request that comes now, in a Region: a conversation is many requests. */
  contextIn: (region: string) => RequestContext
  input: Readable
  output: Writable
  /** Fires when the client is gone or the server stops. */
  signal: AbortSignal
}>

/**
 * git's protocol over SSH (gitprotocol-pack(5), gitprotocol-v2(5)): the same operations as over HTTPS, in one conversation.
 *
 * A refusal reaches git's user as `fatal: remote error: …`, which is a packet of git's wherever it waits for one.
 *
 * @returns the exit code: 0, or 128 as git's own commands end when they die
 * @throws what nobody expected, and the signal's reason
 */
export async function runGitOverSsh(conversation: GitConversation): Promise<number> {
  const { command, contextIn, output, signal } = conversation
  try {
    const { region, repositoryName } = await locate(command, contextIn)
    const context = (): RequestContext => contextIn(region)
    const repository = { ...conversation, context, repositoryName, version: gitProtocolVersion(conversation.protocol) }
    return await (command.service === 'git-upload-pack' ? uploadPackOverSsh(repository) : receivePackOverSsh(repository))
  } catch (error) {
    if (signal.aborted) throw error
    if (isProtocolError(error)) await send(output, errorPkt(error.message), signal)
    else if (isServiceException(error)) await send(output, errorPkt(refusalText(error)), signal)
    else throw error
    return 128
  }
}

type Repository = GitConversation & Readonly<{ context: () => RequestContext; repositoryName: string; version: ProtocolVersion }>

/** A fetch: refs without git, packs by git. */
async function uploadPackOverSsh(repository: Repository): Promise<number> {
  const { context, repositoryName, version, input, output, signal } = repository
  const client = { transport: 'SSH', signal } as const
  await send(output, await advertisePull(context(), repositoryName, { ...client, protocol: version }), signal)
  const reader = new PktLineReader(input)
  if (version !== 2) {
    const wants = await parseV0Wants(reader)
    if (!wants) return 0
    return sendAnswer(repository, await startPull(context(), repositoryName, { ...client, protocol: version, statelessRpc: false, fetch: wants, stdin: restOf(reader, wants) }))
  }
  for (;;) {
    const request = await parseV2Request(reader)
    if (!request) return 0
    const answer = await answerV2(context(), repositoryName, request, client)
    if (Buffer.isBuffer(answer)) {
      await send(output, answer, signal)
    } else {
      const code = await sendAnswer(repository, answer)
      if (code !== 0) return code
    }
  }
}

/** The conversation from its first byte, for a git that has heard nothing of it. */
function restOf(reader: PktLineReader, { raw }: FetchRequest): Readable {
  const rest = reader.rest()
  rest.unshift(raw)
  return rest
}

async function sendAnswer({ output, signal }: Repository, { stdout, done }: PullAnswer): Promise<number> {
  await pour(stdout, output, signal)
  // git tells its client what is wrong in a packet before it ends with an error of its own.
  return done.then(
    () => 0,
    () => 128,
  )
}

/** A push. Its refusals reach git's user as `remote:` lines and a report. */
async function receivePackOverSsh({ context, repositoryName, version, input, output, signal }: Repository): Promise<number> {
  await send(output, await advertisePush(context(), repositoryName, { transport: 'SSH', protocol: version }), signal)
  const write = (bytes: Buffer): void => {
    if (bytes.length > 0) output.write(bytes)
  }
  const answer = await answerPush(context(), repositoryName, input, { transport: 'SSH', signal, write })
  if (!answer) return 0
  await send(output, answer.bytes, signal)
  if (answer.unread) await hearOut(answer.unread, signal)
  return 0
}

/**
 * Takes what a refused client still sends. git reads the report once its pack is sent, and then closes its side; over SSH a
 * pack has no other end. One that goes on for longer is cut off, and its user has read the reason by then.
 */
async function hearOut(pack: Readable, signal: AbortSignal): Promise<void> {
  pack.on('error', () => undefined)
  pack.resume()
  if (pack.readableEnded || pack.destroyed) return
  await once(pack, 'close', { signal: AbortSignal.any([signal, AbortSignal.timeout(hearOutSeconds * 1000)]) }).catch(() => undefined)
}

const hearOutSeconds = 60

async function send(output: Writable, bytes: Buffer, signal: AbortSignal): Promise<void> {
  if (output.write(bytes)) return
  await once(output, 'drain', { signal })
}

/** Where the repository of a path is. AWS's form names no Region; over SSH no host name does either. */
async function locate({ path, service }: GitCommand, contextIn: GitConversation['contextIn']): Promise<{ region: string; repositoryName: string }> {
  const named = parseRepositoryPath(path)
  if (!named) throw new ProtocolError(`There is no such address. A clone URL is ${universalUrl('<region>', '<name>')}`)
  const { region, repositoryName } = named
  if (region !== null) return { region, repositoryName }
  const operation = service === 'git-upload-pack' ? GitPullRefs : GitPushRefs
  const regions = await regionsOfRepository(contextIn('us-east-1'), operation, { repositoryName, transport: 'SSH' })
  const [only] = regions
  if (only !== undefined && regions.length === 1) return { region: only, repositoryName }
  const why = only === undefined ? 'You have access to it in none' : `It is in ${regions.join(', ')}`
  throw new ProtocolError(`The Region of ${repositoryName} is not known. ${why}: name the Region in the URL, ${universalUrl(only ?? '<region>', repositoryName)}`)
}

function universalUrl(region: string, name: string): string {
  const { domain, sshPort } = config()
  return `ssh://<SSH public key ID>@${domain}:${sshPort}/v1/regions/${region}/repos/${name}`
}
