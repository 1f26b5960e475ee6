// npm test: installs what is missing, then lint, types, unit, integration and browser tests. Its last line: "N passed, N failed".
import { build, checkVersions, generate, install } from './steps.mjs'

checkVersions()
install()
generate()
build()
const { e2e, finish, lint, types, unit } = await import('./stages.mjs')
finish([lint(), types(), unit(), e2e()])
