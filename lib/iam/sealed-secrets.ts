import { createHmac } from 'node:crypto'
import { open, seal } from '#lib/crypto/aead'
import { utf8 } from '#lib/crypto/bytes'
import { deriveKey } from '#lib/crypto/derive'
import { rootKey } from '#lib/root-key'

/** The kinds of secret that the program itself must read again, by the label of the key that seals them (docs/formats.md). */
export type SecretKind = 'codekeep access key secret' | 'codekeep mfa secret'

/**
 * Seals a secret under a key of its own, bound to what it belongs to: a row that is moved under another identifier does not
 * open.
 */
export function sealSecret(kind: SecretKind, id: string, secret: string): Uint8Array<ArrayBuffer> {
  const name = utf8(id)
  return new Uint8Array(seal(deriveKey(rootKey(), kind, name), utf8(secret), name))
}

/** @throws IntegrityError when it was altered, or sealed for another identifier or under another root key. */
export function openSecret(kind: SecretKind, id: string, sealed: Uint8Array): string {
  const name = utf8(id)
  return Buffer.from(open(deriveKey(rootKey(), kind, name), sealed, name)).toString('utf8')
}

/**
 * What is kept of a generated password: HMAC-SHA-256 under a key of its own. The program draws these passwords with 256 bits,
 * so nothing slow is needed, and every git request can afford it.
 */
export function generatedPasswordHash(id: string, password: string): Uint8Array<ArrayBuffer> {
  const key = deriveKey(rootKey(), 'codekeep service password', utf8(id))
  return new Uint8Array(createHmac('sha256', key).update(password, 'utf8').digest())
}
