import { createHash, generateKeyPair, randomBytes, type JsonWebKey } from 'node:crypto'
import { chmod, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { SshHostKey } from '#lib/codecommit/ssh-host-keys'
import { concat, uint32, utf8 } from '#lib/crypto/bytes'
import { writeWhole } from './write-whole.ts'

/** A host key as the SSH server takes it, and what of it is public. */
export type HostKey = SshHostKey & Readonly<{ privateKey: string }>

/**
 * The SSH door's host keys in `<data>/ssh`, Ed25519 and RSA: made once (mode 0600) and kept, because clients remember them.
 * The files are OpenSSH's own, so that `ssh-keygen` reads them and keys of a former server can be put in their place.
 *
 * @throws Error where the folder cannot be written or a file in it is not an OpenSSH private key without passphrase
 */
export async function openHostKeys(dataDir: string): Promise<HostKey[]> {
  const folder = join(dataDir, 'ssh')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  return Promise.all([
    openHostKey(join(folder, 'ssh_host_ed25519_key'), makeEd25519),
    openHostKey(join(folder, 'ssh_host_rsa_key'), makeRsa),
  ])
}

async function openHostKey(path: string, make: () => Promise<Pair>): Promise<HostKey> {
  const existing = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
  if (existing !== null) {
    await chmod(path, 0o600)
    return hostKey(existing, path)
  }
  const privateKey = privateKeyFile(await make())
  await writeWhole(path, privateKey, 0o600)
  const made = hostKey(privateKey, path)
  await writeWhole(`${path}.pub`, `${made.publicKey} codekeep\n`, 0o644)
  return made
}

function hostKey(privateKey: string, path: string): HostKey {
  const blob = publicBlob(privateKey)
  const [typeBytes, first, modulus] = blob ? (readStrings(blob, 0) ?? []) : []
  const type = typeBytes?.toString('latin1')
  if (!blob || first === undefined || (type !== 'ssh-ed25519' && type !== 'ssh-rsa')) {
    throw new Error(`${path} is not an OpenSSH private key (Ed25519 or RSA, no passphrase); remove it to have one made anew`)
  }
  return {
    type,
    bits: type === 'ssh-rsa' && modulus ? bitLength(modulus) : 256,
    sha256: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`,
    md5: `MD5:${createHash('md5').update(blob).digest('hex').replace(/..(?=.)/g, '$&:')}`,
    publicKey: `${type} ${blob.toString('base64')}`,
    privateKey,
  }
}

/** RSA of the size that is held to last beyond 2030 (NIST SP 800-57). */
const rsaBits = 3072

/** The two halves of a key in the SSH protocol's encoding. */
type Pair = Readonly<{ public: Uint8Array; private: Uint8Array }>

async function makeEd25519(): Promise<Pair> {
  const { privateKey } = await promisify(generateKeyPair)('ed25519')
  const { x, d } = privateKey.export({ format: 'jwk' })
  const type = string(utf8('ssh-ed25519'))
  const point = bytes(x)
  return { public: concat(type, string(point)), private: concat(type, string(point), string(concat(bytes(d), point))) }
}

async function makeRsa(): Promise<Pair> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: rsaBits })
  const { n, e, d, qi, p, q } = privateKey.export({ format: 'jwk' })
  const type = string(utf8('ssh-rsa'))
  return { public: concat(type, mpint(e), mpint(n)), private: concat(type, ...[n, e, d, qi, p, q].map(mpint)) }
}

const magic = Buffer.from('openssh-key-v1\0')
const frame = /^-----BEGIN OPENSSH PRIVATE KEY-----\s+([A-Za-z0-9+/=\s]+?)\s+-----END OPENSSH PRIVATE KEY-----\s*$/

/** OpenSSH's private key file, not encrypted (OpenSSH's PROTOCOL.key). */
function privateKeyFile(pair: Pair): string {
  const check = randomBytes(4)
  const secret = concat(check, check, pair.private, string(utf8('codekeep')))
  const padding = Uint8Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, index) => index + 1)
  const none = string(utf8('none'))
  const file = concat(magic, none, none, uint32(0), uint32(1), string(pair.public), string(concat(secret, padding)))
  const lines = Buffer.from(file).toString('base64').replace(/.{70}(?=.)/g, '$&\n')
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`
}

/** The public key that such a file begins with; null where it is something else, or encrypted. */
function publicBlob(text: string): Buffer | null {
  const file = Buffer.from(frame.exec(text)?.[1] ?? '', 'base64')
  if (!file.subarray(0, magic.length).equals(magic)) return null
  const [cipher, , options] = readStrings(file, magic.length, 3) ?? []
  if (cipher?.toString('latin1') !== 'none' || options === undefined) return null
  const afterOptions = magic.length + 3 * 4 + 2 * cipher.length + options.length
  return readStrings(file, afterOptions + 4, 1)?.[0] ?? null
}

/** `count` length-framed strings, or all up to the end; null where the lengths do not fit. */
function readStrings(from: Buffer, start: number, count = Infinity): Buffer[] | null {
  const strings: Buffer[] = []
  for (let at = start; strings.length < count && at < from.length; ) {
    if (at + 4 > from.length) return null
    const end = at + 4 + from.readUInt32BE(at)
    if (end > from.length) return null
    strings.push(from.subarray(at + 4, end))
    at = end
  }
  return strings
}

function string(value: Uint8Array): Uint8Array {
  return concat(uint32(value.length), value)
}

/** An unsigned number as SSH's mpint: a zero byte before one whose first bit is set. */
function mpint(base64url: JsonWebKey['n']): Uint8Array {
  const value = bytes(base64url)
  return string((value[0] ?? 0) >= 0x80 ? concat(new Uint8Array(1), value) : value)
}

function bytes(base64url: string | undefined): Uint8Array {
  if (base64url === undefined) throw new Error('a generated key lacks a part')
  return Buffer.from(base64url, 'base64url')
}

function bitLength(mpintBytes: Buffer): number {
  const hex = mpintBytes.toString('hex').replace(/^(00)+/, '')
  return hex.length * 4 - (Math.clz32(Number.parseInt(hex.slice(0, 1), 16)) - 28)
}
