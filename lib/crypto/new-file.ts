import { open, rm } from 'node:fs/promises'

/** A file that is open. */
export type OpenFile = Awaited<ReturnType<typeof open>>

/** Makes a file (mode 0600; one of that name is emptied) and writes it; when that fails it is gone again. */
export async function writeNewFile<Result>(path: string, write: (file: OpenFile) => Promise<Result>): Promise<Result> {
  const file = await open(path, 'w', 0o600)
  try {
    return await write(file)
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

/** Opens a file for reading while something is done with it. */
export async function readFrom<Result>(path: string, read: (file: OpenFile) => Promise<Result>): Promise<Result> {
  const file = await open(path, 'r')
  try {
    return await read(file)
  } finally {
    await file.close()
  }
}
