import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Refs } from '#lib/git/refs'

/** For tests: a repository that stock git made, in a temporary folder that goes with `using`. */
export class TestRepository implements Disposable {
  readonly directory: string
  readonly gitDir: string
  #seconds = 1_700_000_000

  constructor() {
    this.directory = join(mkdtempSync(join(tmpdir(), 'codekeep-git-')), 'work')
    mkdirSync(this.directory)
    this.git('init', '-q', '-b', 'main')
    this.gitDir = join(this.directory, '.git')
  }

  /** Runs stock git in the work tree and returns what it prints, trimmed. */
  git(...args: readonly (string | { input: string | Uint8Array })[]): string {
    return this.gitBytes(...args).toString('utf8').trim()
  }

  gitBytes(...args: readonly (string | { input: string | Uint8Array })[]): Buffer {
    const words = args.filter((arg) => typeof arg === 'string')
    const input = args.find((arg) => typeof arg !== 'string')?.input
    return execFileSync('git', words, {
      cwd: this.directory,
      env: testEnvironment(this.#seconds),
      stdio: ['pipe', 'pipe', 'pipe'],
      maxBuffer: 1 << 30,
      ...(input === undefined ? {} : { input }),
    })
  }

  /** Runs stock git and returns its exit code and both outputs. */
  try(...args: readonly string[]): { status: number | null; stdout: Buffer; stderr: string } {
    const { status, stdout, stderr } = spawnSync('git', args, { cwd: this.directory, env: testEnvironment(this.#seconds) })
    return { status, stdout, stderr: stderr.toString('utf8') }
  }

  write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.directory, path)), { recursive: true })
    writeFileSync(join(this.directory, path), content)
  }

  /** Writes the files, commits them a minute after the last commit, and returns the commit. */
  commit(message: string, files: Readonly<Record<string, string | Uint8Array>> = {}): string {
    for (const [path, content] of Object.entries(files)) this.write(path, content)
    this.#seconds += 60
    this.git('add', '-A')
    this.git('commit', '-q', '--allow-empty', '-m', message)
    return this.git('rev-parse', 'HEAD')
  }

  /** A sibling folder in the same temporary place. */
  sibling(name: string): string {
    return join(dirname(this.directory), name)
  }

  /** A bare clone beside it, with everything packed. */
  bare(name = 'bare.git'): string {
    this.git('clone', '-q', '--bare', '--no-local', '.', `../${name}`)
    return this.sibling(name)
  }

  /** The refs as stock git lists them. */
  refs(): Refs {
    const refs = new Map<string, { oid: string; peeled?: string }>()
    for (const line of this.try('show-ref', '-d').stdout.toString('utf8').split('\n')) {
      const [oid = '', name = ''] = line.split(' ')
      const before = refs.get(name.replace(/\^\{\}$/, ''))
      if (name.endsWith('^{}') && before !== undefined) before.peeled = oid
      else if (name !== '') refs.set(name, { oid })
    }
    return { head: this.git('symbolic-ref', 'HEAD'), refs }
  }

  /** A pack of everything that `wanted` reaches and `known` does not, as a push would send it. */
  pack(wanted: readonly string[], known: readonly string[] = [], ...options: readonly string[]): Buffer {
    const input = [...wanted, ...known.map((oid) => `^${oid}`)].join('\n') + '\n'
    return this.gitBytes('pack-objects', '--revs', '--stdout', '-q', '--delta-base-offset', ...options, { input })
  }

  [Symbol.dispose](): void {
    rmSync(dirname(this.directory), { recursive: true, force: true })
  }
}

/** The environment that makes stock git's work repeatable. */
export function testEnvironment(seconds = 1_700_000_000): NodeJS.ProcessEnv {
  return {
    ...process.env,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'Ada Lovelace',
    GIT_AUTHOR_EMAIL: 'ada@example.com',
    GIT_COMMITTER_NAME: 'Ada Lovelace',
    GIT_COMMITTER_EMAIL: 'ada@example.com',
    GIT_AUTHOR_DATE: `${seconds} +0100`,
    GIT_COMMITTER_DATE: `${seconds} +0100`,
    GIT_TERMINAL_PROMPT: '0',
  }
}
