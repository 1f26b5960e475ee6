import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { isIPv4 } from 'node:net'

/** A certificate or private key as files hold it. */
export type Pem = string

/** Who issues: a certificate authority's key and the name on its certificate. */
export type Issuer = Readonly<{ privateKey: KeyObject; commonName: string }>

/** DNS names and IP addresses, apart because X.509 writes them apart. */
export type Names = Readonly<{ dns: readonly string[]; ip: readonly string[] }>

/** A P-256 key pair. */
export function generateKeyPair(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
}

/**
 * A self-signed certificate of an authority that may vouch for `permitted` names and nothing else (RFC 5280, 4.2.1.10): whoever
 * puts it into a trust store need not fear that its key, once stolen, can speak for other sites.
 */
export function authorityCertificate(authority: Issuer, permitted: Names, validity: Validity): Pem {
  return certificate({
    subject: authority.commonName,
    publicKey: createPublicKey(authority.privateKey),
    issuer: authority,
    validity,
    extensions: [
      extension('2.5.29.19', sequence(boolean(true), integer(Buffer.from([0]))), { critical: true }),
      extension('2.5.29.15', keyUsage([5, 6]), { critical: true }),
      extension('2.5.29.30', sequence(tagged(0xa0, ...subtrees(permitted))), { critical: true }),
    ],
  })
}

/** A certificate for a TLS server that answers under `names` (RFC 5280; RFC 9525 for the names). */
export function serverCertificate(
  server: { publicKey: KeyObject; commonName: string; names: Names },
  issuer: Issuer,
  validity: Validity,
): Pem {
  return certificate({
    subject: server.commonName,
    publicKey: server.publicKey,
    issuer,
    validity,
    extensions: [
      extension('2.5.29.19', sequence(), { critical: true }),
      extension('2.5.29.15', keyUsage([0]), { critical: true }),
      extension('2.5.29.37', sequence(objectIdentifier('1.3.6.1.5.5.7.3.1'))),
      extension('2.5.29.17', sequence(...server.names.dns.map(dnsName), ...server.names.ip.map((ip) => tagged(0x87, addressBytes(ip))))),
    ],
  })
}

/** When a certificate counts, both ends included. */
export type Validity = Readonly<{ notBefore: Date; notAfter: Date }>

function certificate(parts: {
  subject: string
  publicKey: KeyObject
  issuer: Issuer
  validity: Validity
  extensions: Buffer[]
}): Pem {
  const { subject, publicKey, issuer, validity, extensions } = parts
  const ecdsaWithSha256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'))
  const toBeSigned = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    // 127 random bits: RFC 5280 wants a positive serial number, browsers an unpredictable one.
    integer(Buffer.concat([Buffer.from([0x40 | (randomBytes(1).readUInt8() & 0x3f)]), randomBytes(15)])),
    ecdsaWithSha256,
    distinguishedName(issuer.commonName),
    sequence(time(validity.notBefore), time(validity.notAfter)),
    distinguishedName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(
      0xa3,
      sequence(
        ...extensions,
        extension('2.5.29.14', tagged(0x04, keyIdentifier(publicKey))),
        // Python 3.13 and later refuse a certificate without it.
        extension('2.5.29.35', sequence(tagged(0x80, keyIdentifier(createPublicKey(issuer.privateKey))))),
      ),
    ),
  )
  const signature = sign('sha256', toBeSigned, issuer.privateKey)
  const der = sequence(toBeSigned, ecdsaWithSha256, bitString(signature))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

/** RFC 5280, 4.2.1.2, method 1: SHA-1 of the public key's bits. A name, not a protection. */
function keyIdentifier(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const point = Buffer.concat([Buffer.from([0x04]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
  return createHash('sha1').update(point).digest()
}

function distinguishedName(commonName: string): Buffer {
  const attribute = (type: string, value: string) => tagged(0x31, sequence(objectIdentifier(type), tagged(0x0c, Buffer.from(value))))
  return sequence(attribute('2.5.4.10', 'Codekeep'), attribute('2.5.4.3', commonName))
}

function subtrees(names: Names): Buffer[] {
  return [
    ...names.dns.map((name) => sequence(dnsName(name))),
    ...names.ip.map((ip) => sequence(tagged(0x87, addressBytes(ip), Buffer.alloc(isIPv4(ip) ? 4 : 16, 0xff)))),
  ]
}

function dnsName(name: string): Buffer {
  return tagged(0x82, Buffer.from(name, 'ascii'))
}

function addressBytes(ip: string): Buffer {
  if (isIPv4(ip)) return Buffer.from(ip.split('.').map(Number))
  const [head = '', tail] = ip.split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => parseInt(group, 16)))
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  const bytes = Buffer.alloc(16)
  left.forEach((group, index) => bytes.writeUInt16BE(group, index * 2))
  right.forEach((group, index) => bytes.writeUInt16BE(group, 16 - (right.length - index) * 2))
  return bytes
}

function extension(type: string, value: Buffer, options: { critical?: true } = {}): Buffer {
  return sequence(objectIdentifier(type), ...(options.critical ? [boolean(true)] : []), tagged(0x04, value))
}

/** Named bits, counted from the left: digitalSignature 0, keyCertSign 5, cRLSign 6. */
function keyUsage(bits: readonly number[]): Buffer {
  const unused = 7 - Math.max(...bits)
  const byte = bits.reduce((sum, bit) => sum | (0x80 >> bit), 0)
  return tagged(0x03, Buffer.from([unused, byte]))
}

function time(date: Date): Buffer {
  const text = date.toISOString().replace(/[-:T]|\.\d+/g, '')
  // Until 2049 a certificate's year has two digits (RFC 5280, 4.1.2.5).
  return date.getUTCFullYear() < 2050 ? tagged(0x17, Buffer.from(text.slice(2))) : tagged(0x18, Buffer.from(text))
}

function objectIdentifier(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const arc of rest) {
    const digits = [arc & 0x7f]
    for (let left = arc >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80)
    bytes.push(...digits)
  }
  return tagged(0x06, Buffer.from(bytes))
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, ...parts)
}

function integer(bytes: Buffer): Buffer {
  return tagged(0x02, bytes)
}

function boolean(value: boolean): Buffer {
  return tagged(0x01, Buffer.from([value ? 0xff : 0]))
}

function bitString(bytes: Buffer): Buffer {
  return tagged(0x03, Buffer.from([0]), bytes)
}

/** Tag, length, value: all that DER is (ITU-T X.690). */
function tagged(tag: number, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts)
  const { length } = value
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), value])
  if (length < 0x100) return Buffer.concat([Buffer.from([tag, 0x81, length]), value])
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 0xff]), value])
}
