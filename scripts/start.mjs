// npm start: installs, generates and builds what is missing or stale, then serves. The server runs in this very process, so
// that signals and its exit code are its own.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, checkVersions, generate, install, loadEnvironment, root } from './steps.mjs'

const parent = process.ppid

checkVersions()
install()
generate()
build()
loadEnvironment()
process.chdir(root)
process.env.NODE_ENV = 'production'
process.env.NEXT_TELEMETRY_DISABLED = '1'
if (existsSync(join(root, 'dist/server.js.map'))) process.setSourceMapsEnabled(true)
stopWithNpm()
await import(pathToFileURL(join(root, 'dist/server.js')).href)

/**
 * Who stops `npm start` by a signal to npm means the server. npm passes the signal to the shell that it started, and not every shell
 * passes it on: the shell's end is the sign.
 */
function stopWithNpm() {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return
  // It may have happened while this was building.
  if (process.ppid !== parent) process.exit(143)
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, 250)
  timer.unref()
}
