import { execFileSync } from 'node:child_process'
import { sharedServerVariable, startServer } from './server.ts'

/** Builds what is stale, starts the server that the tests share, and returns what stops it. */
// eslint-disable-next-line no-restricted-syntax -- Playwright asks for a default export
export default async function globalSetup(): Promise<() => Promise<void>> {
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: new URL('..', import.meta.url), stdio: 'inherit' })
  const server = await startServer()
  const { origin, port, dataDir, caFile, accountId, rootPassword, rootAccessKeyId, rootSecretAccessKey, pid } = server
  process.env[sharedServerVariable] = JSON.stringify({ origin, port, dataDir, caFile, accountId, rootPassword, rootAccessKeyId, rootSecretAccessKey, pid })
  return async () => {
    await server[Symbol.asyncDispose]()
  }
}
