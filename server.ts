import next from 'next'
import { ConfigError, parseConfig, parseSecrets, useConfig } from '#lib/config'
import { interruptImports, markInterruptedImports } from '#lib/codecommit/import/jobs'
import { sweepObjectStore } from '#lib/codecommit/storage/sweep'
import { interruptVerifications, markInterruptedVerifications } from '#lib/codecommit/verification-jobs'
import { closeDatabase, openDatabase } from '#lib/database/open'
import { banner } from '#lib/server/banner'
import { startChores } from '#lib/server/chores'
import { openDataDir } from '#lib/server/data-dir'
import { doors } from '#lib/server/doors'
import { prepareRoot } from '#lib/server/first-start'
import { openGitSpawner } from '#lib/server/git-spawner'
import { createListener, listen, stopListening } from '#lib/server/listen'
import { outliveLogReaders } from '#lib/server/output'
import { chores } from '#lib/server/own-work'
import { reachSelf } from '#lib/server/reach-self'
import { openScratch } from '#lib/server/scratch'
import { onStopSignal } from '#lib/server/signals'
import { listenSsh } from '#lib/server/ssh-listener'

/** Running pushes and pulls get this long to finish when the process is asked to stop. */
const graceSeconds = 20

/** Where app/ and .next/ are, seen from the source and from dist/. */
const root = import.meta.dirname.replace(/[\\/]dist$/, '')

async function start(): Promise<void> {
  outliveLogReaders()
  const secrets = parseSecrets(process.env)
  const config = parseConfig(process.env)
  useConfig(config)
  // Read once: neither git nor anything else that is started later inherits them.
  for (const name of ['CODEKEEP_ROOT_PASSWORD', 'CODEKEEP_ROOT_SECRET_ACCESS_KEY']) Reflect.deleteProperty(process.env, name)

  await openDataDir(config.dataDir)
  // The database first: it makes the data folder this process's alone, and the scratch folder with it.
  await openDatabase(config)
  const scratch = await openScratch(config)
  // Before this process has grown.
  const stopSpawner = await openGitSpawner(scratch.path)
  const { server, tls } = await createListener(config)
  const app = next({ dev: config.development, dir: root, httpServer: server, hostname: config.domain, port: config.port })
  const [setUpToken] = await Promise.all([prepareRoot(secrets), app.prepare(), sweepObjectStore(), markInterruptedImports(), markInterruptedVerifications()])

  const ssh = await listenSsh(config)
  const port = await listen(server, config, doors(app.getRequestHandler()))
  const listening = { ...config, port, sshPort: ssh.port }
  useConfig(listening)
  await reachSelf(listening, tls)
  const stopChores = startChores(chores)
  console.log(banner({ config: listening, tls, sshHostKeys: ssh.hostKeys, setUpToken, warnings: scratch.warnings }))

  onStopSignal(async () => {
    await Promise.all([stopListening(server, graceSeconds), ssh.stop(graceSeconds), interruptImports(), interruptVerifications()])
    await stopChores()
    await app.close()
    await closeDatabase()
    await stopSpawner()
    await scratch[Symbol.asyncDispose]()
  })
}

start().catch((error: unknown) => {
  console.error(error instanceof ConfigError ? `codekeep: ${error.message}` : error)
  process.exit(1)
})
