import { Readable } from 'node:stream'
import type { ProtocolVersion } from '#lib/git/advertise'
import { spawnGit, type GitProcess } from '#lib/git/command'
import { PktLineReader } from '#lib/git/pkt-line'

/**
 * Starts `git upload-pack` on a repository: a client's bytes in, bytes for the client out. It knows neither HTTP nor SSH.
 *
 * With `statelessRpc` one request is answered: a whole body of protocol 0 or 1, or one `fetch` of protocol 2, over HTTP or
 * SSH (in protocol 2 a client repeats what is common, so each request may have a git of its own). Without it git
 * holds a whole conversation and begins with its advertisement; `alreadyAdvertised` drops that, for a caller that has
 * sent its own of the same refs.
 *
 * The end of `stdout` alone does not say that all went well: await `done` before ending the answer. It rejects with
 * GitError, often 128 for a client that hung up or asked for what is not there (git has told the client by then).
 */
export function uploadPack(
  options: Readonly<{
    gitDir: string
    protocol: ProtocolVersion
    statelessRpc: boolean
    alreadyAdvertised?: boolean | undefined
    stdin: Readable | Uint8Array
    signal: AbortSignal
    /** Seconds without a word from the client after which git gives up. */
    timeout?: number | undefined
  }>,
): Pick<GitProcess, 'stdout' | 'done' | 'kill' | 'stop'> {
  const child = spawnGit(
    [
      'upload-pack',
      ...(options.statelessRpc ? ['--stateless-rpc'] : []),
      ...(options.timeout === undefined ? [] : [`--timeout=${options.timeout}`]),
      '--strict',
      options.gitDir,
    ],
    {
      stdin: options.stdin,
      signal: options.signal,
      pieces: true,
      env: options.protocol === 0 ? {} : { GIT_PROTOCOL: `version=${options.protocol}` },
    },
  )
  const { done, kill, stop } = child
  const drop = options.alreadyAdvertised === true && !options.statelessRpc
  return { stdout: drop ? afterAdvertisement(child) : child.stdout, done, kill, stop }
}

/** The output behind the first flush. */
function afterAdvertisement({ stdout, kill }: GitProcess): Readable {
  async function* rest(): AsyncGenerator<Uint8Array> {
    const reader = new PktLineReader(stdout as AsyncIterable<Uint8Array>)
    for (;;) {
      const pkt = await reader.read()
      if (pkt === null) return
      if (pkt.type === 'flush') break
    }
    yield* reader.rest() as AsyncIterable<Uint8Array>
  }
  const output = Readable.from(rest(), { objectMode: false })
  output.once('close', () => {
    if (!output.readableEnded) kill(new Error('the client hung up'))
  })
  return output
}
