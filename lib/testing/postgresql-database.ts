import { afterAll, beforeAll, test } from 'vitest'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { postgresqlMissing, startPostgresql, type TestPostgresql } from '#lib/testing/postgresql'

/**
 * Runs the tests of a file on a real PostgreSQL of their own, which is this process's database meanwhile. Where none can be started,
 * those of `onPostgresql` are skipped, and it is said aloud.
 * @param what  is tested, for that
 */
export function usePostgresql(what: string): Readonly<{ onPostgresql: ReturnType<typeof test.skipIf>; url: () => string }> {
  const missing = postgresqlMissing()
  if (missing) console.warn(`SKIPPED, ${what} on a real PostgreSQL: ${missing}`)
  let server: TestPostgresql | undefined
  let database: TestDatabase | undefined
  beforeAll(async () => {
    if (missing) return
    server = await startPostgresql()
    database = await testDatabase({ databaseUrl: server.url })
  })
  afterAll(async () => {
    await database?.[Symbol.asyncDispose]()
    await server?.stop()
  })
  return {
    onPostgresql: test.skipIf(missing !== undefined),
    url: () => {
      if (!server) throw new Error('no server')
      return server.url
    },
  }
}
