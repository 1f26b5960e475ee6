// npm run bench: measures Codekeep beside its peers in one run. Arguments choose rows (npm run bench -- encrypt clone).
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { build, checkVersions, generate, install, root } from './steps.mjs'

checkVersions()
install()
generate()
build()
const { status } = spawnSync(process.execPath, ['--import', 'tsx', join(root, 'bench/main.ts'), ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
process.exitCode = status ?? 1
