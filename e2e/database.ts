import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { RunningServer } from './server.ts'

/** What a thief of the disk would do: reads the database without the server. */
export function readRow(server: RunningServer, sql: string, ...values: readonly unknown[]): Record<string, unknown> {
  const database = new Database(join(server.dataDir, 'codekeep.db'), { readonly: true, fileMustExist: true })
  try {
    return database.prepare(sql).get(...values) as Record<string, unknown>
  } finally {
    database.close()
  }
}

/** Every row of a query. */
export function readRows(server: RunningServer, sql: string, ...values: readonly unknown[]): Record<string, unknown>[] {
  const database = new Database(join(server.dataDir, 'codekeep.db'), { readonly: true, fileMustExist: true })
  try {
    return database.prepare(sql).all(...values) as Record<string, unknown>[]
  } finally {
    database.close()
  }
}

/** Changes the database behind a stopped server's back. */
export function alterDatabase(server: RunningServer, sql: string, ...values: readonly unknown[]): void {
  const database = new Database(join(server.dataDir, 'codekeep.db'), { fileMustExist: true })
  try {
    database.prepare(sql).run(...values)
  } finally {
    database.close()
  }
}
