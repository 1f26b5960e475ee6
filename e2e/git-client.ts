import { spawn } from 'node:child_process'
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunningServer } from './server.ts'

/** What a program ended with. */
export type Ended = Readonly<{ code: number | null; stdout: string; stderr: string }>

export type RunOptions = Readonly<{
  /** Default: the client's own folder. */
  cwd?: string
  environment?: Readonly<Record<string, string>>
  input?: string | Uint8Array
  signal?: AbortSignal
}>

/** Stock git as a person has it: a home of its own with nothing in it but what the story puts there. */
export type GitClient = Readonly<{
  /** A folder for working trees. */
  folder: string
  home: string
  environment: Readonly<Record<string, string>>
  /** Runs git; how it ends is the caller's to judge. */
  run: (args: readonly string[], options?: RunOptions) => Promise<Ended>
  /** Runs git, which must succeed; gives what it printed, without the last line's end. */
  git: (args: readonly string[], options?: RunOptions) => Promise<string>
  /** Keeps a user name and password for the server, as `git credential approve` does. */
  signIn: (userName: string, password: string) => void
  /** Keeps an SSH key for the server. */
  useSshKey: (privateKeyFile: string) => void
  /** Makes a repository with one commit for each of these sets of files; gives its folder. */
  makeRepository: (name: string, ...commits: readonly Readonly<Record<string, string | Uint8Array>>[]) => Promise<string>
  /** One more commit in a working tree. */
  commit: (cwd: string, files: Readonly<Record<string, string | Uint8Array>>, message?: string) => Promise<string>
  remove: () => void
}>

/** A git of its own for one person of a story. Only the server's own CA is believed. */
export function gitClient(server: RunningServer): GitClient {
  const folder = mkdtempSync(join(tmpdir(), 'codekeep-git-'))
  const home = join(folder, '.home')
  mkdirSync(home)
  const { PATH = '' } = process.env
  const environment = {
    PATH,
    HOME: home,
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_SSL_CAINFO: server.caFile,
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
  }
  writeFileSync(join(home, '.gitconfig'), gitConfig)
  const run: GitClient['run'] = (args, { cwd = folder, environment: more, input, signal } = {}) =>
    runProgram('git', args, { cwd, environment: { ...environment, ...more }, ...(input !== undefined && { input }), ...(signal && { signal }) })
  const git: GitClient['git'] = async (args, options) => {
    const { code, stdout, stderr } = await run(args, options)
    if (code !== 0) throw new Error(`git ${args.join(' ')} ends with ${String(code)}\n${stderr}${stdout}`)
    return stdout.replace(/\n$/, '')
  }
  const commit: GitClient['commit'] = async (cwd, files, message = 'A change') => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(cwd, path, '..'), { recursive: true })
      writeFileSync(join(cwd, path), content)
    }
    await git(['add', '--all'], { cwd })
    await git(['commit', '--quiet', '--message', message], { cwd })
    return git(['rev-parse', 'HEAD'], { cwd })
  }
  return {
    folder,
    home,
    environment,
    run,
    git,
    commit,
    signIn: (userName, password) => {
      const line = `https://${encodeURIComponent(userName)}:${encodeURIComponent(password)}@localhost:${server.port}\n`
      writeFileSync(join(home, '.git-credentials'), line, { mode: 0o600 })
    },
    useSshKey: (privateKeyFile) => {
      mkdirSync(join(home, '.ssh'), { recursive: true, mode: 0o700 })
      chmodSync(privateKeyFile, 0o600)
      const command = `ssh -F none -i ${privateKeyFile} -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile=${join(home, '.ssh/known_hosts')}`
      appendFileSync(join(home, '.gitconfig'), `[core]\n\tsshCommand = ${command}\n`)
    },
    makeRepository: async (name, ...commits) => {
      const cwd = join(folder, name)
      await git(['init', '--quiet', cwd])
      for (const [index, files] of commits.entries()) await commit(cwd, files, `Commit ${index + 1}`)
      return cwd
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const gitConfig = `[user]
	name = Alice Example
	email = alice@example.com
[init]
	defaultBranch = main
[credential]
	helper = store
[gc]
	auto = 0
[maintenance]
	auto = false
[advice]
	detachedHead = false
`

/** Runs a program to its end. */
export function runProgram(
  program: string,
  args: readonly string[],
  { cwd, environment, input, signal }: RunOptions & { environment: Readonly<Record<string, string>> },
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      cwd,
      // Next's types want NODE_ENV in every environment; the program's own is meant to be bare.
      env: environment as NodeJS.ProcessEnv,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(signal && { signal, killSignal: 'SIGKILL' as const }),
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.once('error', (error) => {
      if (!signal?.aborted) reject(error)
    })
    child.once('close', (code) => resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }))
    // A program that does not read all it is given is judged by how it ends.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}
