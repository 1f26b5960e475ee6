import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { chmod, mkdir, readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { authorityCertificate, generateKeyPair, serverCertificate, type Names, type Pem } from './certificate.ts'
import { writeWhole } from './write-whole.ts'
import { regions } from '#lib/operation/regions'

/** What the HTTPS server presents: the server's certificate followed by the authority's, and the server's key. */
export type TlsMaterial = Readonly<{
  key: Pem
  cert: Pem
  /** Path of the authority's certificate: for AWS_CA_BUNDLE, GIT_SSL_CAINFO, a browser's trust store. */
  caFile: string
  /** When the server's certificate lapses. */
  notAfter: Date
}>

/**
 * The local certificate authority in `<data>/tls` and a server certificate by it for every host name that clone URLs use; made
 * at first start, read afterwards, and made anew where the names have changed or the end is near.
 *
 * The authority may only vouch for the names of this installation, so another domain needs (and gets) another authority.
 *
 * @throws Error where the folder cannot be written or holds something that is not a key and a certificate
 */
export async function openTls(place: TlsPlace, now = new Date()): Promise<TlsMaterial> {
  const folder = join(place.dataDir, 'tls')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  const authority = await openAuthority(folder, permittedNames(place), now)
  const server = await openServer(folder, serverNames(place), authority, now)
  return { key: server.key, cert: server.cert + authority.cert, caFile: join(folder, 'ca.pem'), notAfter: server.notAfter }
}

/** Where certificates are kept and what they are for. */
export type TlsPlace = Readonly<{ dataDir: string; domain: string; host: string }>

/** Every name a client may call this server by. */
export function serverNames({ domain, host }: TlsPlace): Names {
  const dns = ['localhost', domain, `*.${domain}`, ...regions.map(({ code }) => `git-codecommit.${code}.${domain}`)]
  return { dns: [...new Set(dns)], ip: [...new Set(['127.0.0.1', '::1', ...ownAddress(host)])] }
}

const day = 86_400_000
/** Browsers refuse a server certificate of more than 398 days. */
const serverDays = 397
const authorityDays = 3650
/** Renewal begins this long before the end, so that a server that is started once a month never lapses. */
const renewDays = 45

type Authority = Readonly<{ key: Pem; cert: Pem; commonName: string }>

async function openAuthority(folder: string, permitted: Names, now: Date): Promise<Authority> {
  // The name says which names it may vouch for, so a changed domain is seen without parsing the certificate's constraints.
  const fingerprint = createHash('sha256').update(JSON.stringify(permitted)).digest('hex').slice(0, 12)
  const existing = await readPair(folder, 'ca')
  if (existing && commonNameOf(existing.cert).endsWith(` ${fingerprint}`) && lastsLongEnough(existing.cert, now)) {
    return { ...existing, commonName: commonNameOf(existing.cert) }
  }
  const { privateKey } = generateKeyPair()
  // A name of its own each time: a trust store that still holds the one before must not confuse the two.
  const commonName = `Codekeep local CA ${now.toISOString().slice(0, 10)} ${fingerprint}`
  const cert = authorityCertificate({ privateKey, commonName }, permitted, validity(now, authorityDays))
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  await writePair(folder, 'ca', { key, cert })
  return { key, cert, commonName }
}

async function openServer(folder: string, names: Names, authority: Authority, now: Date): Promise<{ key: Pem; cert: Pem; notAfter: Date }> {
  const existing = await readPair(folder, 'server')
  if (existing && isIssuedBy(existing.cert, authority) && hasNames(existing.cert, names) && lastsLongEnough(existing.cert, now)) {
    return { ...existing, notAfter: new Date(new X509Certificate(existing.cert).validTo) }
  }
  const { publicKey, privateKey } = generateKeyPair()
  const issuer = { privateKey: createPrivateKey(authority.key), commonName: authority.commonName }
  const span = validity(now, serverDays)
  const cert = serverCertificate({ publicKey, commonName: 'Codekeep', names }, issuer, span)
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  await writePair(folder, 'server', { key, cert })
  return { key, cert, notAfter: span.notAfter }
}

function permittedNames({ domain, host }: TlsPlace): Names {
  return { dns: [...new Set(['localhost', domain])], ip: [...new Set(['127.0.0.1', '::1', ...ownAddress(host)])] }
}

/** The address listened on, where it is one that a client can name. */
function ownAddress(host: string): string[] {
  const isWildcard = host === '0.0.0.0' || host === '::'
  return isIP(host) !== 0 && !isWildcard && !host.includes('%') ? [host] : []
}

function validity(now: Date, days: number) {
  // Certificates count in seconds. A day back: clocks of clients differ.
  const today = Math.floor(now.getTime() / 1000) * 1000
  return { notBefore: new Date(today - day), notAfter: new Date(today + (days - 1) * day) }
}

function lastsLongEnough(cert: Pem, now: Date): boolean {
  return new Date(new X509Certificate(cert).validTo).getTime() - now.getTime() > renewDays * day
}

function commonNameOf(cert: Pem): string {
  return /^CN=(.*)$/m.exec(new X509Certificate(cert).subject)?.[1] ?? ''
}

function isIssuedBy(cert: Pem, authority: Authority): boolean {
  return new X509Certificate(cert).verify(new X509Certificate(authority.cert).publicKey)
}

function hasNames(cert: Pem, names: Names): boolean {
  const x509 = new X509Certificate(cert)
  const written = new Set((x509.subjectAltName ?? '').split(', '))
  return names.dns.every((name) => written.has(`DNS:${name}`)) && names.ip.every((ip) => x509.checkIP(ip) !== undefined)
}

async function readPair(folder: string, name: string): Promise<{ key: Pem; cert: Pem } | null> {
  const [key, cert] = await Promise.all([readIfThere(join(folder, `${name}-key.pem`)), readIfThere(join(folder, `${name}.pem`))])
  if (key === null || cert === null) return null
  try {
    // A key written just before the process was killed has a certificate that is not its own: both are made anew.
    if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) return null
  } catch (cause) {
    throw new Error(`${join(folder, `${name}.pem`)} and its key cannot be read; remove both to have them made anew`, { cause })
  }
  return { key, cert }
}

async function writePair(folder: string, name: string, pair: { key: Pem; cert: Pem }): Promise<void> {
  await writeWhole(join(folder, `${name}-key.pem`), pair.key, 0o600)
  await writeWhole(join(folder, `${name}.pem`), pair.cert, 0o644)
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
