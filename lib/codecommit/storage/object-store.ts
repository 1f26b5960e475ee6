import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { config } from '#lib/config'
import type { MessageFileWriter } from '#lib/crypto/message-file-writer'
import { type OpenFile, readFrom } from '#lib/crypto/new-file'
import { remember } from '#lib/remember'

/** A random name: says nothing about what it holds, spreads evenly over the folders. */
export function newObjectId(): string {
  return randomBytes(20).toString('hex')
}

/** The file that holds a stored message. */
export function objectPath(id: string): string {
  return join(objectsFolder(), id.slice(0, 2), id)
}

/**
 * Stores a message under its name: whole and synced to the disk, or not at all.
 * @param write makes the message, sealed, in the empty file that it is given
 * @returns what `write` returned
 * @throws Error of the file system (ENOSPC, EIO); what was written is removed
 */
export async function putObject<Written>(id: string, write: (file: OpenFile) => Promise<Written>): Promise<Written> {
  const incoming = await openIncoming(id)
  let written: Written
  try {
    written = await write(incoming)
  } catch (error) {
    await incoming.close()
    await rm(incomingPath(id), { force: true })
    throw error
  }
  await store(id, incoming)
  return written
}

/** A message that is stored while it is made, chunk by chunk. */
export class StoringObject {
  readonly #id: string
  readonly #opening: Promise<Readonly<{ file: OpenFile; writer: MessageFileWriter }>>
  #failure: unknown

  /** @param seal what seals into the file that it is given */
  constructor(id: string, seal: (file: OpenFile) => MessageFileWriter) {
    this.#id = id
    this.#opening = openIncoming(id).then((file) => ({ file, writer: seal(file) }))
    this.#opening.catch(() => undefined)
  }

  /** Takes bytes in the clear; waits where the disk is slower. After a failure it takes them and does nothing. */
  async write(chunk: Uint8Array): Promise<void> {
    if (this.#failure !== undefined) return
    try {
      await (await this.#opening).writer.write(chunk)
    } catch (error) {
      this.#failure = error
    }
  }

  /**
   * Makes the message durable under its name.
   * @returns bytes as stored
   * @throws what went wrong at any time; then nothing is stored
   */
  async finish(): Promise<number> {
    const { file, writer } = await this.#opening
    let bytes: number
    try {
      if (this.#failure !== undefined) throw this.#failure as Error
      bytes = await writer.finish()
    } catch (error) {
      await writer.close()
      await file.close()
      throw error
    }
    await store(this.#id, file)
    return bytes
  }

  /** Gives it up. */
  async discard(): Promise<void> {
    this.#failure ??= new Error('given up')
    const opened = await this.#opening.catch(() => undefined)
    await opened?.writer.close()
    await opened?.file.close().catch(() => undefined)
    await rm(incomingPath(this.#id), { force: true })
  }
}

/** Removes a stored message; one that is not there is no error. */
export async function removeObject(id: string): Promise<void> {
  await rm(objectPath(id), { force: true })
}

/** Every name in the store and those that never got out of `incoming`. */
export async function* listObjects(): AsyncGenerator<{ id: string; incoming: boolean; modified: Date }> {
  for (const folder of await readFolder(objectsFolder())) {
    for (const id of await readFolder(join(objectsFolder(), folder))) {
      const { mtime } = await stat(join(objectsFolder(), folder, id))
      yield { id, incoming: folder === 'incoming', modified: mtime }
    }
  }
}

/** Removes what a killed process left in `incoming`. */
export async function removeIncoming(id: string): Promise<void> {
  await rm(incomingPath(id), { force: true })
}

/** Makes the file that a message is written into. */
async function openIncoming(id: string): Promise<OpenFile> {
  const path = incomingPath(id)
  await durableFolder(dirname(path))
  return open(path, 'wx+', 0o600)
}

/** Closes what was written into {@link openIncoming}'s file and makes it durable under its name. */
async function store(id: string, incoming: OpenFile): Promise<void> {
  const path = objectPath(id)
  try {
    await incoming.sync().finally(() => incoming.close())
    await durableFolder(dirname(path))
    await rename(incomingPath(id), path)
    // A renamed file is only durable once its folder is.
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(incomingPath(id), { force: true })
    await rm(path, { force: true })
    throw error
  }
}

function incomingPath(id: string): string {
  return join(objectsFolder(), 'incoming', id)
}

function objectsFolder(): string {
  return join(config().dataDir, 'objects')
}

async function readFolder(path: string): Promise<string[]> {
  try {
    return await readdir(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

/** Makes a folder of the store, once in a process; it is only durable once its own folder is. */
function durableFolder(path: string): Promise<void> {
  const made = remember('codecommit.objectFolders', () => new Map<string, Promise<void>>())
  const known = made.get(path)
  if (known) return known
  const making = mkdir(path, { recursive: true, mode: 0o700 }).then(() => syncFolder(dirname(path)))
  made.set(path, making)
  making.catch(() => made.delete(path))
  return making
}

async function syncFolder(path: string): Promise<void> {
  await readFrom(path, (folder) => folder.sync())
}
