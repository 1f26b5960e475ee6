// npm run e2e: the tests with real clients; arguments are Playwright's (npm run e2e -- --project git).
import { build, checkVersions, generate, install } from './steps.mjs'

checkVersions()
install()
generate()
build()
const { e2e, finish } = await import('./stages.mjs')
finish([e2e(process.argv.slice(2))])
