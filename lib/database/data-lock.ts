import { openSync, closeSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { pid } from 'node:process'
import BetterSqlite3, { type Database } from 'better-sqlite3'
import { ConfigError } from '#lib/config'
import { remember } from '#lib/remember'

/**
 * Makes this process the only one that owns a data folder, until {@link unlockDataDir} or its end, however it ends.
 *
 * `codekeep.lock` is an empty SQLite file that its owner holds locked: the operating system gives the lock back when the
 * process dies, so there is no stale lock to recognize (a process ID alone comes round again, in a container at every
 * start). The owner's process ID stands in it, as `user_version`.
 *
 * @throws ConfigError naming the owner, where another process holds it
 */
export function lockDataDir(dataDir: string): void {
  const file = join(dataDir, 'codekeep.lock')
  // Reading the file in the process that holds it would, by the rules of POSIX, give the lock back.
  if (held().has(file)) throw new ConfigError(`${dataDir} is already open in this process`)
  const lock = new BetterSqlite3(file, { timeout: 0 })
  try {
    lock.pragma('locking_mode = EXCLUSIVE')
    lock.pragma('journal_mode = MEMORY')
    lock.exec(`BEGIN EXCLUSIVE; PRAGMA user_version = ${pid}; COMMIT`)
  } catch (error) {
    lock.close()
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY'))) throw error
    throw new ConfigError(`CODEKEEP_DATA_DIR: ${dataDir} is in use by process ${ownerOf(file)}; stop it, or choose another folder`)
  }
  held().set(file, lock)
}

/** Gives a data folder back. */
export function unlockDataDir(dataDir: string): void {
  const file = join(dataDir, 'codekeep.lock')
  held().get(file)?.close()
  held().delete(file)
}

function held(): Map<string, Database> {
  return remember('database.locks', () => new Map<string, Database>())
}

/** `user_version`, at byte 60 of a SQLite header: readable while the owner holds the file locked. */
function ownerOf(file: string): number {
  const header = new Uint8Array(64)
  const descriptor = openSync(file, 'r')
  try {
    readSync(descriptor, header, 0, header.length, 0)
  } finally {
    closeSync(descriptor)
  }
  return new DataView(header.buffer).getInt32(60)
}
