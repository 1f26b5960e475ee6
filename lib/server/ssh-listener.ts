import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import ssh2, { type ServerConfig } from 'ssh2'
import { useSshHostKeys, type SshHostKey } from '#lib/codecommit/ssh-host-keys'
import type { Config } from '#lib/config'
import { openHostKeys } from './host-keys.ts'
import { listenError } from './listen-error.ts'
import { plainAddress } from './peer.ts'
import { serveConnection, type SshConnection } from './ssh-connection.ts'
import { abortRunning } from './stopping.ts'

/** The SSH door, listening. */
export type SshListener = Readonly<{
  /** The configured port or, for 0, one that the system chose. */
  port: number
  hostKeys: readonly SshHostKey[]
  /**
   * Takes no new connections and commands, and lets running ones finish for `seconds`; then aborts them (`stopping()`),
   * gives them a moment to roll back, and cuts what is still connected.
   */
  stop: (seconds: number) => Promise<void>
}>

/** How many connections may be open, so that nobody shuts the door for the others. */
const limits = {
  /** Of one address, before anything is proved and after. A fleet of CI machines may share one. */
  strangersPerAddress: 20,
  perAddress: 256,
  strangers: 200,
  total: 2000,
} as const

/**
 * Opens the SSH door on CODEKEEP_HOST and CODEKEEP_SSH_PORT, with the host keys of `<data>/ssh`.
 * @throws ConfigError where the address cannot be had, with what to do
 */
export async function listenSsh(config: Pick<Config, 'host' | 'sshPort' | 'dataDir'>): Promise<SshListener> {
  const hostKeys = await openHostKeys(config.dataDir)
  const published = hostKeys.map(({ privateKey: _secret, ...known }) => known)
  useSshHostKeys(published)
  const parsed = hostKeys.map(({ privateKey }) => ({ key: parse(privateKey) }))
  const connections = new Set<SshConnection>()
  const server = createServer((socket) => {
    admit(socket, connections, parsed)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, { variable: 'CODEKEEP_SSH_PORT', host: config.host, port: config.sshPort })))
    server.listen(config.sshPort, config.host, resolve)
  })
  server.on('error', (error) => console.error(error))
  return { port: (server.address() as AddressInfo).port, hostKeys: published, stop: (seconds) => stop(server, connections, seconds) }
}

function admit(socket: Socket, connections: Set<SshConnection>, hostKeys: ServerConfig['hostKeys']): void {
  if (isFull(connections, plainAddress(socket.remoteAddress ?? ''))) {
    socket.on('error', () => undefined)
    // Before SSH begins a server may say a line (RFC 4253, section 4.2).
    socket.end('Too many connections\r\n')
    socket.destroySoon()
    return
  }
  const connection = serveConnection(socket, hostKeys)
  connections.add(connection)
  socket.once('close', () => connections.delete(connection))
}

function isFull(connections: ReadonlySet<SshConnection>, address: string): boolean {
  if (connections.size >= limits.total) return true
  const strangers = [...connections].filter((connection) => !connection.isAuthenticated())
  const fromAddress = (connection: SshConnection): boolean => plainAddress(connection.socket.remoteAddress ?? '') === address
  return (
    strangers.length >= limits.strangers ||
    strangers.filter(fromAddress).length >= limits.strangersPerAddress ||
    [...connections].filter(fromAddress).length >= limits.perAddress
  )
}

const rollBackSeconds = 5

async function stop(server: Server, connections: ReadonlySet<SshConnection>, seconds: number): Promise<void> {
  server.close()
  const isQuiet = (): boolean => [...connections].every(({ running }) => running.size === 0)
  for (const connection of connections) connection.retire()
  if (!(await becomes(isQuiet, seconds * 1000))) {
    abortRunning()
    await becomes(isQuiet, rollBackSeconds * 1000)
  }
  // The last of what was written is on its way.
  await becomes(() => connections.size === 0, 500)
  for (const { socket } of connections) socket.destroy()
}

async function becomes(condition: () => boolean, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds
  while (!condition() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20))
  return condition()
}

function parse(privateKey: string): ssh2.ParsedKey {
  const key = ssh2.utils.parseKey(privateKey)
  if (key instanceof Error) throw new Error('an SSH host key cannot be read', { cause: key })
  return key
}
