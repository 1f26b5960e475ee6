// npm run dev: serves from the sources. Pages reload as they are edited; an edit under lib/ restarts the server.
import { join } from 'node:path'
import { checkVersions, generate, install, loadEnvironment, root, runWithSignals } from './steps.mjs'

checkVersions()
install()
generate()
loadEnvironment()
const tsx = join(root, 'node_modules/tsx/dist/cli.mjs')
const watch = ['watch', '--clear-screen=false', '--exclude', 'app/**', '--exclude', 'components/**', '--exclude', '.next/**', '--exclude', 'node_modules/**']
process.exitCode = await runWithSignals(process.execPath, [tsx, ...watch, 'server.ts'], { NODE_ENV: 'development', NEXT_TELEMETRY_DISABLED: '1' })
