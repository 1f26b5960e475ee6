import type { Socket } from 'node:net'
import type { ServerChannel, Session } from 'ssh2'
import type { RequestContext } from '#lib/operation/context'
import { runGitOverSsh } from './git-ssh.ts'
import { sshStreams, type SshStreams } from './ssh-channel.ts'
import { parseGitCommand } from './ssh-command.ts'
import { stopping } from './stopping.ts'

/** AWS's own words to who tries a shell (aws-facts E.5). */
export const greeting =
  'You have successfully authenticated over SSH. You can use Git to interact with AWS CodeCommit. Interactive shells are not supported.'

/** What a session knows of the connection that it is on. */
export type SessionPlace = Readonly<{
  socket: Socket
  /** Fires when the connection is lost, before ssh2 hears of it. */
  gone: AbortSignal
  /** The context of a request in a Region by whoever holds the key; null where the key has been taken away since. */
  contextFor: () => Promise<((region: string) => RequestContext) | null>
}>

/**
 * Serves one session: one git command. No shell, no terminal, no forwarding, no subsystem (ssh2 refuses what nobody listens
 * for); of the environment `GIT_PROTOCOL` alone is taken.
 *
 * @returns settles when the command has ended and its client is told so, or the session was closed without one
 */
export function serveSession(session: Session, place: SessionPlace): Promise<void> {
  const closed = new AbortController()
  const gone = AbortSignal.any([place.gone, closed.signal])
  let protocol: string | undefined
  session.on('env', (accept: (() => void) | undefined, reject: (() => void) | undefined, { key, val }) => {
    if (key !== 'GIT_PROTOCOL' || val.length > 256) {
      reject?.()
      return
    }
    protocol = val
    accept?.()
  })
  return new Promise((resolve) => {
    let started = false
    const over = (): void => {
      place.gone.removeEventListener('abort', close)
      resolve()
    }
    const close = (): void => {
      closed.abort(new Error('the client closed the session'))
      if (!started) over()
    }
    const run = (accept: () => ServerChannel | undefined, work: (streams: SshStreams) => Promise<number>): void => {
      // A session runs one command; ssh2 gives no channel for a second.
      const channel = accept()
      if (!channel) return
      started = true
      answer(sshStreams(channel, place.socket, gone), work, gone).then(over, over)
    }
    session.on('exec', (accept, _reject, { command }) => {
      run(accept, (streams) => runCommand(command, protocol, streams, place, gone))
    })
    session.on('shell', (accept) => {
      run(accept, async ({ say }) => {
        say(greeting)
        return 1
      })
    })
    session.once('close', close)
    if (place.gone.aborted) close()
    else place.gone.addEventListener('abort', close)
  })
}

async function runCommand(commandLine: string, protocol: string | undefined, { input, output, say }: SshStreams, place: SessionPlace, gone: AbortSignal): Promise<number> {
  const command = parseGitCommand(commandLine)
  if (!command) {
    say(`${greeting} This command is none of Git's.`)
    return 1
  }
  const contextIn = await place.contextFor()
  if (!contextIn) {
    say('The SSH public key of this connection is no longer active.')
    return 1
  }
  const signal = AbortSignal.any([gone, stopping()])
  return runGitOverSsh({ command, protocol, contextIn, input, output, signal })
}

async function answer(streams: SshStreams, work: (streams: SshStreams) => Promise<number>, gone: AbortSignal): Promise<void> {
  try {
    await streams.exit(await work(streams))
  } catch (error) {
    if (stopping().aborted) streams.say('The server is stopping.')
    else if (!gone.aborted) {
      console.error(error)
      streams.say('Something went wrong in Codekeep. Its log says what.')
    }
    streams.cut(1)
  }
}
