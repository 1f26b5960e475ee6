import { both, compare, type Story } from '../differential.ts'

/** A clone, while the server goes on: commits on main and topic, a new branch, new tags, one branch less, one rewritten. */
async function overtaken({ quietly, commit, url, path }: Story): Promise<void> {
  await quietly(['clone', '--quiet', url, 'other'])
  const other = { cwd: path('other') }
  await quietly(['clone', '--quiet', url, 'copy'])
  for (let index = 0; index < 6; index += 1) await commit('other', { [`new-${index}.txt`]: 'new\n' }, `New ${index}`)
  await quietly(['tag', '-a', '-m', 'Two', 'v2', 'HEAD~1'], other)
  await quietly(['tag', 'light', 'HEAD~3'], other)
  await quietly(['branch', '--quiet', 'fresh/one', 'HEAD~2'], other)
  await quietly(['checkout', '--quiet', '-B', 'topic', 'origin/topic~1'], other)
  await commit('other', { 'rewritten.txt': 'rewritten\n' })
  await quietly(['tag', '-a', '-m', 'Unreached', 'aside', 'topic'], other)
  await quietly(['push', '--quiet', '--force', url, 'main', 'topic', 'fresh/one', 'v2', 'light', 'aside'], other)
}

const inCopy = (story: Story) => ({ cwd: story.path('copy') })

/** One way to catch up, from the same start. */
function catchesUp(title: string, ...commands: readonly (readonly string[])[]) {
  return {
    title,
    seed: 'small' as const,
    run: async (story: Story) => {
      await overtaken(story)
      for (const command of commands) await story.git(command, inCopy(story))
      await story.state('copy')
    },
  }
}

compare([
  ...[0, 1, 2].map((version) => ({
    title: `a client with a hundred commits of its own, by protocol ${version}: several rounds, a gzipped request`,
    seed: 'small' as const,
    over: both,
    run: async (story: Story) => {
      await overtaken(story)
      const lines = Array.from({ length: 100 }, (_, index) => `commit refs/heads/own\nmark :${index + 1}\ncommitter A <a@example.com> ${1_760_000_000 + index} +0000\ndata 3\nown\nfrom ${index === 0 ? 'refs/heads/main^0' : `:${index}`}\nM 100644 inline own.txt\ndata 4\n${String(index).padStart(4)}\n`)
      await story.quietly(['fast-import', '--quiet'], { ...inCopy(story), input: lines.join('') })
      await story.git(['-c', `protocol.version=${version}`, 'fetch', 'origin'], inCopy(story))
      await story.state('copy')
    },
  })),
  catchesUp('fetch: branches, tags that come with them, a rewritten branch', ['fetch']),
  catchesUp('fetch by protocol 0', ['-c', 'protocol.version=0', 'fetch']),
  catchesUp('fetch twice: nothing new the second time', ['fetch', '--quiet'], ['fetch', '--verbose']),
  catchesUp('fetch of one branch: tags in its range come too', ['fetch', 'origin', 'main']),
  catchesUp('--no-tags', ['fetch', '--no-tags']),
  catchesUp('--tags: also those that no branch reaches', ['fetch', '--tags']),
  catchesUp('a rewritten branch without + is refused by the client', ['fetch', 'origin', 'refs/heads/topic:refs/remotes/origin/topic', 'refs/heads/main:refs/remotes/origin/main']),
  catchesUp('--atomic with one that is refused', ['fetch', '--atomic', 'origin', 'refs/heads/topic:refs/remotes/origin/topic', 'refs/heads/main:refs/remotes/origin/main']),
  catchesUp('--refetch', ['fetch', '--refetch']),
  catchesUp('--depth 1 in a full clone', ['fetch', '--depth', '1']),
  catchesUp('--server-option', ['fetch', '--server-option=hello', '--server-option=ünïcode']),
  catchesUp('pull --rebase with a commit of one’s own', ['commit', '--quiet', '--allow-empty', '-m', 'Mine'], ['pull', '--rebase', '--quiet'], ['log', '--format=%s']),
  catchesUp('remote show, set-head: HEAD is a symbolic ref', ['remote', 'show', 'origin'], ['remote', 'set-head', 'origin', '--auto'], ['symbolic-ref', 'refs/remotes/origin/HEAD']),
  {
    title: '--negotiate-only: what is common, and no pack',
    seed: 'small',
    over: both,
    run: async (story) => {
      await overtaken(story)
      await story.quietly(['commit', '--quiet', '--allow-empty', '-m', 'Mine'], inCopy(story))
      await story.git(['-c', 'protocol.version=2', 'fetch', '--negotiate-only', '--negotiation-tip=main', 'origin'], inCopy(story))
      await story.git(['-c', 'push.negotiate=true', 'push', 'origin', 'main:refs/heads/mine'], inCopy(story))
      await story.served()
    },
  },
  {
    title: 'by object ID: a tip, a commit below it, a tree, a blob, what is not there',
    seed: 'history',
    over: both,
    run: async (story) => {
      const { git, url, quietly, path } = story
      await quietly(['clone', '--quiet', '--bare', url, 'all.git'])
      const oid = (name: string) => quietly(['rev-parse', name], { cwd: path('all.git') })
      for (const [name, version] of [['topic', 2], ['main~7', 2], ['main~7', 0], ['main^{tree}', 2], ['main:counter.txt', 2], ['main:counter.txt', 0]] as const) {
        const copy = `copy-${name.replace(/\W/g, '-')}-${version}`
        await quietly(['init', '--quiet', copy])
        await git(['-c', `protocol.version=${version}`, 'fetch', '--no-tags', url, await oid(name)], { cwd: path(copy) })
        await git(['cat-file', '--batch-all-objects', '--batch-check'], { cwd: path(copy) })
      }
      await git(['-c', 'protocol.version=2', 'fetch', url, 'f'.repeat(40)], { cwd: path('all.git') })
      await git(['-c', 'protocol.version=0', 'fetch', url, 'f'.repeat(40)], { cwd: path('all.git') })
    },
  },
  {
    title: 'refspecs of other places: notes, pull requests, a glob, a negative one',
    seed: 'history',
    run: async (story) => {
      await story.quietly(['init', '--quiet', 'copy'])
      await story.git(['fetch', story.url, '+refs/notes/*:refs/notes/*', 'refs/pull/*/head:refs/remotes/pr/*'], inCopy(story))
      await story.git(['fetch', story.url, 'refs/heads/*:refs/remotes/all/*', '^refs/heads/orphan'], inCopy(story))
      await story.state('copy')
    },
  },
  {
    title: '--prune, and a branch whose name becomes a folder',
    seed: 'small',
    run: async (story) => {
      const { quietly, git, url } = story
      await quietly(['clone', '--quiet', url, 'copy'])
      await quietly(['push', '--quiet', url, ':topic', 'main:refs/heads/topic/one', ':v1'], inCopy(story))
      await git(['fetch'], inCopy(story))
      await git(['fetch', '--prune', '--prune-tags'], inCopy(story))
      await story.state('copy')
    },
  },
  {
    title: 'a partial clone asks for one object, then for a range',
    seed: 'history',
    run: async (story) => {
      const { quietly, git, url } = story
      await quietly(['clone', '--quiet', '--filter=blob:none', '--no-checkout', url, 'copy'])
      await git(['cat-file', '-p', 'v1.0:counter.txt'], inCopy(story))
      await git(['cat-file', '-p', 'origin/topic:topic/33.txt'], inCopy(story))
      await git(['diff', '--stat', 'v1.0', 'v2.0'], inCopy(story))
      await story.state('copy')
    },
  },
  {
    title: 'six clones at once',
    seed: 'history',
    over: both,
    run: async (story) => {
      await Promise.all([1, 2, 3, 4, 5, 6].map((index) => story.quietly(['clone', '--quiet', '--mirror', story.url, `copy-${index}`])))
      for (const index of [1, 6]) await story.state(`copy-${index}`)
    },
  },
  {
    title: 'a fetch that is cut off, and then made again',
    seed: 'history',
    run: async (story) => {
      await story.quietly(['init', '--quiet', 'copy'])
      for (const milliseconds of [40, 120]) await story.quietly(['fetch', story.url], { ...inCopy(story), signal: AbortSignal.timeout(milliseconds) }).catch(() => undefined)
      await story.git(['fetch', '--quiet', '--tags', story.url, '+refs/heads/*:refs/remotes/origin/*'], inCopy(story))
      await story.git(['rev-parse', 'refs/remotes/origin/main', 'refs/tags/nested'], inCopy(story))
      await story.git(['fsck', '--strict', '--no-dangling', '--no-progress'], inCopy(story))
    },
  },
  {
    title: 'a repository that is not there',
    seed: 'empty',
    over: both,
    run: async ({ git, url, transport }) => {
      const text = /not found|does not exist/
      const differs = { why: 'Codekeep says that it does not exist; http-backend says 404, and upload-pack to its log', codekeep: { code: 128, text }, reference: { code: 128, ...(transport === 'HTTPS' && { text }) } }
      await git(['ls-remote', `${url}-none`], { differs })
      await git(['clone', `${url}-none`, 'copy'], { differs })
    },
  },
  {
    title: 'git archive --remote',
    seed: 'history',
    over: both,
    run: async ({ git, url, transport }) => {
      if (transport === 'HTTPS') await git(['archive', `--remote=${url}`, 'main'])
      else await git(['archive', '--format=tar', '--output=out.tar', `--remote=${url}`, 'main'], { differs: { why: 'CodeCommit has no upload-archive: over SSH there are two commands, and this is neither', codekeep: { code: 128 }, reference: { code: 0 } } })
    },
  },
])
