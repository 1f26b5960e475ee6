import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fchmodSync, fstatSync, fsyncSync, linkSync, mkdirSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { config, ConfigError, type RootKeyLocation } from '#lib/config'
import { deriveKey } from '#lib/crypto/derive'
import { remember } from '#lib/remember'

/**
 * The root key: 32 bytes that wrap all key material, and from which every other key of this installation derives. Never
 * use it itself: `deriveKey(rootKey(), '<label>', …)`.
 *
 * @throws ConfigError where it cannot be read, is not 32 bytes as hexadecimal digits or base64, or its file may be read by
 *   others than its owner
 */
export function rootKey(): Uint8Array {
  return remember('root-key', () => readRootKey(config().rootKey))
}

/**
 * Makes the file of the root key where there is none yet: 32 random bytes in hexadecimal, mode 0600, on disk before it is
 * used.
 *
 * Two processes that start at once agree: the first one's file stays.
 */
export function createRootKey(location: RootKeyLocation): void {
  if (location.kind !== 'file' || existsSync(location.path)) return
  const folder = dirname(location.path)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const draft = join(folder, `.${basename(location.path)}.${randomBytes(8).toString('hex')}`)
  const descriptor = openSync(draft, 'wx', 0o600)
  try {
    fchmodSync(descriptor, 0o600)
    writeSync(descriptor, `${randomBytes(keyLength).toString('hex')}\n`)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  try {
    // Unlike a rename, a link never takes the place of a key that is already there.
    linkSync(draft, location.path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    unlinkSync(draft)
  }
  syncFolder(folder)
}

/** True where the configuration names a root key that is there. */
export function rootKeyExists(location: RootKeyLocation): boolean {
  return location.kind === 'env' || existsSync(location.path)
}

/** Tells one root key from another and reveals nothing of it: 16 bytes (docs/formats.md section 5). */
export function rootKeyId(key: Uint8Array): Uint8Array {
  return deriveKey(key, 'codekeep root key id', new Uint8Array(0), 16)
}

const keyLength = 32

function readRootKey(location: RootKeyLocation): Uint8Array {
  return location.kind === 'env' ? decodeKey(location.name, location.value) : readKeyFile(location.path)
}

function readKeyFile(path: string): Uint8Array {
  let descriptor: number
  try {
    descriptor = openSync(path, 'r')
  } catch (error) {
    throw new ConfigError(`CODEKEEP_ROOT_KEY: ${path} cannot be read (${error instanceof Error ? error.message : String(error)})`)
  }
  try {
    const { mode } = fstatSync(descriptor)
    if ((mode & 0o077) !== 0) {
      throw new ConfigError(`CODEKEEP_ROOT_KEY: ${path} may be read by others (mode ${(mode & 0o777).toString(8)}): chmod 600 it, and consider who has read it`)
    }
    // Longer than any encoding of the key with white space around it: the rest of a wrong file is not of interest.
    const bytes = Buffer.alloc(1024)
    return decodeKey(path, bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, bytes.length, 0)))
  } finally {
    closeSync(descriptor)
  }
}

function decodeKey(place: string, text: string): Uint8Array {
  const trimmed = text.trim()
  const bytes = /^[0-9a-fA-F]{64}$/.test(trimmed)
    ? Buffer.from(trimmed, 'hex')
    : /^[A-Za-z0-9+/]{43}=$/.test(trimmed)
      ? Buffer.from(trimmed, 'base64')
      : null
  if (!bytes) throw new ConfigError(`CODEKEEP_ROOT_KEY: ${place} must hold ${keyLength} bytes, as 64 hexadecimal digits or as base64`)
  return new Uint8Array(bytes)
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
