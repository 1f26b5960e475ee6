import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { db } from '#lib/db'

/** From now on the write-ahead log holds every commit, for `commits` to count. */
export async function keepCommits(): Promise<void> {
  await db().$queryRawUnsafe('PRAGMA wal_autocheckpoint = 0')
}

/** Commits in the write-ahead log: frames whose header says how large the database is after them (sqlite.org/fileformat2.html). */
export function commits(dataDir: string): number {
  const log = readFileSync(join(dataDir, 'codekeep.db-wal'))
  const frame = 24 + log.readUInt32BE(8)
  let count = 0
  for (let at = 32; at + frame <= log.length; at += frame) {
    const current = log.compare(log, 16, 24, at + 8, at + 16) === 0
    if (current && log.readUInt32BE(at + 4) !== 0) count++
  }
  return count
}
