import type childProcess from 'node:child_process'
import type net from 'node:net'

/** What the spawner is asked to start, under a number of the asker's. */
export type SpawnRequest = Readonly<{ id: number; args: readonly string[]; cwd?: string | undefined; env: Readonly<Record<string, string | undefined>>; stdin: boolean }>

/** What it says of it: that it runs, that it could not be started, or how it ended. */
export type SpawnReply = Readonly<{ id: number; pid?: number; error?: string; exitCode?: number | null; signal?: NodeJS.Signals | null }>

/** Each connection begins with the number of its process, in eight hexadecimal digits, and its file descriptor, in one. */
export const headLength = 9

/**
 * The work of the spawner's process ({@link file://./spawner.ts}): starts git as it is asked to, each stream a connection to
 * the socket at `path`, and says how it ended. Ends what it has started, and itself, when the one who asks is gone.
 *
 * Refers to nothing outside itself: the process is given its text, which needs no file that a bundler would have to find.
 */
export function spawnOnRequest(process: NodeJS.Process, { spawn }: Pick<typeof childProcess, 'spawn'>, { connect }: Pick<typeof net, 'connect'>, path: string): void {
  const running = new Set<number>()
  const say = (reply: SpawnReply): void => {
    if (process.connected) process.send?.(reply)
  }
  const stream = (id: number, descriptor: number): Promise<net.Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect(path)
      // What comes in is git's, and none of it may be read here.
      socket.pause()
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        socket.on('error', () => undefined)
        socket.write(id.toString(16).padStart(8, '0') + String(descriptor), () => resolve(socket))
      })
    })
  const start = async ({ id, args, cwd, env, stdin }: SpawnRequest): Promise<void> => {
    const sockets = await Promise.all([stdin ? stream(id, 0) : null, stream(id, 1), stream(id, 2)])
    try {
      const [input, output, errors] = sockets
      const child = spawn('git', args, { cwd, env: env as NodeJS.ProcessEnv, stdio: [input ?? 'ignore', output, errors], detached: true })
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
    } finally {
      // git has its own of each.
      for (const socket of sockets) socket?.destroy()
    }
  }
  process.on('message', (request: SpawnRequest) => {
    start(request).catch((error: unknown) => say({ id: request.id, error: String(error) }))
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
}
