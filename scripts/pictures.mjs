// npm run pictures: walks through the main job in a browser and takes the pictures of docs/images.
import { build, checkVersions, generate, install } from './steps.mjs'

checkVersions()
install()
generate()
build()
process.env.CODEKEEP_PICTURES = 'yes'
const { e2e, finish } = await import('./stages.mjs')
finish([e2e(['--project', 'pictures'])])
