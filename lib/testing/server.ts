import { readFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { useConfig, type Config } from '#lib/config'
import { doors, type ConsoleHandler } from '#lib/server/doors'
import { createListener, listen, stopListening } from '#lib/server/listen'
import { testDatabase } from '#lib/testing/database'

export type TestServer = Readonly<{
  port: number
  origin: string
  dataDir: string
  /** This process's scratch folder. */
  scratch: string
  /** Path and text of the local CA's certificate. */
  caFile: string
  ca: string
  /** For Node's clients: trusts that CA. */
  agent: Agent
  [Symbol.asyncDispose]: () => Promise<void>
}>

/**
 * The HTTPS server with all its doors, in this process, on a free port, over a database of its own. In place of Next a
 * console that says what it was asked.
 */
export async function testServer(overrides: Partial<Config> = {}): Promise<TestServer> {
  const database = await testDatabase({ port: 0, ...overrides })
  const { server, tls } = await createListener(database.config)
  const port = await listen(server, database.config, doors(echo))
  useConfig({ ...database.config, port })
  const ca = tls === undefined ? '' : readFileSync(tls.caFile, 'utf8')
  const agent = new Agent({ ca, keepAlive: true })
  return {
    port,
    origin: `https://localhost:${port}`,
    dataDir: database.dataDir,
    scratch: database.scratch,
    caFile: tls?.caFile ?? '',
    ca,
    agent,
    async [Symbol.asyncDispose]() {
      agent.destroy()
      await stopListening(server, 1)
      await database[Symbol.asyncDispose]()
    },
  }
}

const echo: ConsoleHandler = async (request, response) => {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ console: request.url, headers: request.headers }))
}
