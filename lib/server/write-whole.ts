import { open, rename } from 'node:fs/promises'

/** Writes a file so that whoever reads it, after a crash too, finds all of it or what was there before. */
export async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const file = await open(`${path}.new`, 'w', mode)
  try {
    await file.chmod(mode)
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
}
