import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { call, gitCredentials, Refused, repositoryPath } from './call.ts'
import { type Environment, type Settings, UsageError } from './settings.ts'
import type { Terminal } from './terminal.ts'

/** References that one push may change (CodeCommit's quota). */
const mostRefsInPush = 4000

/**
 * Imports what this machine's git can read (a path, an SSH URL, a server in this network): creates the repository where there is none,
 * and pushes every branch, tag and note. Nothing is forced: refs that are there already move forward or stay. @returns the exit code
 */
export async function importFromHere(
  settings: Settings,
  region: string,
  { source, repositoryName, description }: Readonly<{ source: string; repositoryName: string; description: string | undefined }>,
  env: Environment,
  terminal: Terminal,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'codekeep-import-'))
  // Ctrl-C reaches git too: it ends, and the folder is removed as after any failure.
  const keep = terminal.onInterrupt(() => undefined)
  try {
    const gitDir = (await git(['-C', source, 'rev-parse', '--absolute-git-dir'], env).catch(() => '')).trim() || (await cloneInto(join(folder, 'source.git'), source, env, terminal))
    if ((await git(['--git-dir', gitDir, 'rev-parse', '--is-shallow-repository'], env)).trim() === 'true') throw new UsageError('the source is a shallow clone: its history is cut off. git fetch --unshallow first.')
    const all = (await git(['--git-dir', gitDir, 'for-each-ref', '--format=%(refname)'], env)).split('\n').filter((ref) => ref !== '')
    const refs = all.filter((ref) => /^refs\/(?:heads|tags|notes)\//.test(ref))
    if (refs.length === 0) throw new UsageError('the source has no branch, tag or note to import')
    const created = await create(settings, region, repositoryName, description)
    for (let at = 0; at < refs.length; at += mostRefsInPush) await push(settings, region, repositoryName, gitDir, refs.slice(at, at + mostRefsInPush), env)
    const head = (await git(['--git-dir', gitDir, 'symbolic-ref', '--quiet', 'HEAD'], env).catch(() => '')).trim()
    if (created && refs.includes(head) && head.startsWith('refs/heads/')) await call(settings, region, 'UpdateDefaultBranch', { repositoryName, defaultBranchName: head.slice('refs/heads/'.length) })
    const count = (prefix: string): number => refs.filter((ref) => ref.startsWith(prefix)).length
    terminal.out(`${region}/${repositoryName}: ${count('refs/heads/')} branches, ${count('refs/tags/')} tags, ${count('refs/notes/')} refs of notes`)
    if (all.length > refs.length) terminal.out(`left out: refs that are neither branch, tag nor note: ${all.length - refs.length}`)
    return 0
  } finally {
    keep()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function cloneInto(gitDir: string, source: string, env: Environment, terminal: Terminal): Promise<string> {
  terminal.err('reading the source into a temporary folder of this machine, in the clear; it is removed afterwards')
  await git(['clone', '--mirror', '--progress', '--', source, gitDir], env, true)
  return gitDir
}

async function create(settings: Settings, region: string, repositoryName: string, description: string | undefined): Promise<boolean> {
  try {
    await call(settings, region, 'CreateRepository', { repositoryName, ...(description !== undefined && { repositoryDescription: description }) })
    return true
  } catch (error) {
    if (error instanceof Refused && error.code === 'RepositoryNameExistsException') return false
    throw error
  }
}

/** Pushes with the user's own git; the signature for the server is in its environment alone. */
async function push(settings: Settings, region: string, name: string, gitDir: string, refs: readonly string[], env: Environment): Promise<void> {
  const path = repositoryPath(region, name)
  const url = `${settings.endpoint.origin}${path}`
  const { username, password } = gitCredentials(settings, path, region)
  const configuration: [string, string][] = [
    ['credential.helper', ''],
    ['credential.helper', '!f() { test "$1" = get || exit 0; printf "username=%s\\npassword=%s\\n" "$CODEKEEP_GIT_USERNAME" "$CODEKEEP_GIT_PASSWORD"; }; f'],
  ]
  const added = { CODEKEEP_GIT_USERNAME: username, CODEKEEP_GIT_PASSWORD: password, GIT_TERMINAL_PROMPT: '0', ...(settings.caFile !== undefined && { GIT_SSL_CAINFO: settings.caFile }), GIT_CONFIG_COUNT: String(configuration.length), ...Object.fromEntries(configuration.flatMap(([key, value], index) => [[`GIT_CONFIG_KEY_${index}`, key], [`GIT_CONFIG_VALUE_${index}`, value]])) }
  await git(['--git-dir', gitDir, 'push', '--progress', '--', url, ...refs.map((ref) => `${ref}:${ref}`)], { ...env, ...added }, true)
}

/** Runs this machine's git as its user has set it up; `shown`: its progress goes to the terminal. */
function git(args: readonly string[], env: Environment, shown = false): Promise<string> {
  const child = spawn('git', [...args], { env: env as NodeJS.ProcessEnv, stdio: ['inherit', 'pipe', shown ? 'inherit' : 'pipe'] })
  const out: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr?.resume()
  return new Promise((resolve, reject) => {
    child.once('error', () => reject(new UsageError('git cannot be run')))
    child.once('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString())
      else reject(new UsageError(`git ${args.find((arg) => /^[a-z]/.test(arg)) ?? ''} ended with ${String(code)}`))
    })
  })
}
