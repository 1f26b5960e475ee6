import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { concat, uint32, utf8 } from '#lib/crypto/bytes'
import { ServiceException } from '#lib/operation/exception'

/** An SSH public key, checked. */
export type SshPublicKeyText = Readonly<{
  /** `ssh-rsa AAAA… comment` */
  body: string
  /** MD5 of the key blob, colon hex, as IAM shows it. */
  fingerprint: string
}>

/**
 * Reads a public key as OpenSSH writes it, or an RSA or Ed25519 key in PEM (SPKI or PKCS #1), which is turned into OpenSSH's
 * form.
 *
 * @throws ServiceException — UnrecognizedPublicKeyEncoding where it is neither; InvalidPublicKey where the key in it is broken,
 *   of another kind, or an RSA key of less than 2048 or more than 16384 bits.
 */
export function parseSshPublicKey(text: string): SshPublicKeyText {
  const trimmed = text.trim()
  const body = trimmed.startsWith('-----BEGIN ') ? fromPem(trimmed) : trimmed
  const [, type, , comment] = openSsh.exec(body) ?? []
  if (type === undefined) {
    throw new ServiceException('UnrecognizedPublicKeyEncoding', 'The public key encoding format is unsupported or unrecognized.')
  }
  const blob = keyBlobOf(body)
  const key = keyOf(blob)
  if (!key || readStrings(blob)?.[0]?.toString('latin1') !== type) throw invalidPublicKey()
  const bits = key.asymmetricKeyType === 'rsa' ? (key.asymmetricKeyDetails?.modulusLength ?? 0) : undefined
  if (bits !== undefined && (bits < 2048 || bits > 16_384)) throw invalidPublicKey('RSA keys have 2048 to 16384 bits.')
  return {
    body: `${type} ${Buffer.from(blob).toString('base64')}${comment ?? ''}`,
    fingerprint: createHash('md5').update(blob).digest('hex').replace(/..(?=.)/g, '$&:'),
  }
}

/** The same key as PEM (SPKI). */
export function sshPublicKeyPem(body: string): string {
  const key = keyOf(keyBlobOf(body))
  if (!key) throw new Error('a stored SSH public key is malformed')
  return String(key.export({ type: 'spki', format: 'pem' }))
}

/** The key blob of OpenSSH's form (RFC 4253, section 6.6). */
export function keyBlobOf(body: string): Uint8Array {
  return Buffer.from(openSsh.exec(body)?.[2] ?? '', 'base64')
}

const openSsh = /^(ssh-rsa|ssh-ed25519) ([A-Za-z0-9+/]+={0,2})( [^\r\n]{0,1024})?$/

function invalidPublicKey(detail = ''): ServiceException {
  return new ServiceException('InvalidPublicKey', `The public key is malformed or otherwise invalid. ${detail}`.trim())
}

function fromPem(pem: string): string {
  // It would be read, and its public half taken; but what was sent is then no longer a secret, and the sender should know.
  if (/PRIVATE KEY/.test(pem)) throw invalidPublicKey('It is a private key.')
  let key: KeyObject
  try {
    key = createPublicKey(pem)
  } catch {
    throw invalidPublicKey()
  }
  const blob = blobOf(key)
  if (!blob) throw invalidPublicKey('Only RSA and Ed25519 keys are accepted.')
  return `${key.asymmetricKeyType === 'rsa' ? 'ssh-rsa' : 'ssh-ed25519'} ${Buffer.from(blob).toString('base64')}`
}

function blobOf(key: KeyObject): Uint8Array | null {
  const { e = '', n = '', x = '' } = key.export({ format: 'jwk' })
  if (key.asymmetricKeyType === 'rsa') return concat(string(utf8('ssh-rsa')), string(integer(e)), string(integer(n)))
  if (key.asymmetricKeyType === 'ed25519') return concat(string(utf8('ssh-ed25519')), string(Buffer.from(x, 'base64url')))
  return null
}

function keyOf(blob: Uint8Array): KeyObject | null {
  const [type, ...parts] = readStrings(blob) ?? []
  const [first, second] = parts
  try {
    if (type?.toString('latin1') === 'ssh-rsa' && first && second && parts.length === 2) {
      const jwk: JsonWebKey = { kty: 'RSA', e: first.toString('base64url'), n: second.toString('base64url') }
      return createPublicKey({ key: jwk, format: 'jwk' })
    }
    if (type?.toString('latin1') === 'ssh-ed25519' && first?.length === 32 && parts.length === 1) {
      return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: first.toString('base64url') }, format: 'jwk' })
    }
  } catch {
    return null
  }
  return null
}

/** The length-framed strings of a blob; null where the lengths do not fit it. Integers come without their sign byte. */
function readStrings(blob: Uint8Array): Buffer[] | null {
  const bytes = Buffer.from(blob)
  const strings: Buffer[] = []
  let offset = 0
  while (offset < bytes.length) {
    if (offset + 4 > bytes.length) return null
    const length = bytes.readUInt32BE(offset)
    offset += 4
    if (offset + length > bytes.length) return null
    const value = bytes.subarray(offset, offset + length)
    strings.push(strings.length > 0 && length > 32 && value[0] === 0 ? value.subarray(1) : value)
    offset += length
  }
  return strings
}

function string(bytes: Uint8Array): Uint8Array {
  return concat(uint32(bytes.length), bytes)
}

/** An unsigned number as SSH's mpint: a zero byte before one whose first bit is set. */
function integer(base64url: string): Uint8Array {
  const bytes = Buffer.from(base64url, 'base64url')
  return (bytes[0] ?? 0) >= 0x80 ? concat(new Uint8Array(1), bytes) : bytes
}
