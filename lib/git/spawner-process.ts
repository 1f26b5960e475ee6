import type childProcess from 'node:child_process'
import type fs from 'node:fs'
import type net from 'node:net'

/** What the spawner is asked to start, under a number of the asker's. */
export type SpawnRequest = Readonly<{ id: number; args: readonly string[]; cwd?: string | undefined; env: Readonly<Record<string, string | undefined>>; stdin: boolean }>

/** What it says of it: that it runs, that it could not be started, or how it ended. */
export type SpawnReply = Readonly<{ id: number; pid?: number; error?: string; exitCode?: number | null; signal?: NodeJS.Signals | null }>

/** What it says before all that: whether it listens at its path. */
export type SpawnerStart = Readonly<{ listening: true } | { listening: false; error: string }>

/** What the asker says on each connection before the process runs: its number, in eight hexadecimal digits, and its file descriptor, in one. */
export const headLength = 9

/** The head of a connection that is to be a stream of a process. */
export function headOf(id: number, descriptor: number): string {
  return id.toString(16).padStart(8, '0') + String(descriptor)
}

/**
 * The work of the spawner's process ({@link file://./spawner.ts}): starts git as it is asked to, each stream a connection that the
 * asker makes to the socket at `path`, and says how it ended. Ends what it has started, and itself, when the one who asks is gone.
 *
 * Refers to nothing outside itself: the process is given its text, which needs no file that a bundler would have to find.
 */
export function spawnOnRequest(
  process: NodeJS.Process,
  { spawn }: Pick<typeof childProcess, 'spawn'>,
  { createServer }: Pick<typeof net, 'createServer'>,
  { rmSync }: Pick<typeof fs, 'rmSync'>,
  { path, headLength }: Readonly<{ path: string; headLength: number }>,
): void {
  type Asked = { request?: SpawnRequest; readonly streams: Map<number, net.Socket> }
  const running = new Set<number>()
  /** What is not started yet: the request and its connections come in any order. */
  const asked = new Map<number, Asked>()
  const say = (reply: SpawnReply | SpawnerStart): void => {
    if (process.connected) process.send?.(reply)
  }
  const askedFor = (id: number): Asked => {
    const known = asked.get(id) ?? { streams: new Map<number, net.Socket>() }
    asked.set(id, known)
    return known
  }
  const startWhole = (id: number): void => {
    const { request, streams } = askedFor(id)
    if (!request || streams.size < (request.stdin ? 3 : 2)) return
    asked.delete(id)
    try {
      start(request, streams)
    } catch (error) {
      say({ id, error: String(error) })
    } finally {
      // git has its own of each.
      for (const socket of streams.values()) socket.destroy()
    }
  }
  const start = ({ id, args, cwd, env }: SpawnRequest, streams: ReadonlyMap<number, net.Socket>): void => {
    const stdio = [0, 1, 2].map((descriptor) => streams.get(descriptor) ?? ('ignore' as const))
    const child = spawn('git', args, { cwd, env: env as NodeJS.ProcessEnv, stdio, detached: true })
    const { pid } = child
    if (pid !== undefined) {
      running.add(pid)
      say({ id, pid })
    }
    child.once('error', (error) => {
      if (pid === undefined) say({ id, error: error.message })
    })
    child.once('exit', (exitCode, signal) => {
      if (pid !== undefined) running.delete(pid)
      say({ id, exitCode, signal })
    })
  }
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined)
    const read = (): void => {
      const head = socket.read(headLength) as Buffer | null
      if (!head) {
        if (!socket.readableEnded) socket.once('readable', read)
        return
      }
      // Nothing more comes before the process runs, and then this is closed: what comes in is git's.
      const text = head.toString('latin1')
      const id = Number.parseInt(text.slice(0, 8), 16)
      askedFor(id).streams.set(Number(text.slice(8)), socket)
      // Whoever has given up, or could not make all connections, asks for nothing more.
      socket.once('close', () => {
        for (const other of asked.get(id)?.streams.values() ?? []) other.destroy()
        asked.delete(id)
      })
      startWhole(id)
    }
    read()
  })
  process.on('message', (request: SpawnRequest) => {
    askedFor(request.id).request = request
    startWhole(request.id)
  })
  process.once('disconnect', () => {
    for (const pid of running) {
      try {
        process.kill(-pid, 'SIGTERM')
      } catch {
        // ESRCH: it ended by itself.
      }
    }
    process.exit()
  })
  // Whoever stops the server stops its terminal's group: the spawner ends with the server, when that is done with it.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined)
  // One that was killed has left its own there.
  rmSync(path, { force: true })
  server.once('error', (error) => say({ listening: false, error: error.message }))
  server.listen(path, () => say({ listening: true }))
}
