import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { config } from '#lib/config'

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
 * @param write makes the message's file, sealed, at the path it is given
 * @returns what `write` returned
 * @throws Error of the file system (ENOSPC, EIO); what was written is removed
 */
export async function putObject<Written>(id: string, write: (path: string) => Promise<Written>): Promise<Written> {
  const path = objectPath(id)
  const incoming = join(objectsFolder(), 'incoming', id)
  await mkdir(dirname(incoming), { recursive: true, mode: 0o700 })
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  try {
    const written = await write(incoming)
    await sync(incoming, 'r+')
    await rename(incoming, path)
    // A renamed file is only durable once its folder is.
    await sync(dirname(path), 'r')
    return written
  } catch (error) {
    await rm(incoming, { force: true })
    await rm(path, { force: true })
    throw error
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
  await rm(join(objectsFolder(), 'incoming', id), { force: true })
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

async function sync(path: string, flags: string): Promise<void> {
  const file = await open(path, flags)
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
