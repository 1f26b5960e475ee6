// npm run build: what npm start does, without serving.
import { build, checkVersions, generate, install } from './steps.mjs'

checkVersions()
install()
generate()
build()
