import { randomBytes } from 'node:crypto'
import { open, seal, sealOverhead } from '#lib/crypto/aead'
import { concat, equal, uint16, uint32, utf8 } from '#lib/crypto/bytes'
import { deriveKey } from '#lib/crypto/derive'
import { IntegrityError } from '#lib/crypto/integrity-error'
import { db } from '#lib/db'
import { remember } from '#lib/remember'
import { rootKey, rootKeyId } from '#lib/root-key'
import type { NamedMaterial } from '#lib/kms/ciphertext-blob'

// Four things that are easily mixed up. The *root key* wraps key material and nothing else. *Key material* is 32 bytes, one
// version of a *KMS key*, which is a name, a policy and its versions. A *data key* is made by GenerateDataKey for a caller
// and is kept nowhere here.

/** Which key and which of its rotations a material belongs to; both are bound into its wrapping. */
export type MaterialPlace = Readonly<{ keyArn: string; rotation: number }>

/** A row's worth of new key material: 32 random bytes, named and wrapped. */
export function createKeyMaterial(place: MaterialPlace): { id: string; wrapped: Uint8Array<ArrayBuffer> } {
  const bytes = randomBytes(materialLength)
  const id = keyMaterialId(bytes, place.keyArn)
  return { id, wrapped: new Uint8Array(wrapKeyMaterial(rootKey(), { id, bytes }, place)) }
}

/** The id of key material: says nothing about it, and checks it (docs/formats.md section 5). */
export function keyMaterialId(bytes: Uint8Array, keyArn: string): string {
  return Buffer.from(deriveKey(bytes, 'codekeep key material id', utf8(keyArn))).toString('hex')
}

/** Wraps key material under the root key (docs/formats.md section 5). */
export function wrapKeyMaterial(root: Uint8Array, material: NamedMaterial, place: MaterialPlace): Uint8Array {
  const rootId = rootKeyId(root)
  const sealed = seal(wrappingKey(root, material.id), material.bytes, associatedData(rootId, material.id, place))
  return concat(version, rootId, sealed)
}

/**
 * The inverse of {@link wrapKeyMaterial}.
 *
 * @throws IntegrityError where the row is damaged, or belongs to another key or rotation
 * @throws Error where another root key wrapped it
 */
export function unwrapKeyMaterial(root: Uint8Array, id: string, wrapped: Uint8Array, place: MaterialPlace): Uint8Array {
  if (wrapped.length !== wrappedLength || wrapped[0] !== version[0]) throw new IntegrityError('wrapped key material has an unknown form')
  const rootId = wrapped.subarray(1, 1 + rootIdLength)
  if (!equal(rootId, rootKeyId(root))) throw new Error('the root key is not the one that wrapped this key material')
  const bytes = open(wrappingKey(root, id), wrapped.subarray(1 + rootIdLength), associatedData(rootId, id, place))
  if (keyMaterialId(bytes, place.keyArn) !== id) throw new IntegrityError('key material does not give its own id')
  return bytes
}

/** Key material and the key that it is a version of. */
export type KeyMaterial = NamedMaterial & Readonly<{ keyId: string }>

/** The key material that a ciphertext blob names; undefined where there is none, as after its key's deletion. */
export async function findKeyMaterial(id: string): Promise<KeyMaterial | undefined> {
  const { byId } = cache()
  const known = byId.get(id)
  if (known) return known
  const before = cache().generation
  const row = await db().kmsKeyMaterial.findUnique({ where: { id }, include: { key: { select: { arn: true } } } })
  if (!row) return undefined
  const place = { keyArn: row.key.arn, rotation: row.rotation }
  const material = { id, keyId: row.keyId, bytes: unwrapKeyMaterial(rootKey(), id, row.wrapped, place) }
  if (cache().generation === before) {
    const [oldest] = byId.keys()
    if (byId.size >= capacity && oldest !== undefined) byId.delete(oldest)
    byId.set(id, material)
  }
  return material
}

/**
 * Drops the unwrapped material of a key, for its deletion.
 *
 * The bytes are not overwritten: a caller that has just been handed them would go on to encrypt under zeros.
 */
export function forgetKeyMaterial(keyId: string): void {
  const { byId } = cache()
  cache().generation += 1
  for (const [id, material] of byId) if (material.keyId === keyId) byId.delete(id)
}

const materialLength = 32
const rootIdLength = 16
const version = Uint8Array.of(1)
const wrappedLength = 1 + rootIdLength + materialLength + sealOverhead
const capacity = 5000

type Cache = { generation: number; byId: Map<string, KeyMaterial> }

function cache(): Cache {
  return remember('kms.keyMaterial', () => ({ generation: 0, byId: new Map() }))
}

function wrappingKey(root: Uint8Array, id: string): Uint8Array {
  return deriveKey(root, 'codekeep key material wrapping', Buffer.from(id, 'hex'))
}

function associatedData(rootId: Uint8Array, id: string, { keyArn, rotation }: MaterialPlace): Uint8Array {
  const arn = utf8(keyArn)
  return concat(version, rootId, uint16(arn.length), arn, Buffer.from(id, 'hex'), uint32(rotation))
}
