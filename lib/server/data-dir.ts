import { chmod, mkdir } from 'node:fs/promises'
import { ConfigError } from '#lib/config'

/**
 * Makes the data folder, for its owner's eyes only (mode 0700).
 * @throws ConfigError where it cannot be made or is another user's
 */
export async function openDataDir(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    await chmod(path, 0o700)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new ConfigError(`CODEKEEP_DATA_DIR: ${path} cannot be used (${why})`, { cause })
  }
}
