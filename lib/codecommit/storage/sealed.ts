import { isIntegrityError } from '#lib/crypto/integrity-error'
import { MessageFileWriter } from '#lib/crypto/message-file-writer'
import type { OpenFile } from '#lib/crypto/new-file'
import { openBytes, openMessageFile, readMessageFile, type ReadMessage } from '#lib/crypto/open-message'
import { sealBytes, sealMessageFile } from '#lib/crypto/seal-message'
import { repositoryEncryptionContext } from '#lib/operation/repository-context'
import { integrityChecksFailed } from '../exceptions.ts'
import type { DataKey } from './data-keys.ts'
import { objectPath } from './object-store.ts'

/**
 * Which message this is. It is authenticated: a message moved to another repository, another name or another version of
 * the refs does not open.
 */
export type MessageName = Readonly<{ repositoryId: string; object: string }>

/** The namespace of our wrapping keys in the message's encrypted data key; the key's name is the data key's ID. */
const keyNamespace = 'codekeep'

/** Seals a small value. */
export function sealValue(key: DataKey, name: MessageName, plaintext: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(sealBytes(sealing(key, name), plaintext))
}

/** Opens a small value. @throws ServiceException EncryptionIntegrityChecksFailedException */
export function openValue(key: DataKey, name: MessageName, message: Uint8Array): Uint8Array {
  try {
    return openBytes({ wrappingKey: key.plaintext, encryptionContext: contextOf(name) }, message)
  } catch (error) {
    throw isIntegrityError(error) ? integrityChecksFailed(error) : error
  }
}

/**
 * Seals a file of scratch into a file of the object store, on all cores.
 * @returns bytes in the clear and as sealed
 */
export async function sealFile(key: DataKey, name: MessageName, source: string, destination: OpenFile): Promise<{ openedSize: number; sealedSize: number }> {
  const { plaintextBytes, bytes } = await sealMessageFile(source, destination, sealing(key, name))
  return { openedSize: plaintextBytes, sealedSize: bytes }
}

/** Seals what is stored while it is made, into an empty file. */
export function sealInto(file: OpenFile, key: DataKey, name: MessageName): MessageFileWriter {
  return new MessageFileWriter(file, sealing(key, name))
}

/** A stored message as a stream of what it holds, frames opened ahead on other threads, and how many bytes that is. */
export function openSealedFile(key: DataKey, name: MessageName, objectId: string): Promise<ReadMessage> {
  return readMessageFile(objectPath(objectId), { wrappingKey: key.plaintext, encryptionContext: contextOf(name) })
}

/**
 * Opens a stored message into a file of a working copy, on all cores.
 * @throws ServiceException EncryptionIntegrityChecksFailedException for one altered, cut or missing
 */
export async function openToFile(key: DataKey, name: MessageName, objectId: string, destination: string): Promise<void> {
  try {
    await openMessageFile(objectPath(objectId), destination, {
      wrappingKey: key.plaintext,
      encryptionContext: contextOf(name),
    })
  } catch (error) {
    // A message that is gone is as much a failed check as one that is altered.
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT' && 'path' in error && error.path === objectPath(objectId)
    throw isIntegrityError(error) || missing ? integrityChecksFailed(error) : error
  }
}

function sealing(key: DataKey, name: MessageName) {
  return { wrappingKey: key.plaintext, keyNamespace, keyName: key.id, encryptionContext: contextOf(name) }
}

function contextOf({ repositoryId, object }: MessageName): Readonly<Record<string, string>> {
  return { ...repositoryEncryptionContext(repositoryId), 'codekeep:object': object }
}
