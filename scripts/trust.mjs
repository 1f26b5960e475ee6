// npx codekeep trust: adds <data>/tls/ca.pem to the trust stores of this system and of its browsers; where it may not or
// cannot, it says how. The CA may vouch for this installation's host names only.
import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fail } from './steps.mjs'

/** Does what this system allows, and prints the rest. */
export async function run() {
  const ca = join(resolve(process.env.CODEKEEP_DATA_DIR || './data'), 'tls', 'ca.pem')
  if (!existsSync(ca)) fail(`${ca} is not there yet: the first npm start makes it (CODEKEEP_DATA_DIR says where)`)
  const name = /^CN=(.*)$/m.exec(new X509Certificate(readFileSync(ca)).subject)?.[1] ?? 'Codekeep local CA'
  const results = [system(ca), ...browsers(ca, name)]
  for (const { done, todo } of results) console.log(done !== undefined ? `done: ${done}` : `to do: ${todo}`)
  console.log(`\nPrograms with a store of their own:\n  git   git config --global http.https://localhost:8443/.sslCAInfo ${ca}\n  aws   export AWS_CA_BUNDLE=${ca}\n  Node  export NODE_EXTRA_CA_CERTS=${ca}`)
}

function system(ca) {
  if (process.platform === 'darwin') return attempt('the login keychain', 'security', ['add-trusted-cert', '-r', 'trustRoot', '-k', join(homedir(), 'Library/Keychains/login.keychain-db'), ca])
  if (process.platform === 'win32') return attempt('the current user’s root store', 'certutil', ['-addstore', '-user', 'Root', ca])
  const debian = { folder: '/usr/local/share/ca-certificates', file: 'codekeep.crt', command: 'update-ca-certificates', args: [] }
  const fedora = { folder: '/etc/pki/ca-trust/source/anchors', file: 'codekeep.pem', command: 'update-ca-trust', args: ['extract'] }
  const store = [debian, fedora].find(({ command }) => isInstalled(command))
  if (!store) return { todo: `add ${ca} to this system's certificate authorities; neither update-ca-certificates nor update-ca-trust is installed` }
  const target = join(store.folder, store.file)
  if (process.getuid?.() !== 0) return { todo: `sudo cp ${ca} ${target} && sudo ${[store.command, ...store.args].join(' ')}` }
  mkdirSync(store.folder, { recursive: true })
  copyFileSync(ca, target)
  return attempt(`the system's store (${target})`, store.command, store.args)
}

/** Chrome and Firefox on Linux keep NSS databases of their own. */
function browsers(ca, name) {
  if (process.platform !== 'linux') return []
  const databases = [join(homedir(), '.pki/nssdb'), ...firefoxProfiles()].filter((folder) => existsSync(join(folder, 'cert9.db')))
  if (isInstalled('certutil')) {
    const chrome = join(homedir(), '.pki/nssdb')
    if (!databases.includes(chrome)) {
      mkdirSync(chrome, { recursive: true, mode: 0o700 })
      spawnSync('certutil', ['-N', '--empty-password', '-d', `sql:${chrome}`])
      databases.push(chrome)
    }
    return databases.map((folder) => {
      spawnSync('certutil', ['-D', '-n', name, '-d', `sql:${folder}`])
      return attempt(`the browser store ${folder}`, 'certutil', ['-A', '-t', 'C,,', '-n', name, '-i', ca, '-d', `sql:${folder}`])
    })
  }
  return [{ todo: `for Chrome and Firefox: install certutil (Debian: apt-get install libnss3-tools) and run this again, or import ${ca} as an authority in the browser's settings` }]
}

function firefoxProfiles() {
  const folders = [join(homedir(), '.mozilla/firefox'), join(homedir(), 'snap/firefox/common/.mozilla/firefox')]
  return folders.filter((folder) => existsSync(folder)).flatMap((folder) => readdirSync(folder).map((profile) => join(folder, profile)))
}

function attempt(what, command, args) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  if (!error && status === 0) return { done: `added to ${what}` }
  return { todo: `${[command, ...args].join(' ')}   (it failed: ${(error?.message ?? stderr ?? '').trim().split('\n')[0]})` }
}

function isInstalled(command) {
  return !spawnSync(command, ['--help'], { stdio: 'ignore' }).error
}
