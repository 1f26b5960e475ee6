import type { Socket } from 'node:net'
import ssh2, { type ClientInfo, type Connection, type ServerConfig } from 'ssh2'
import { accountId } from '#lib/account'
import { authenticateSshPublicKey } from '#lib/iam/authenticate'
import type { RequestContext } from '#lib/operation/context'
import { plainAddress } from './peer.ts'
import { authenticateConnection, type SshCredential } from './ssh-authentication.ts'
import { serveSession } from './ssh-session.ts'

/** One client's connection, from its first byte. */
export type SshConnection = Readonly<{
  socket: Socket
  isAuthenticated: () => boolean
  /** What is being answered on it: each settles when its client has been told the outcome. */
  running: ReadonlySet<Promise<void>>
  /** Takes no new commands, and ends as soon as none is running. */
  retire: () => void
}>

/** What a connection and its parts may take. */
const limits = {
  /** To say which SSH it speaks and to agree on keys. */
  handshakeSeconds: 20,
  /** To authenticate: time enough for a passphrase or a touch. */
  loginSeconds: 120,
  /** To go on without a command, as a ControlMaster does between two. */
  idleSeconds: 600,
  /** Commands at once on one connection, as in OpenSSH. */
  sessions: 10,
  /** Answers that a client makes us write and does not read. */
  unsentBytes: 64 * 1024 ** 2,
} as const

/**
 * Serves a connection: handshake, authentication by public key, and any number of git commands side by side.
 * Whatever a client does, and whatever ssh2 throws for it, ends this connection alone.
 */
export function serveConnection(socket: Socket, hostKeys: ServerConfig['hostKeys']): SshConnection {
  const lost = new AbortController()
  // Before ssh2's own listeners: what runs must know that the client is gone before ssh2 says that it has finished.
  const lose = (): void => {
    lost.abort(new Error('the client hung up'))
  }
  socket.once('end', lose).once('close', lose).on('error', lose)
  socket.setNoDelay(true)
  socket.setKeepAlive(true, 60_000)
  // ssh2 writes its answers whether they are read or not.
  socket.on('data', () => {
    if (socket.writableLength > limits.unsentBytes) socket.destroy()
  })
  // ssh2 reads once it is ready; until then nobody does.
  socket.pause()

  const running = new Set<Promise<void>>()
  const deadline = new Deadline(() => hangUp(socket))
  deadline.set(limits.handshakeSeconds)
  let credential: SshCredential | null = null
  let retired = false
  let endConnection = (): void => hangUp(socket)
  const settle = (): void => {
    if (running.size > 0) return
    if (retired) endConnection()
    else deadline.set(limits.idleSeconds)
  }

  const server = new ssh2.Server({ ...serverConfig, hostKeys }, (connection, info) => {
    const fail = (): void => {
      lose()
      hangUp(socket)
    }
    connection.on('error', fail)
    endConnection = () => {
      disconnect(connection, socket)
    }
    connection.once('handshake', () => {
      deadline.set(limits.loginSeconds)
    })
    authenticateConnection(connection, (accepted) => (credential = accepted), endConnection)
    connection.once('ready', settle)
    connection.on('session', (accept: Accept, reject: () => void) => {
      const proven = credential
      if (!proven || retired || running.size >= limits.sessions) {
        reject()
        return
      }
      deadline.clear()
      const contextFor = (): ReturnType<typeof contextsOf> => contextsOf(proven, socket, info)
      const served = serveSession(accept(), { socket, gone: lost.signal, contextFor })
      running.add(served)
      void served.then(() => {
        running.delete(served)
        settle()
      })
    })
  })
  server.injectSocket(socket)
  socket.once('close', () => {
    deadline.clear()
  })
  return {
    socket,
    isAuthenticated: () => credential !== null,
    running,
    retire: () => {
      retired = true
      settle()
    },
  }
}

type Accept = () => Parameters<typeof serveSession>[0]

const serverConfig: Omit<ServerConfig, 'hostKeys'> = {
  ident: 'Codekeep',
  // A client that vanished without a word is noticed after 3 minutes; one that was only stopped may be let go on.
  keepaliveInterval: 30_000,
  keepaliveCountMax: 5,
  algorithms: {
    kex: [
      'curve25519-sha256', 'curve25519-sha256@libssh.org', 'ecdh-sha2-nistp256', 'ecdh-sha2-nistp384', 'ecdh-sha2-nistp521',
      'diffie-hellman-group16-sha512', 'diffie-hellman-group14-sha256',
    ],
    serverHostKey: ['ssh-ed25519', 'rsa-sha2-512', 'rsa-sha2-256'],
    cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'chacha20-poly1305@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
    hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
    // git's packs are compressed.
    compress: ['none'],
  },
}

/** Contexts of requests by the holder of a key, who is looked up each time: a key may be taken away while it is connected. */
async function contextsOf({ sshPublicKeyId, keyBlob }: SshCredential, socket: Socket, { header }: ClientInfo): Promise<((region: string) => RequestContext) | null> {
  const principal = await authenticateSshPublicKey(sshPublicKeyId, keyBlob)
  if (!principal) return null
  const sourceIPAddress = plainAddress(socket.remoteAddress ?? '')
  const userAgent = header.identRaw.replace(/[^\x20-\x7e]/g, '')
  return (region) => ({
    principal,
    region,
    accountId: accountId(),
    requestId: crypto.randomUUID(),
    sourceIPAddress,
    userAgent,
    time: new Date(),
    secureTransport: true,
    calledVia: [],
  })
}

/** Says goodbye, where the connection still can. */
function disconnect(connection: Connection, socket: Socket): void {
  try {
    connection.end()
  } catch {
    // ssh2 throws where it has given the connection up already.
  }
  hangUp(socket)
}

/** Lets out what was written, for a moment. */
function hangUp(socket: Socket): void {
  if (socket.destroyed) return
  socket.end()
  const timer = setTimeout(() => socket.destroy(), 2000)
  timer.unref()
  socket.once('close', () => {
    clearTimeout(timer)
  })
}

/** The one time limit that a connection is under at any moment. */
class Deadline {
  #timer: NodeJS.Timeout | undefined
  readonly #passed: () => void

  constructor(passed: () => void) {
    this.#passed = passed
  }

  set(seconds: number): void {
    this.clear()
    this.#timer = setTimeout(this.#passed, seconds * 1000)
    this.#timer.unref()
  }

  clear(): void {
    clearTimeout(this.#timer)
  }
}
