import { randomBytes } from 'node:crypto'
import type { EncryptionContext } from '#lib/crypto/encryption-context'
import { decryptBlob, encryptBlob, parseBlob, type BlobType } from '#lib/kms/ciphertext-blob'
import { incorrectKey, invalidCiphertext } from '#lib/kms/exceptions'
import { findKeyMaterial, type KeyMaterial } from '#lib/kms/key-material'
import { findKey, type Key, type Place } from '#lib/kms/keys'

/** The one algorithm of symmetric keys. */
export const symmetricAlgorithm = 'SYMMETRIC_DEFAULT'

/** Encrypts under a key's current key material. */
export async function encryptUnder(key: Key, type: BlobType, plaintext: Uint8Array, context: EncryptionContext): Promise<Uint8Array> {
  const material = await findKeyMaterial(key.currentKeyMaterialId)
  if (!material) throw new Error(`key ${key.id} has no key material`)
  return encryptBlob(material, type, plaintext, context)
}

/** A new data key, in the clear and encrypted. */
export async function generateDataKeyUnder(key: Key, length: number, context: EncryptionContext) {
  const plaintext = new Uint8Array(randomBytes(length))
  return { plaintext, ciphertextBlob: await encryptUnder(key, 'GenerateDataKey', plaintext, context) }
}

/**
 * Decrypts what a version of this key encrypted; `Decrypt` is a look-up by the key-material id in the blob.
 *
 * @throws ServiceException `IncorrectKeyException` where another key of this place encrypted it; `InvalidCiphertextException`,
 *   without a word why, for everything else
 */
export async function decryptUnder(
  key: Key,
  blob: Uint8Array,
  context: EncryptionContext,
): Promise<{ plaintext: Uint8Array; keyMaterialId: string }> {
  const parsed = parseBlob(blob)
  const material = parsed && (await findKeyMaterial(parsed.keyMaterialId))
  if (!parsed || !material) throw invalidCiphertext()
  if (material.keyId !== key.id) throw (await findKey(key, material.keyId)) ? incorrectKey() : invalidCiphertext()
  const plaintext = decryptBlob(parsed, material.bytes, context)
  if (!plaintext) throw invalidCiphertext()
  return { plaintext, keyMaterialId: material.id }
}

/**
 * The key that a blob says encrypted it, before anything is verified; undefined where this place has none.
 * @throws ServiceException `InvalidCiphertextException` where it is no blob at all
 */
export async function keyOfBlob(place: Place, blob: Uint8Array): Promise<Key | undefined> {
  const parsed = parseBlob(blob)
  if (!parsed) throw invalidCiphertext()
  const material: KeyMaterial | undefined = await findKeyMaterial(parsed.keyMaterialId)
  return material && findKey(place, material.keyId)
}
