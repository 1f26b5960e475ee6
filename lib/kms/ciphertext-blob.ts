import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { concat, uint32 } from '#lib/crypto/bytes'
import { deriveKey } from '#lib/crypto/derive'
import { encodeEncryptionContext, type EncryptionContext } from '#lib/crypto/encryption-context'

/** What made a blob; it is authenticated, and `Decrypt` takes both. */
export type BlobType = 'Encrypt' | 'GenerateDataKey'

/** The key material of one encryption and its id: 64 hexadecimal digits. */
export type NamedMaterial = Readonly<{ id: string; bytes: Uint8Array }>

/**
 * Encrypts into a ciphertext blob (docs/formats.md section 6): a key for this one encryption is derived from the key
 * material and a random 16-byte nonce, then AES-256-GCM with header and encryption context as associated data.
 *
 * @param nonce  only for test vectors; random otherwise
 */
export function encryptBlob(
  material: NamedMaterial,
  type: BlobType,
  plaintext: Uint8Array,
  context: EncryptionContext,
  nonce: Uint8Array = randomBytes(nonceLength),
): Uint8Array {
  const header = concat(headerStart(type), Buffer.from(material.id, 'hex'), one, nonce)
  const key = deriveKey(material.bytes, label, nonce)
  const cipher = createCipheriv('aes-256-gcm', key, zeroNonce, { authTagLength: tagLength })
  cipher.setAAD(concat(header, encodeEncryptionContext(context)))
  const ciphertext = cipher.update(plaintext)
  cipher.final()
  return concat(header, uint32(plaintext.length + tagLength), ciphertext, cipher.getAuthTag())
}

/** A blob cut into its fields. Nothing in it is to be trusted before {@link decryptBlob} has verified the tag. */
export type ParsedBlob = Readonly<{ keyMaterialId: string; header: Uint8Array; nonce: Uint8Array; ciphertext: Uint8Array; tag: Uint8Array }>

/** Cuts a blob into its fields; null where it is not one: too short, too long, another version, a length that lies. */
export function parseBlob(blob: Uint8Array): ParsedBlob | null {
  if (blob.length < bodyStart + tagLength + 1) return null
  const [version, form, type, zero, kind] = blob
  if (version !== 1 || form !== 2 || (type !== typeBytes.Encrypt && type !== typeBytes.GenerateDataKey)) return null
  if (zero !== 0 || kind !== 0x78 || blob[nonceStart - 1] !== 1) return null
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength)
  if (view.getUint32(headerLength) !== blob.length - bodyStart) return null
  return {
    keyMaterialId: Buffer.from(blob.subarray(idStart, idStart + idLength)).toString('hex'),
    header: blob.subarray(0, headerLength),
    nonce: blob.subarray(nonceStart, headerLength),
    ciphertext: blob.subarray(bodyStart, blob.length - tagLength),
    tag: blob.subarray(blob.length - tagLength),
  }
}

/** The plaintext; null where the tag does not match: altered, another key material, another encryption context. */
export function decryptBlob(parsed: ParsedBlob, material: Uint8Array, context: EncryptionContext): Uint8Array | null {
  const key = deriveKey(material, label, parsed.nonce)
  const decipher = createDecipheriv('aes-256-gcm', key, zeroNonce, { authTagLength: tagLength })
  decipher.setAAD(concat(parsed.header, encodeEncryptionContext(context)))
  decipher.setAuthTag(parsed.tag)
  const plaintext = decipher.update(parsed.ciphertext)
  try {
    decipher.final()
  } catch {
    return null
  }
  // A copy of its own: small buffers share Node's pool, and an answer should not carry its neighbours' memory along.
  return new Uint8Array(plaintext)
}

const label = 'codekeep ciphertext blob'
const typeBytes = { Encrypt: 2, GenerateDataKey: 3 } as const
const tagLength = 16
const nonceLength = 16
const idStart = 5
const idLength = 32
const nonceStart = idStart + idLength + 1
const headerLength = nonceStart + nonceLength
const bodyStart = headerLength + 4
const one = Uint8Array.of(1)
/** The derived key is used once, so its nonce may be fixed (docs/formats.md section 6 says why that is safe). */
const zeroNonce = new Uint8Array(12)

function headerStart(type: BlobType): Uint8Array {
  return Uint8Array.of(1, 2, typeBytes[type], 0, 0x78)
}
