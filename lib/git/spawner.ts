import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { env as ownEnvironment } from 'node:process'
import { PassThrough } from 'node:stream'
import { headLength, spawnOnRequest, type SpawnReply, type SpawnRequest } from '#lib/git/spawner-process'

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
  const spawner: Spawner = { path, server: createServer({ allowHalfOpen: true }), process: null, children: new Map(), lastId: 0 }
  spawner.server.on('connection', (socket) => receive(spawner, socket))
  await new Promise<void>((resolve, reject) => {
    spawner.server.once('error', reject)
    spawner.server.listen(path, resolve)
  })
  spawner.server.unref()
  startProcess(spawner)
  holder()[key] = spawner
  return async () => {
    holder()[key] = undefined
    const { process } = spawner
    spawner.process = null
    if (process?.connected) process.disconnect()
    await new Promise((resolve) => spawner.server.close(resolve))
    rmSync(path, { force: true })
  }
}

/** A git that runs, as Node's `ChildProcess` shows one: `spawn` and `exit`, or `error`; and `close` once its output has been read. */
export class SpawnedGit extends EventEmitter<{ spawn: []; error: [Error]; exit: [number | null, NodeJS.Signals | null]; close: [number | null, NodeJS.Signals | null] }> {
  pid: number | undefined
  exitCode: number | null = null
  signalCode: NodeJS.Signals | null = null
  readonly stdin: PassThrough | null
  readonly stdout = new PassThrough()
  readonly stderr = new PassThrough()
  #open = 2
  #ended = false

  constructor(withInput: boolean) {
    super()
    this.stdin = withInput ? new PassThrough() : null
    for (const output of [this.stdout, this.stderr]) output.once('close', () => this.#closed())
  }

  /** Joins one of its streams to the connection that leads to it. */
  attach(descriptor: number, socket: Socket): void {
    const { stdin } = this
    if (descriptor === 0 && stdin) {
      socket.on('error', (error) => stdin.destroy(error))
      // git reads no further: what is still written to it fails, as to a pipe.
      socket.on('end', () => stdin.destroy())
      socket.resume()
      if (stdin.destroyed) socket.destroy()
      else stdin.pipe(socket)
      stdin.once('close', () => {
        if (!stdin.writableFinished) socket.destroy()
      })
      return
    }
    const output = descriptor === 1 ? this.stdout : this.stderr
    // A connection that breaks off is an output that ends: how git ended tells the rest.
    socket.on('error', () => output.end())
    output.once('close', () => socket.destroy())
    if (output.destroyed) socket.destroy()
    else socket.pipe(output)
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
export function spawnThroughSpawner(args: readonly string[], options: Readonly<{ cwd: string | undefined; env: NodeJS.ProcessEnv; stdin: boolean }>): SpawnedGit | null {
  const spawner = holder()[key]
  if (!spawner) return null
  const process = spawner.process ?? startProcess(spawner)
  const child = new SpawnedGit(options.stdin)
  const id = (spawner.lastId = (spawner.lastId + 1) % 0x1_0000_0000)
  spawner.children.set(id, child)
  child.once('close', () => spawner.children.delete(id))
  child.once('error', () => spawner.children.delete(id))
  const request: SpawnRequest = { id, args, cwd: options.cwd, env: options.env, stdin: options.stdin }
  process.send(request, (error) => {
    if (error) child.told({ id, error: error.message })
  })
  return child
}

type Spawner = {
  readonly path: string
  readonly server: Server
  process: ChildProcess | null
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
  const text = `const __name = (target) => target;(${spawnOnRequest.toString()})(process, require('node:child_process'), require('node:net'), ${JSON.stringify(spawner.path)})`
  const started = spawn(process.execPath, ['--max-semi-space-size=1', '--max-old-space-size=64', '--input-type=commonjs', '--eval', text], {
    // Nothing of this process's environment: it holds secrets.
    env: { PATH: ownEnvironment['PATH'], NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  spawner.process = started
  started.on('message', (reply: SpawnReply) => spawner.children.get(reply.id)?.told(reply))
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

/** Reads the head of a connection and hands it to the process that it names. */
function receive(spawner: Spawner, socket: Socket): void {
  socket.on('error', () => undefined)
  const read = (): void => {
    const head = socket.read(headLength) as Buffer | null
    if (!head) {
      if (!socket.readableEnded) socket.once('readable', read)
      return
    }
    const text = head.toString('latin1')
    const child = spawner.children.get(Number.parseInt(text.slice(0, 8), 16))
    if (child) child.attach(Number(text.slice(8)), socket)
    else socket.destroy()
  }
  read()
}
