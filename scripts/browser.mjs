// Finds the browser that the browser tests drive, or installs one.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge']
const macs = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium']

/** Path of a Chromium: PLAYWRIGHT_CHROMIUM, Playwright's own, the system's. Undefined where there is none. */
export function findBrowser() {
  const { PLAYWRIGHT_CHROMIUM, PATH = '' } = process.env
  const own = createRequire(import.meta.url)('@playwright/test').chromium.executablePath()
  const system = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)))
  return [PLAYWRIGHT_CHROMIUM, own, ...system, ...macs].find((path) => path !== undefined && path !== '' && existsSync(path))
}

/** Installs a Chromium where there is none: Playwright's, else Debian's where this user may. Returns its path, or undefined. */
export function installBrowser() {
  const found = findBrowser()
  if (found !== undefined) return found
  const isRoot = process.getuid?.() === 0
  console.log('codekeep: installing a browser for the browser tests')
  attempt('npx', ['playwright', 'install', ...(isRoot ? ['--with-deps'] : []), 'chromium'])
  if (findBrowser() === undefined && isRoot && process.platform === 'linux') {
    attempt('apt-get', ['update'])
    attempt('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'])
  }
  return findBrowser()
}

/** What a Chromium in a container or a test must be told. */
export const browserFlags = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

function attempt(command, args) {
  spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
}
