// npm run check: lint, types and the tests beside their subjects.
import { checkVersions, generate, install } from './steps.mjs'

checkVersions()
install()
generate()
const { finish, lint, types, unit } = await import('./stages.mjs')
finish([lint(), types(), unit()])
