import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { env as ownEnvironment } from 'node:process'
import { PassThrough } from 'node:stream'
import { GitOutput } from '#lib/git/git-output'
import { headLength, headOf, spawnOnRequest, type SpawnerStart, type SpawnReply, type SpawnRequest } from '#lib/git/spawner-process'

/**
 * Starts the small process that starts git for this one.
 *
 * To start a process a system copies the table of the memory of the one that asks, and Node's server has some hundred
 * thousand entries: it stood still for 30 ms at every git, the small one for 2 (docs/decisions/014-spawner.md).
 *
 * @param path  of a socket, in a folder that is this user's alone
 * @returns stops it; what git it has running is ended
 * @throws Error where the socket cannot be had (a path too long for one)
 */
export async function startSpawner(path: string): Promise<() => Promise<void>> {
  if (Buffer.byteLength(path) > longestPath) throw new Error(`a socket's path has at most ${longestPath} bytes: ${path}`)
  const spawner: Spawner = { path, process: null, listening: Promise.resolve(), children: new Map(), lastId: 0 }
  startProcess(spawner)
  // Until it is known, it is worth staying for.
  spawner.process?.channel?.ref()
  await spawner.listening.finally(() => spawner.process?.channel?.unref())
  holder()[key] = spawner
  return async () => {
    holder()[key] = undefined
    const { process } = spawner
    spawner.process = null
    if (process?.connected) {
      const ended = new Promise((resolve) => process.once('exit', resolve))
      process.ref()
      process.disconnect()
      await ended
    }
    rmSync(path, { force: true })
  }
}

/** A git that runs, as Node's `ChildProcess` shows one: `spawn` and `exit`, or `error`; and `close` once its output has been read. */
export class SpawnedGit extends EventEmitter<{ spawn: []; error: [Error]; exit: [number | null, NodeJS.Signals | null]; close: [number | null, NodeJS.Signals | null] }> {
  pid: number | undefined
  exitCode: number | null = null
  signalCode: NodeJS.Signals | null = null
  readonly stdin: PassThrough | null
  readonly stdout: PassThrough | GitOutput
  readonly stderr = new PassThrough()
  #open = 2
  #ended = false

  constructor({ stdin, pieces }: Readonly<{ stdin: boolean; pieces: boolean }>) {
    super()
    this.stdin = stdin ? new PassThrough() : null
    this.stdout = pieces ? new GitOutput() : new PassThrough()
    for (const output of [this.stdout, this.stderr]) output.once('close', () => this.#closed())
  }

  /** Makes the connections that its streams are, to the spawner at `path`. */
  connect(id: number, path: string): void {
    const { stdin, stdout, stderr } = this
    const joined = (descriptor: number, socket: Socket): Socket => {
      // Before git runs there is nobody else to tell that it never will.
      socket.on('error', (error) => this.pid === undefined && this.told({ id, error: error.message }))
      socket.write(headOf(id, descriptor))
      return socket
    }
    const connected = (descriptor: number): Socket => joined(descriptor, connect({ path, allowHalfOpen: true }))
    if (stdin) this.#feed(stdin, connected(0))
    if (stdout instanceof GitOutput) joined(1, stdout.connect(path))
    else read(connected(1), stdout)
    read(connected(2), stderr)
  }

  #feed(stdin: PassThrough, socket: Socket): void {
    socket.on('error', (error) => stdin.destroy(error))
    // git reads no further: what is still written to it fails, as to a pipe.
    socket.on('end', () => stdin.destroy())
    socket.resume()
    // Before git runs, what is written might be read by who starts it.
    this.once('spawn', () => {
      if (!stdin.destroyed) stdin.pipe(socket)
    })
    stdin.once('close', () => {
      if (!stdin.writableFinished) socket.destroy()
    })
    this.once('error', () => socket.destroy())
  }

  /** Takes what the spawner says of it. */
  told({ pid, error, exitCode = null, signal = null }: SpawnReply): void {
    // What is said of it once it has ended, by a spawner that ends itself, changes nothing.
    if (this.#ended) return
    if (pid !== undefined) {
      this.pid = pid
      this.emit('spawn')
    } else if (error !== undefined) {
      this.#ended = true
      for (const stream of [this.stdin, this.stdout, this.stderr]) stream?.destroy()
      this.emit('error', new Error(error))
    } else {
      this.#ended = true
      this.exitCode = exitCode
      this.signalCode = signal
      this.emit('exit', exitCode, signal)
      this.#maybeClose()
    }
  }

  /** Nobody will hear any more of it: it counts as killed, unless its end was told before; then its output is still whole. */
  abandon(id: number): void {
    if (this.#ended) return
    this.told(this.pid === undefined ? { id, error: 'the process that starts git has ended' } : { id, exitCode: null, signal: 'SIGKILL' })
    for (const output of [this.stdout, this.stderr]) output.destroy()
  }

  #closed(): void {
    this.#open -= 1
    this.#maybeClose()
  }

  #maybeClose(): void {
    if (this.#ended && this.#open === 0) this.emit('close', this.exitCode, this.signalCode)
  }
}

/** Starts git through the spawner; null where there is none, as in a process that is small itself. */
export function spawnThroughSpawner(
  args: readonly string[],
  options: Readonly<{ cwd: string | undefined; env: NodeJS.ProcessEnv; stdin: boolean; pieces: boolean }>,
): SpawnedGit | null {
  const spawner = holder()[key]
  if (!spawner) return null
  const process = spawner.process ?? startProcess(spawner)
  const child = new SpawnedGit(options)
  const id = (spawner.lastId = (spawner.lastId + 1) % 0x1_0000_0000)
  spawner.children.set(id, child)
  child.once('close', () => spawner.children.delete(id))
  child.once('error', () => spawner.children.delete(id))
  const request: SpawnRequest = { id, args, cwd: options.cwd, env: options.env, stdin: options.stdin }
  const failed = (error: Error | null): void => {
    if (error) child.told({ id, error: error.message })
  }
  process.send(request, failed)
  spawner.listening.then(() => child.connect(id, spawner.path), failed)
  return child
}

type Spawner = {
  readonly path: string
  process: ChildProcess | null
  /** Once the process takes connections; rejects where it never will. */
  listening: Promise<void>
  readonly children: Map<number, SpawnedGit>
  lastId: number
}

/** sockaddr_un of macOS, the shorter one; longer ones are cut off without a word. */
const longestPath = 103

const key = Symbol.for('codekeep.git.spawner')

/** Modules of lib/ exist more than once in a process; the spawner does not. */
function holder(): { [key]?: Spawner | undefined } {
  return globalThis as { [key]?: Spawner | undefined }
}

function startProcess(spawner: Spawner): ChildProcess {
  // What a compiler that keeps functions' names has put into the text (tsx, in development).
  const text = `const __name = (target) => target;(${spawnOnRequest.toString()})(process, require('node:child_process'), require('node:net'), require('node:fs'), ${JSON.stringify({ path: spawner.path, headLength })})`
  const started = spawn(process.execPath, ['--max-semi-space-size=1', '--max-old-space-size=64', '--input-type=commonjs', '--eval', text], {
    // Nothing of this process's environment: it holds secrets.
    env: { PATH: ownEnvironment['PATH'], NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  spawner.process = started
  spawner.listening = new Promise((resolve, reject) => {
    started.on('message', (said: SpawnReply | SpawnerStart) => {
      if (!('listening' in said)) spawner.children.get(said.id)?.told(said)
      else if (said.listening) resolve()
      else reject(new Error(said.error))
    })
    started.once('exit', () => reject(new Error('the process that starts git has ended')))
  })
  spawner.listening.catch(() => undefined)
  const gone = (): void => {
    if (spawner.process === started) spawner.process = null
    // Of those that it had started nobody will hear any more; the next git has a new spawner.
    for (const [id, child] of spawner.children) child.abandon(id)
  }
  started.once('error', gone)
  started.once('exit', gone)
  started.unref()
  started.channel?.unref()
  return started
}

/** Passes on what a git writes. */
function read(socket: Socket, output: PassThrough): void {
  // A connection that breaks off is an output that ends: how git ended tells the rest.
  socket.on('error', () => output.end())
  output.once('close', () => socket.destroy())
  if (output.destroyed) socket.destroy()
  else socket.pipe(output)
}
