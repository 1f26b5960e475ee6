import { setTimeout as wait } from 'node:timers/promises'
import ssh2, { type AuthContext, type Connection, type PublicKeyAuthContext } from 'ssh2'
import { authenticateSshPublicKey } from '#lib/iam/authenticate'

/** What a connection has proved: that it holds the private key of this SSH public key. */
export type SshCredential = Readonly<{ sshPublicKeyId: string; keyBlob: Uint8Array }>

/**
 * Authenticates a connection by public key and nothing else: the user name is the SSH public key's ID.
 *
 * A refusal never says which of the two was wrong, and comes no sooner for an ID that does not exist. A client may offer
 * several keys (an agent's), but not try for ever.
 *
 * @param accepted called once, before the client is told
 * @param hangUp ends a connection that tries too often
 */
export function authenticateConnection(connection: Connection, accepted: (credential: SshCredential) => void, hangUp: () => void): void {
  let attempts = 0
  connection.on('authentication', (attempt) => {
    if (attempt.method !== 'none' && ++attempts > maxAttempts) {
      hangUp()
      return
    }
    decide(attempt)
      .then((credential) => {
        if (!credential) attempt.reject(['publickey'])
        else {
          // A question whether the key would do is no proof.
          if (attempt.method === 'publickey' && attempt.signature) accepted(credential)
          attempt.accept()
        }
      })
      // ssh2 throws where the client hung up while it was being decided.
      .catch(hangUp)
  })
}

/** As many keys as an agent may hold; OpenSSH's own clients ask once for each. */
const maxAttempts = 20
/** Longer than the look-up of a key takes. */
const refusalMs = 50

async function decide(attempt: AuthContext): Promise<SshCredential | null> {
  if (attempt.method !== 'publickey') return null
  const started = Date.now()
  const credential = await accept(attempt).catch((error: unknown) => {
    console.error('an SSH public key could not be looked up', error)
    return null
  })
  if (!credential) await wait(Math.max(0, refusalMs - (Date.now() - started)))
  return credential
}

async function accept({ username, key, signature, blob, hashAlgo }: PublicKeyAuthContext): Promise<SshCredential | null> {
  // An RSA signature over SHA-1 (`ssh-rsa`) comes without a hash of its own; RFC 8332 replaced it.
  const strong = key.algo === 'ssh-ed25519' || (key.algo === 'ssh-rsa' && (hashAlgo === 'sha256' || hashAlgo === 'sha512'))
  if (!strong || !/^\w{16,128}$/.test(username)) return null
  const keyBlob = Buffer.from(key.data)
  if (!(await authenticateSshPublicKey(username, keyBlob))) return null
  if (signature && !(blob && isSigned({ type: key.algo, keyBlob, blob, signature, hashAlgo }))) return null
  return { sshPublicKeyId: username, keyBlob }
}

function isSigned(by: { type: string; keyBlob: Buffer; blob: Buffer; signature: Buffer; hashAlgo: string | undefined }): boolean {
  // As text, so that the parser takes it for a public key of this type and for nothing else.
  const key = ssh2.utils.parseKey(`${by.type} ${by.keyBlob.toString('base64')}`)
  if (key instanceof Error || key.type !== by.type) return false
  // Its types do not say so, but where it cannot verify it answers with an Error, which is no refusal by itself.
  const verified: unknown = key.verify(by.blob, by.signature, by.hashAlgo)
  return verified === true
}
