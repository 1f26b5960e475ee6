import { execFile } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { regions } from '#lib/operation/regions'
import { authorityCertificate, generateKeyPair, serverCertificate } from './certificate.ts'
import { openTls, serverNames } from './tls.ts'

const run = promisify(execFile)
const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function place(overrides: { domain?: string; host?: string } = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'codekeep-tls-'))
  folders.push(dataDir)
  return { dataDir, domain: 'localhost', host: '127.0.0.1', ...overrides }
}

async function serve(tls: { key: string; cert: string }): Promise<{ server: Server; port: number }> {
  const server = createServer({ key: tls.key, cert: tls.cert }, (_request, response) => response.end('served'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, port: (server.address() as AddressInfo).port }
}

/** What a client that trusts `ca` and asks for `servername` thinks of the server: null where it is content. */
function complaint(port: number, servername: string, ca: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', servername, ca }, () => {
      socket.end()
      resolve(null)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
}

test('clients that trust the local CA accept every name of a clone URL, and no other name', async () => {
  const at = place({ domain: 'code.example.test' })
  const tls = await openTls(at)
  const ca = readFileSync(tls.caFile, 'utf8')
  const { server, port } = await serve(tls)
  try {
    const names = ['localhost', 'code.example.test', 'console.code.example.test', ...regions.map(({ code }) => `git-codecommit.${code}.code.example.test`)]
    for (const name of names) expect([name, await complaint(port, name, ca)]).toEqual([name, null])
    expect(await complaint(port, 'git-codecommit.us-east-2.example.test', ca)).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  } finally {
    server.close()
  }
})

test('openssl at its strictest finds nothing wrong with the chain, by name and by address', async () => {
  const tls = await openTls(place())
  const serverPem = join(tls.caFile, '..', 'server.pem')
  const chain = await run('openssl', ['verify', '-x509_strict', '-CAfile', tls.caFile, '-verify_hostname', 'git-codecommit.eu-west-1.localhost', serverPem])
  expect(chain.stdout).toMatch(/server\.pem: OK/)
  for (const address of ['127.0.0.1', '::1']) {
    await run('openssl', ['verify', '-x509_strict', '-CAfile', tls.caFile, '-verify_ip', address, serverPem])
  }
})

test('attack: with the stolen key of the CA, a certificate for another site is made; clients refuse it all the same', async () => {
  const at = place()
  const tls = await openTls(at)
  const folder = join(at.dataDir, 'tls')
  const stolen = createPrivateKey(readFileSync(join(folder, 'ca-key.pem')))
  const ca = readFileSync(tls.caFile, 'utf8')
  const commonName = /^CN=(.*)$/m.exec(new X509Certificate(ca).subject)?.[1] ?? ''
  const pair = generateKeyPair()
  const now = Date.now()
  const forged = serverCertificate(
    { publicKey: pair.publicKey, commonName: 'bank', names: { dns: ['bank.example', 'localhost'], ip: [] } },
    { privateKey: stolen, commonName },
    { notBefore: new Date(now - 1000), notAfter: new Date(now + 86_400_000) },
  )
  writeFileSync(join(folder, 'forged.pem'), forged)
  await expect(run('openssl', ['verify', '-CAfile', tls.caFile, join(folder, 'forged.pem')])).rejects.toThrow(/permitted subtree violation/)
  const { server, port } = await serve({ key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert: forged })
  expect(await complaint(port, 'bank.example', ca)).not.toBeNull()
  server.close()
})

test('keys are for their owner alone', async () => {
  const at = place()
  await openTls(at)
  expect(statSync(join(at.dataDir, 'tls')).mode & 0o777).toBe(0o700)
  for (const name of ['ca-key.pem', 'server-key.pem']) expect(statSync(join(at.dataDir, 'tls', name)).mode & 0o777).toBe(0o600)
})

test('the next start finds the same certificates', async () => {
  const at = place()
  const first = await openTls(at)
  expect(await openTls(at)).toEqual(first)
})

test('a server certificate that nears its end is renewed under the same CA; the CA when its own end is near', async () => {
  const at = place()
  const start = new Date('2026-01-01T00:00:00Z')
  const first = await openTls(at, start)
  const ca = readFileSync(first.caFile, 'utf8')
  const later = (days: number) => new Date(start.getTime() + days * 86_400_000)
  expect((await openTls(at, later(300))).cert).toBe(first.cert)
  const renewed = await openTls(at, later(352))
  expect(renewed.cert).not.toBe(first.cert)
  expect(renewed.notAfter.getTime()).toBeGreaterThan(first.notAfter.getTime())
  expect(readFileSync(first.caFile, 'utf8')).toBe(ca)
  await openTls(at, later(3620))
  expect(readFileSync(first.caFile, 'utf8')).not.toBe(ca)
})

test('another domain gets another CA, because the old one may not vouch for it', async () => {
  const at = place()
  const first = await openTls(at)
  const ca = readFileSync(first.caFile, 'utf8')
  const second = await openTls({ ...at, domain: 'code.example.test' })
  expect(readFileSync(second.caFile, 'utf8')).not.toBe(ca)
  expect(new X509Certificate(second.cert).subjectAltName).toContain('DNS:git-codecommit.us-east-2.code.example.test')
})

test('a listening address other than loopback is a name too; a wildcard is none', () => {
  expect(serverNames({ dataDir: '', domain: 'localhost', host: '10.1.2.3' }).ip).toEqual(['127.0.0.1', '::1', '10.1.2.3'])
  expect(serverNames({ dataDir: '', domain: 'localhost', host: '0.0.0.0' }).ip).toEqual(['127.0.0.1', '::1'])
  expect(serverNames({ dataDir: '', domain: 'localhost', host: 'fe80::1%eth0' }).ip).toEqual(['127.0.0.1', '::1'])
})

test('an IPv6 address is written as its sixteen bytes', async () => {
  const tls = await openTls(place({ host: '2001:db8::5:1' }))
  expect(new X509Certificate(tls.cert).checkIP('2001:db8::5:1')).toBe('2001:db8::5:1')
})

test('after 2049 a certificate’s year has four digits', () => {
  const { privateKey } = generateKeyPair()
  const names = { dns: ['localhost'], ip: [] }
  const cert = authorityCertificate({ privateKey, commonName: 'far' }, names, { notBefore: new Date('2049-01-01T00:00:00Z'), notAfter: new Date('2051-01-01T00:00:00Z') })
  expect(new Date(new X509Certificate(cert).validTo)).toEqual(new Date('2051-01-01T00:00:00Z'))
})

test('a certificate beside the wrong key is made anew; what is no certificate is named, not replaced', async () => {
  const at = place()
  const first = await openTls(at)
  writeFileSync(join(at.dataDir, 'tls', 'server-key.pem'), generateKeyPair().privateKey.export({ type: 'pkcs8', format: 'pem' }))
  expect((await openTls(at)).cert).not.toBe(first.cert)
  writeFileSync(join(at.dataDir, 'tls', 'ca.pem'), 'not a certificate')
  await expect(openTls(at)).rejects.toThrow(/ca\.pem and its key cannot be read/)
})
