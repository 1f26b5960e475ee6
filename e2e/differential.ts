import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateRepositoryCommand, DeleteRepositoryCommand } from '@aws-sdk/client-codecommit'
import { startNodePeer, type GitPeer } from '../bench/git-peer.ts'
import { rootClients } from './aws-clients.ts'
import { seedHistory, seedSmall } from './differential-seeds.ts'
import { expect, test, testRepository } from './fixtures.ts'
import type { Ended, RunOptions } from './git-client.ts'
import { named } from './named.ts'
import { home } from './regions.ts'
import { sharedServer } from './server.ts'
import { makeUser, type TestUser } from './users.ts'

type Transport = 'HTTPS' | 'SSH'

/** Where the two differ on purpose: why, and what the user of each reads. */
type Difference = Readonly<{ why: string; codekeep: Expected; reference: Expected }>
type Expected = Readonly<{ code: number; text?: RegExp }>

/** One side of a scenario: a client with one server, and a log of what it saw. */
export type Story = Readonly<{
  side: 'codekeep' | 'reference'
  transport: Transport
  url: string
  /** Credentials over HTTPS, the same for both. */
  credentials: Readonly<{ userName: string; password: string }>
  /** The client's own folder. */
  folder: string
  path: (name: string) => string
  /** Runs git and logs exit code, output and messages, for the comparison. */
  git: (args: readonly string[], options?: RunOptions & { differs?: Difference }) => Promise<Ended>
  /** Runs git for what is not compared; it must succeed. */
  quietly: (args: readonly string[], options?: RunOptions) => Promise<string>
  commit: (name: string, files: Readonly<Record<string, string | Uint8Array>>, message?: string) => Promise<string>
  /** Logs a repository of the client: refs, HEAD, every object, where it is cut off, and what fsck says. */
  state: (name: string) => Promise<void>
  /** Logs what the server holds: its refs, and all that a mirror of it gets. */
  served: () => Promise<void>
  /** Logs anything else that must be equal. */
  note: (what: string, value: unknown) => void
}>

/** A scenario for both doors. */
export const both = ['HTTPS', 'SSH'] as const

export type Scenario = Readonly<{
  title: string
  /** What the server holds before: a history that is only read, a small repository, or an empty one, of the scenario's own. */
  seed: 'history' | 'small' | 'empty'
  /** Default: HTTPS. */
  over?: readonly Transport[]
  run: (story: Story) => Promise<void>
}>

/**
 * Declares a test for each scenario and transport: the same client does the same with this server and with git's own, over
 * HTTPS with `git http-backend`, over SSH with `git-upload-pack` and `git-receive-pack`, and must see the same.
 */
export function compare(scenarios: readonly Scenario[]): void {
  const titles = new Set<string>()
  let sides: Sides | undefined
  test.beforeAll(async () => {
    sides = await openSides()
  })
  test.afterAll(() => sides?.close())
  for (const scenario of scenarios) {
    if (titles.has(scenario.title)) throw new Error(`two scenarios are called ${scenario.title}`)
    titles.add(scenario.title)
    for (const transport of scenario.over ?? (['HTTPS'] as const)) {
      test(`${scenario.title} · ${transport}`, async () => {
        if (!sides) throw new Error('the sides are opened before')
        const [codekeep, reference] = await Promise.all([play(sides, scenario, transport, 'codekeep'), play(sides, scenario, transport, 'reference')])
        expect(codekeep.length).toBeGreaterThan(0)
        expect(codekeep).toEqual(reference)
      })
    }
  }
}

type Sides = Readonly<{ alice: TestUser; keyId: string; folder: string; peer: GitPeer; urlOf: (side: Story['side'], transport: Transport, seed: Scenario['seed']) => Promise<string>; close: () => Promise<void> }>

async function openSides(): Promise<Sides> {
  const server = sharedServer()
  const folder = mkdtempSync(join(tmpdir(), 'codekeep-differential-'))
  const alice = await makeUser(server)
  const keyId = await alice.uploadSshKey()
  const { userName, password } = alice.gitCredentials
  const tls = { cert: readFileSync(join(server.dataDir, 'tls/server.pem'), 'utf8'), key: readFileSync(join(server.dataDir, 'tls/server-key.pem'), 'utf8') }
  const peer = await startNodePeer(folder, { tls, credentials: { username: userName, password } })
  appendFileSync(join(alice.git.home, '.git-credentials'), `${peer.origin.replace('//', `//${encodeURIComponent(userName)}:${encodeURIComponent(password)}@`)}\n`)
  // What sshd would do, without it: the command is run here.
  writeFileSync(join(folder, 'local-ssh'), '#!/bin/sh\nfor command; do :; done\nexec sh -c "$command" 2>/dev/null\n', { mode: 0o755 })
  const seeds = { history: seedHistory(join(folder, 'seed-history')), small: seedSmall(join(folder, 'seed-small')), empty: null }
  const { codecommit } = rootClients(server, home)
  const made: string[] = []
  const make = async (side: Story['side'], seed: Scenario['seed']): Promise<Record<Transport, string>> => {
    const name = named('differential')
    const from = seeds[seed]
    if (side === 'codekeep') {
      const { cloneUrlHttp, cloneUrlSsh } = testRepository((await codecommit.send(new CreateRepositoryCommand({ repositoryName: name }))).repositoryMetadata, home)
      made.push(name)
      if (from !== null) await alice.git.git(['push', '--quiet', '--mirror', cloneUrlHttp], { cwd: from })
      return { HTTPS: cloneUrlHttp, SSH: cloneUrlSsh.replace('ssh://', `ssh://${keyId}@`) }
    }
    const gitDir = join(folder, name)
    await alice.git.git(from === null ? ['init', '--quiet', '--bare', gitDir] : ['clone', '--quiet', '--mirror', from, gitDir])
    writeFileSync(join(gitDir, 'config'), `${readFileSync(join(gitDir, 'config'), 'utf8')}${referenceConfig}`)
    return { HTTPS: `${peer.origin}/${name}`, SSH: `ssh://reference${gitDir}` }
  }
  const shared = new Map<Story['side'], Promise<Record<Transport, string>>>()
  return {
    alice,
    keyId,
    folder,
    peer,
    urlOf: async (side, transport, seed) => {
      if (seed !== 'history') return (await make(side, seed))[transport]
      const history = shared.get(side) ?? make(side, seed)
      shared.set(side, history)
      return (await history)[transport]
    },
    close: async () => {
      for (const repositoryName of made) await codecommit.send(new DeleteRepositoryCommand({ repositoryName }))
      await peer.stop()
      await alice.remove()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What Codekeep does of itself, asked of git. */
const referenceConfig = `[core]
	fsync = none
[http]
	receivepack = true
[uploadpack]
	allowFilter = true
	allowAnySHA1InWant = true
[receive]
	advertisePushOptions = true
	fsckObjects = true
	autogc = false
[gc]
	auto = 0
`

async function play(sides: Sides, scenario: Scenario, transport: Transport, side: Story['side']): Promise<readonly unknown[]> {
  const { alice } = sides
  const url = await sides.urlOf(side, transport, scenario.seed)
  const folder = join(sides.folder, 'clients', named('client'))
  mkdirSync(folder, { recursive: true })
  const log: unknown[] = []
  // Commits of both sides are the same to the byte.
  const dates = { GIT_AUTHOR_DATE: '2026-03-01T12:00:00Z', GIT_COMMITTER_DATE: '2026-03-01T12:00:00Z' }
  const environment = { ...dates, ...(side === 'reference' && { GIT_SSH_COMMAND: join(sides.folder, 'local-ssh'), GIT_SSH_VARIANT: 'ssh' }) }
  const plain = (text: string): string => normalised(text, { [url]: '<url>', [url.replace(/\/\/[^/@]*@/, '//')]: '<url>', [folder]: '<folder>', ...(side === 'reference' && { [sides.peer.origin]: '<origin>' }) })
  const options = ({ environment: more, ...rest }: RunOptions = {}): RunOptions => ({ cwd: folder, ...rest, environment: { ...environment, ...more } })
  const run = (args: readonly string[], given?: RunOptions): Promise<Ended> => alice.git.run(args, options(given))
  const path = (name: string): string => join(folder, name)
  const story: Story = {
    side,
    transport,
    url,
    credentials: alice.gitCredentials,
    folder,
    path,
    git: async (args, given) => {
      const ended = await run(args, given)
      const command = plain(['git', ...args].join(' '))
      if (given?.differs) {
        const expected = given.differs[side]
        expect({ command, code: ended.code, text: ended.stderr + ended.stdout }, `${side}: ${given.differs.why}`).toEqual({ command, code: expected.code, text: expected.text === undefined ? expect.any(String) : expect.stringMatching(expected.text) })
        log.push({ command, differs: given.differs.why })
      } else log.push({ command, code: ended.code, stdout: plain(ended.stdout), stderr: plain(ended.stderr) })
      return ended
    },
    quietly: (args, given) => alice.git.git(args, options(given)),
    commit: async (name, files, message = 'A change') => {
      for (const [file, content] of Object.entries(files)) {
        mkdirSync(join(path(name), file, '..'), { recursive: true })
        writeFileSync(join(path(name), file), content)
      }
      await alice.git.git(['add', '--all'], options({ cwd: path(name) }))
      await alice.git.git(['commit', '--quiet', '--allow-empty', '--message', message], options({ cwd: path(name) }))
      return alice.git.git(['rev-parse', 'HEAD'], options({ cwd: path(name) }))
    },
    state: async (name) => {
      const cwd = path(name)
      const gitDir = existsSync(join(cwd, '.git')) ? join(cwd, '.git') : cwd
      const shallow = join(gitDir, 'shallow')
      const [refs, objects, fsck] = await Promise.all([
        run(['for-each-ref', '--format=%(objectname) %(refname) %(symref)'], { cwd }),
        run(['cat-file', '--batch-all-objects', '--batch-check'], { cwd }),
        run(['fsck', '--full', '--strict', '--no-dangling', '--no-progress'], { cwd }),
      ])
      expect({ side, fsck }).toMatchObject({ fsck: { code: 0 } })
      log.push({
        state: name,
        head: readFileSync(join(gitDir, 'HEAD'), 'utf8'),
        refs: refs.stdout.split('\n'),
        objects: objects.stdout.split('\n'),
        fsck: plain(fsck.stderr + fsck.stdout),
        shallow: existsSync(shallow) ? readFileSync(shallow, 'utf8').split('\n').sort() : [],
      })
    },
    served: async () => {
      await story.git(['ls-remote', '--symref', url])
      await alice.git.git(['clone', '--quiet', '--mirror', url, path('served.git')], options())
      await story.state('served.git')
      rmSync(path('served.git'), { recursive: true })
    },
    note: (what, value) => void log.push({ what, value }),
  }
  try {
    await scenario.run(story)
    return log
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Messages without what is a server's own: addresses, folders, names of packs, and its remarks (`remote: …`). */
function normalised(text: string, names: Readonly<Record<string, string>>): string {
  let plain = text
  for (const [name, word] of Object.entries(names)) plain = plain.replaceAll(name, word)
  return plain
    .replace(/pack-[0-9a-f]{40}/g, 'pack-<name>')
    .split(/[\r\n]+/)
    .filter((line) => !/^(remote: |Warning: Permanently added )|: +\d+% \(/.test(line))
    .map((line) => line.trimEnd())
    .join('\n')
}
