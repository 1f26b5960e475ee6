import { both, compare, type Scenario, type Story } from '../differential.ts'

const versions = [0, 1, 2] as const

/** Clones that are made over SSH too. */
const overSsh: ReadonlySet<string> = new Set([
  'clone by protocol 0', 'clone by protocol 1', 'clone by protocol 2', '--depth 2, deepened by --deepen and --depth, then --unshallow', '--depth 2 by protocol 0, deepened, then all of it',
  '--filter=blob:none, and what a checkout needs of the rest', '--filter=blob:none by protocol 0', '--mirror: notes, pull requests, tags of blobs and trees',
])

/** A clone of the history in one form, compared to the last object. */
function cloned(title: string, options: readonly string[], then?: (story: Story) => Promise<void>, version = 2): Scenario {
  return {
    title,
    seed: 'history',
    ...(overSsh.has(title) && { over: both }),
    run: async (story) => {
      await story.git(['-c', `protocol.version=${version}`, 'clone', ...options, story.url, 'copy'])
      await story.state('copy')
      await then?.(story)
    },
  }
}

const inCopy = (story: Story) => ({ cwd: story.path('copy') })

/** What a client that has less than everything does later. */
const deepens = (...steps: readonly (readonly string[])[]) => async (story: Story) => {
  for (const step of steps) {
    await story.git(step, inCopy(story))
    await story.state('copy')
  }
}

/** The tip of a partial clone's branch is checked out: git fetches what is missing. */
const checksOut = async (story: Story): Promise<void> => {
  await story.git(['checkout', '--quiet', 'topic'], inCopy(story))
  await story.git(['status', '--porcelain'], inCopy(story))
  await story.git(['log', '--stat', '--oneline', '-3'], inCopy(story))
  await story.state('copy')
}

compare([
  ...versions.map((version) => cloned(`clone by protocol ${version}`, [], undefined, version)),
  ...versions.map((version): Scenario => ({
    title: `ls-remote by protocol ${version}: all refs, HEAD’s branch, patterns, nothing found`,
    seed: 'history',
    over: both,
    run: async ({ git, url }) => {
      const lsRemote = (...args: string[]) => git(['-c', `protocol.version=${version}`, 'ls-remote', ...args])
      await lsRemote('--symref', url)
      await lsRemote(url, 'v*', 'refs/heads/f*', 'topic')
      await lsRemote('--heads', url)
      await lsRemote('--tags', '--refs', url)
      await lsRemote('--exit-code', url, 'no-such-thing')
    },
  })),
  cloned('--depth 1', ['--depth', '1']),
  cloned('--depth 3 of every branch', ['--depth', '3', '--no-single-branch']),
  cloned('--depth 2 by protocol 0, deepened, then all of it', ['--depth', '2'], deepens(['-c', 'protocol.version=0', 'fetch', '--deepen', '4'], ['-c', 'protocol.version=0', 'fetch', '--unshallow']), 0),
  cloned('--depth 2, deepened by --deepen and --depth, then --unshallow', ['--depth', '2'], deepens(['fetch', '--deepen', '4'], ['fetch', '--depth', '12'], ['fetch', '--unshallow'])),
  cloned('--shallow-since', ['--shallow-since=2025-01-25T00:00:00Z'], deepens(['fetch', '--shallow-since=2025-01-12T00:00:00Z'])),
  cloned('--shallow-exclude a tag', ['--shallow-exclude=v1.0'], deepens(['fetch', '--unshallow'])),
  cloned('a full clone that is cut off later', ['--no-tags'], deepens(['fetch', '--depth', '2'])),
  cloned('--filter=blob:none, and what a checkout needs of the rest', ['--filter=blob:none'], checksOut),
  cloned('--filter=blob:none by protocol 0', ['--filter=blob:none'], checksOut, 0),
  cloned('--filter=blob:limit=1k', ['--filter=blob:limit=1k'], checksOut),
  cloned('--filter=tree:0', ['--filter=tree:0', '--no-checkout'], checksOut),
  cloned('--filter=tree:1 and blob:limit together', ['--filter=tree:1', '--filter=blob:limit=100', '--no-checkout']),
  cloned('--filter=object:type=commit', ['--filter=object:type=commit', '--bare']),
  cloned('--filter=blob:none with --depth 1', ['--filter=blob:none', '--depth', '1'], deepens(['fetch', '--unshallow'])),
  cloned('--single-branch of another branch', ['--single-branch', '--branch', 'topic']),
  cloned('--branch with an annotated tag', ['--branch', 'v1.0']),
  cloned('--branch with a name outside ASCII', ['--branch', 'feature/ünïcode', '--single-branch']),
  cloned('--no-tags', ['--no-tags']),
  cloned('--bare', ['--bare']),
  cloned('--mirror: notes, pull requests, tags of blobs and trees', ['--mirror']),
  cloned('--mirror by protocol 0', ['--mirror'], undefined, 0),
  {
    title: 'a branch that is not there',
    seed: 'history',
    run: async ({ git, url, quietly, path }) => {
      await git(['clone', '--branch', 'nowhere', url, 'copy'])
      await quietly(['init', '--quiet', 'copy'])
      await git(['fetch', url, 'refs/heads/nowhere'], { cwd: path('copy') })
    },
  },
  {
    title: 'a working tree with links, executables, submodules and names outside ASCII',
    seed: 'history',
    run: async (story) => {
      await story.git(['clone', story.url, 'copy'])
      await story.git(['ls-files', '--stage'], inCopy(story))
      await story.git(['status', '--porcelain=v2', '--branch'], inCopy(story))
      await story.git(['submodule', 'status'], inCopy(story))
    },
  },
  ...versions.map((version): Scenario => ({
    title: `an empty repository by protocol ${version}`,
    seed: 'empty',
    over: both,
    run: async ({ git, url, path }) => {
      await git(['-c', `protocol.version=${version}`, 'clone', url, 'copy'])
      await git(['symbolic-ref', 'HEAD'], { cwd: path('copy') })
      await git(['ls-remote', '--symref', url])
      await git(['fetch', '--tags'], { cwd: path('copy') })
    },
  })),
])
