import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import ssh2 from 'ssh2'
import { openHostKeys } from './host-keys.ts'

let dataDir: string

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'codekeep-test-'))
})

afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true })
})

test('host keys are made once and kept, for their owner alone', async () => {
  const made = await openHostKeys(dataDir)
  expect(made.map(({ type, bits }) => [type, bits])).toEqual([
    ['ssh-ed25519', 256],
    ['ssh-rsa', 3072],
  ])
  for (const name of ['ssh_host_ed25519_key', 'ssh_host_rsa_key']) {
    expect(statSync(join(dataDir, 'ssh', name)).mode & 0o777).toBe(0o600)
  }
  expect(statSync(join(dataDir, 'ssh')).mode & 0o777).toBe(0o700)
  expect(await openHostKeys(dataDir)).toEqual(made)
})

test('ssh-keygen reads the files and shows the same public keys and fingerprints', async () => {
  for (const { type, publicKey, sha256, md5, bits } of await openHostKeys(dataDir)) {
    const file = join(dataDir, 'ssh', type === 'ssh-rsa' ? 'ssh_host_rsa_key' : 'ssh_host_ed25519_key')
    expect(keygen('-y', '-f', file)).toBe(`${publicKey} codekeep\n`)
    expect(keygen('-l', '-f', `${file}.pub`)).toContain(`${bits} ${sha256} `)
    expect(keygen('-l', '-E', 'md5', '-f', file)).toContain(`${bits} ${md5} `)
  }
})

test('a key that ssh-keygen has made takes the place of ours', async () => {
  const own = mkdtempSync(join(tmpdir(), 'codekeep-test-'))
  try {
    await openHostKeys(own)
    const file = join(own, 'ssh', 'ssh_host_rsa_key')
    rmSync(file)
    keygen('-q', '-t', 'rsa', '-b', '2048', '-N', '', '-f', join(own, 'theirs'))
    writeFileSync(file, readFileSync(join(own, 'theirs')))
    const [, rsa] = await openHostKeys(own)
    expect(rsa?.bits).toBe(2048)
    expect(readFileSync(join(own, 'theirs.pub'), 'utf8')).toContain(rsa?.publicKey)
    expect(ssh2.utils.parseKey(rsa?.privateKey ?? '')).not.toBeInstanceOf(Error)
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
})

test('the server reads what was made', async () => {
  for (const { privateKey, publicKey } of await openHostKeys(dataDir)) {
    const parsed = ssh2.utils.parseKey(privateKey)
    if (parsed instanceof Error) throw parsed
    expect(parsed.isPrivateKey()).toBe(true)
    expect(parsed.getPublicSSH().toString('base64')).toBe(publicKey.split(' ')[1])
  }
})

test('a file that is no key, or one with a passphrase, is not overwritten: the start says what to do', async () => {
  const own = mkdtempSync(join(tmpdir(), 'codekeep-test-'))
  try {
    await openHostKeys(own)
    const file = join(own, 'ssh', 'ssh_host_ed25519_key')
    writeFileSync(file, 'nonsense')
    await expect(openHostKeys(own)).rejects.toThrow(/ssh_host_ed25519_key is not an OpenSSH private key.*remove it/)
    expect(readFileSync(file, 'utf8')).toBe('nonsense')
    rmSync(file)
    keygen('-q', '-t', 'ed25519', '-N', 'secret words', '-f', file)
    await expect(openHostKeys(own)).rejects.toThrow(/no passphrase/)
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
})

function keygen(...args: string[]): string {
  return execFileSync('ssh-keygen', args, { encoding: 'utf8' })
}
