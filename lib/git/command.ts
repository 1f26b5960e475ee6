import { type ChildProcess, spawn } from 'node:child_process'
import { kill as signalProcess, env as ownEnvironment } from 'node:process'
import { PassThrough, type Readable, type Writable } from 'node:stream'
import { GitOutput } from '#lib/git/git-output'
import { type SpawnedGit, spawnThroughSpawner } from '#lib/git/spawner'

/** What every git process is started with. `signal` is required: nothing is started that nobody can stop. */
export type GitOptions = Readonly<{
  cwd?: string | undefined
  /** The repository, as `GIT_DIR`. */
  gitDir?: string | undefined
  /** Bytes for standard input; `'none'` (the default) is an input that is at its end. */
  stdin?: Readable | Uint8Array | 'none' | undefined
  /** Added to the allow-list; git never sees the rest of this process's environment. */
  env?: Readonly<Record<string, string>> | undefined
  signal: AbortSignal
  /** Exit codes that are an answer, not a failure. Default: 0. */
  expectedExitCodes?: readonly number[] | undefined
  /** For much output that is passed on: standard output is a {@link GitOutput} where it can be. */
  pieces?: boolean | undefined
  /** Called with standard error as it comes: progress for whoever waits. */
  onStderr?: ((chunk: Buffer) => void) | undefined
}>

export type GitResult = Readonly<{ exitCode: number; stdout: Buffer; stderr: string }>

/** A running git. Whoever holds it reads `stdout` to its end, or calls `stop`. */
export type GitProcess = Readonly<{
  /** Standard input, where the process was started with `stdin: 'pipe'`; else null. */
  stdin: Writable | null
  stdout: Readable
  /**
   * Settles once, when the process is gone and has written its output: resolves for an expected exit code, rejects with
   * {@link GitError}, the reason of the abort, or the error of the input. The end of `stdout` alone proves nothing.
   */
  done: Promise<Readonly<{ exitCode: number; stderr: string }>>
  /** Ends the process early because enough was read. `done` then resolves. */
  stop: () => Promise<void>
  /** Ends the process because of a failure elsewhere. `done` then rejects with `reason`. */
  kill: (reason: Error) => void
}>

/**
 * Runs git to its end and returns what it wrote.
 *
 * Throws {@link GitError} for an exit code that is not expected or an output above `maxBuffer` (16 MiB unless told),
 * the signal's reason when aborted, and the input's own error when it breaks off.
 */
export async function git(
  args: readonly string[],
  options: GitOptions & Readonly<{ maxBuffer?: number | undefined }>,
): Promise<GitResult> {
  const limit = options.maxBuffer ?? 16 * 1024 * 1024
  const child = spawnGit(args, { ...options, stdin: options.stdin ?? 'none' })
  const chunks: Buffer[] = []
  let size = 0
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > limit) child.kill(new GitError(args, { reason: `wrote more than ${limit} bytes` }))
    else chunks.push(chunk)
  })
  const read = new Promise((resolve) => child.stdout.once('close', resolve))
  const { exitCode, stderr } = await child.done
  await read
  return { exitCode, stdout: Buffer.concat(chunks), stderr }
}

/** Starts git with streams on both sides; each side pushes back when the other is slow. The only place that asks for a git. */
export function spawnGit(
  args: readonly string[],
  options: Omit<GitOptions, 'stdin'> & Readonly<{ stdin?: GitOptions['stdin'] | 'pipe' }>,
): GitProcess {
  const { signal, stdin = 'none', expectedExitCodes = [0] } = options
  signal.throwIfAborted()
  const { cwd } = options
  const env = environment(options)
  // Either way in a process group of its own, so that a cancel also reaches what git starts (pack-objects under upload-pack).
  const child: ChildProcess | SpawnedGit =
    spawnThroughSpawner(args, { cwd, env, stdin: stdin !== 'none', pieces: options.pieces === true }) ??
    spawn('git', args, { cwd, env, stdio: [stdin === 'none' ? 'ignore' : 'pipe', 'pipe', 'pipe'], detached: true })
  const { stderr } = child
  if (child.stdout === null || stderr === null) throw new Error('internal error: git was started without pipes')
  const stdout = child.stdout instanceof GitOutput ? child.stdout : keptForReader(child.stdout)

  const stderrTail = new Tail(stderrLimit)
  let outcome: 'stopped' | Error | undefined
  let killTimer: NodeJS.Timeout | undefined

  const signalGroup = (name: 'SIGTERM' | 'SIGKILL'): void => {
    // Git itself may be gone already while what it started, deaf to SIGTERM, still holds the pipes that `close` waits for.
    if (child.pid === undefined) return
    try {
      signalProcess(-child.pid, name)
    } catch {
      // ESRCH: it ended between the question and the signal.
    }
  }
  const terminate = (why: 'stopped' | Error): void => {
    if (outcome !== undefined) return
    outcome = why
    if (child.pid === undefined) child.once('spawn', () => signalGroup('SIGTERM'))
    signalGroup('SIGTERM')
    killTimer = setTimeout(() => {
      signalGroup('SIGKILL')
    }, killGraceMs)
    // Nobody may be reading any more, and `close` waits for the pipes: without this a cancelled process is never done.
    child.once('exit', () => stdout.destroy())
    if (child.exitCode !== null || child.signalCode !== null) stdout.destroy()
  }
  const abort = (): void => {
    terminate(signal.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal.reason }))
  }

  const done = new Promise<Readonly<{ exitCode: number; stderr: string }>>((resolve, reject) => {
    child.once('error', (cause) => {
      outcome ??= new Error('git could not be started', { cause })
      if (child.pid === undefined) finish(null, null)
    })
    child.once('close', finish)

    function finish(exitCode: number | null, exitSignal: NodeJS.Signals | null): void {
      clearTimeout(killTimer)
      signal.removeEventListener('abort', abort)
      const text = stderrTail.toString()
      if (outcome === 'stopped') resolve({ exitCode: exitCode ?? 0, stderr: text })
      else if (outcome !== undefined) reject(outcome)
      else if (exitCode !== null && expectedExitCodes.includes(exitCode)) resolve({ exitCode, stderr: text })
      else reject(new GitError(args, { exitCode, signal: exitSignal, stderr: text }))
    }
  })
  // Whoever streams looks at `done` last; a failure before that must not count as unhandled.
  done.catch(() => undefined)

  signal.addEventListener('abort', abort, { once: true })
  stderr.on('data', (chunk: Buffer) => {
    stderrTail.push(chunk)
    options.onStderr?.(chunk)
  })
  if (child.stdin !== null) {
    ignoreClosedInput(child.stdin, terminate)
    if (stdin instanceof Uint8Array) child.stdin.end(stdin)
    else if (typeof stdin === 'object') feed(stdin, child.stdin, terminate)
  }

  return {
    stdin: stdin === 'pipe' ? child.stdin : null,
    stdout,
    done,
    stop: async () => {
      terminate('stopped')
      await done
    },
    kill: terminate,
  }
}

/**
 * git ended with an exit code or signal that was not expected.
 *
 * `message` names the subcommand only, so that it may be logged; `args` and `stderr` hold repository data (branch names,
 * paths) and may not.
 */
export class GitError extends Error {
  override readonly name = 'GitError'
  readonly args: readonly string[]
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  /** The last 10 KB of what git said. */
  readonly stderr: string

  constructor(
    args: readonly string[],
    how: { exitCode?: number | null; signal?: NodeJS.Signals | null; stderr?: string; reason?: string },
  ) {
    const { exitCode = null, signal = null, stderr = '' } = how
    super(`git ${subcommand(args)} ${how.reason ?? (signal === null ? `exited with ${exitCode}` : `ended by ${signal}`)}`)
    this.args = args
    this.exitCode = exitCode
    this.signal = signal
    this.stderr = stderr
  }
}

/** True for a {@link GitError} of any copy of this module. */
export function isGitError(error: unknown): error is GitError {
  return error instanceof Error && error.name === 'GitError' && 'stderr' in error
}

const stderrLimit = 10 * 1024
const killGraceMs = 2_000

/**
 * What a process writes, kept for a reader who may come late: Node throws away what nobody is reading when the process exits,
 * and a short answer is often written, and git gone, before its event is durable and its reader begins.
 */
function keptForReader(written: Readable): Readable {
  const kept = new PassThrough({ highWaterMark: 256 * 1024 })
  written.once('error', (error) => kept.destroy(error))
  // Nobody reads any more: git must find that out, as it would from a closed pipe.
  kept.once('close', () => written.destroy())
  return written.pipe(kept)
}

/**
 * The environment of a git process: an allow-list, never this process's own (which holds secrets and could redirect git).
 * PATH is where the executables are; it is read here because finding git is not configuration of the product.
 */
function environment(options: Pick<GitOptions, 'gitDir' | 'env'>): NodeJS.ProcessEnv {
  const variables: Readonly<Record<string, string>> = {
    PATH: ownEnvironment['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    // Paths are names here, not patterns; and a pushed refs/replace/* must not show one object in place of another.
    GIT_LITERAL_PATHSPECS: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    ...(options.gitDir === undefined ? {} : { GIT_DIR: options.gitDir }),
    ...options.env,
  }
  // Next declares NODE_ENV to be part of every environment; it is no part of git's.
  return variables as NodeJS.ProcessEnv
}

/**
 * A process may stop reading before all was written, as in `cat /dev/zero | head -c 1`: cat's write fails with EPIPE, and
 * that is how it learns that nobody listens. For git (upload-pack that has heard enough, index-pack that found the pack
 * broken) the exit code and standard error tell what happened; the broken pipe adds nothing, and without a listener it
 * would end this whole process.
 */
function ignoreClosedInput(stdin: Writable, terminate: (reason: Error) => void): void {
  const closed = new Set(['EPIPE', 'EOF', 'ECONNRESET', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_PREMATURE_CLOSE'])
  stdin.on('error', (error: NodeJS.ErrnoException) => {
    if (!closed.has(error.code ?? '')) terminate(error)
  })
}

/**
 * Pipes `source` into the process. A source that breaks off ends the process with that error: it must not look like the
 * end of the input. When git stops reading first, `source` is left paused, for its owner to drain or to close.
 */
function feed(source: Readable, stdin: Writable, terminate: (reason: Error) => void): void {
  if (source.destroyed && !source.readableEnded) {
    terminate(source.errored ?? new Error('input was closed before its end'))
    return
  }
  if (source.readableEnded) {
    stdin.end()
    return
  }
  source.once('error', terminate)
  source.once('close', () => {
    if (!source.readableEnded) terminate(new Error('input was closed before its end'))
  })
  source.pipe(stdin)
}

function subcommand(args: readonly string[]): string {
  const withValue = new Set(['-c', '-C', '--git-dir'])
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? ''
    if (withValue.has(arg)) at++
    else if (!arg.startsWith('-')) return arg
  }
  return ''
}

/** The last `limit` bytes of what was pushed. */
class Tail {
  #chunks: Buffer[] = []
  #size = 0
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#size += chunk.length
    if (this.#size > 2 * this.#limit) {
      const kept = Buffer.concat(this.#chunks).subarray(-this.#limit)
      this.#chunks = [kept]
      this.#size = kept.length
    }
  }

  toString(): string {
    return Buffer.concat(this.#chunks).subarray(-this.#limit).toString('utf8')
  }
}
