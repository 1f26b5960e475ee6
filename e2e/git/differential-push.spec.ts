import { both, compare, type Story } from '../differential.ts'

const copied = async (story: Story, ...options: string[]) => {
  await story.quietly(['clone', '--quiet', ...options, story.url, 'copy'])
  return { cwd: story.path('copy') }
}

/** A push, and all that the server holds after it. */
function pushes(title: string, work: (story: Story, at: { cwd: string }) => Promise<unknown>, more: { over?: typeof both; seed?: 'small' | 'empty' } = {}) {
  return {
    title,
    seed: more.seed ?? ('small' as const),
    ...(more.over && { over: more.over }),
    run: async (story: Story) => {
      await work(story, await copied(story))
      await story.served()
    },
  }
}

compare([
  ...[0, 1, 2].map((version) =>
    pushes(`a first push to an empty repository by protocol ${version}`, async (story, at) => {
      await story.commit('copy', { 'README.md': 'hello\n' })
      await story.git(['-c', `protocol.version=${version}`, 'push', '--set-upstream', 'origin', 'main'], at)
      await story.git(['status', '--branch', '--porcelain=v2'], at)
    }, { seed: 'empty', over: both }),
  ),
  pushes('a first push of a branch of another name', async (story, at) => {
    await story.commit('copy', { 'README.md': 'hello\n' })
    await story.git(['push', 'origin', 'HEAD:refs/heads/main', 'HEAD:refs/heads/other'], at)
  }, { seed: 'empty' }),
  pushes('one commit, as a thin pack and as a whole one; nothing to push', async (story, at) => {
    await story.commit('copy', { 'file-3.txt': 'changed\n' })
    await story.git(['push', 'origin', 'main'], at)
    await story.commit('copy', { 'file-3.txt': 'changed again\n' })
    await story.git(['push', '--no-thin', '--porcelain', 'origin', 'main'], at)
    await story.git(['push', 'origin', 'main'], at)
  }, { over: both }),
  pushes('--all, --tags, --follow-tags, --dry-run', async (story, at) => {
    await story.commit('copy', { 'a.txt': 'a\n' })
    await story.quietly(['branch', 'second'], at)
    await story.quietly(['tag', 'light'], at)
    await story.quietly(['tag', '-a', '-m', 'Two', 'v2'], at)
    await story.quietly(['tag', '-a', '-m', 'A tag of a tag', 'nested', 'v2'], at)
    await story.git(['push', '--dry-run', '--all', 'origin'], at)
    await story.git(['push', '--follow-tags', 'origin', 'main'], at)
    await story.git(['push', '--all', 'origin'], at)
    await story.git(['push', '--tags', 'origin'], at)
  }),
  pushes('--mirror: what the client has not, goes', async (story) => {
    await story.quietly(['clone', '--quiet', '--mirror', story.url, 'mirror.git'])
    const mirror = { cwd: story.path('mirror.git') }
    await story.quietly(['update-ref', '-d', 'refs/heads/topic'], mirror)
    await story.quietly(['update-ref', 'refs/heads/new', 'refs/heads/main'], mirror)
    await story.quietly(['update-ref', 'refs/custom/x', 'refs/heads/main'], mirror)
    await story.git(['push', '--mirror', story.url], mirror)
  }, { over: both }),
  pushes('a rewritten branch: refused by the client, then forced', async (story, at) => {
    await story.quietly(['reset', '--quiet', '--hard', 'HEAD~1'], at)
    await story.commit('copy', { 'b.txt': 'b\n' })
    await story.git(['push', 'origin', 'main'], at)
    await story.git(['push', '--force', 'origin', 'main'], at)
  }, { over: both }),
  pushes('--force-with-lease: granted, stale, of a ref that is not there; --force-if-includes', async (story, at) => {
    await story.quietly(['clone', '--quiet', story.url, 'other'])
    await story.quietly(['reset', '--quiet', '--hard', 'HEAD~1'], at)
    await story.commit('copy', { 'c.txt': 'c\n' })
    await story.git(['push', '--force-with-lease', 'origin', 'main'], at)
    await story.quietly(['reset', '--quiet', '--hard', 'HEAD~1'], { cwd: story.path('other') })
    await story.git(['push', '--force-with-lease', 'origin', 'main'], { cwd: story.path('other') })
    await story.git(['push', '--force-with-lease=new:', 'origin', 'main:new'], at)
    await story.git(['push', '--force-with-lease=new:', 'origin', 'main~1:new'], at)
    await story.git(['push', '--force-with-lease', '--force-if-includes', 'origin', 'main~1:main'], at)
  }),
  pushes('deletions: a branch, a tag, what is not there, a renamed branch', async (story, at) => {
    await story.git(['push', 'origin', ':topic:'], at)
    await story.git(['push', 'origin', '--delete', 'topic', 'v1'], at)
    await story.git(['push', 'origin', '--delete', 'nowhere'], at)
    await story.git(['push', 'origin', 'main:refs/heads/old'], at)
    await story.git(['push', 'origin', ':old', 'main:refs/heads/renamed'], at)
  }, { over: both }),
  pushes('the deletion of HEAD’s branch is refused', async (story, at) => {
    await story.git(['push', 'origin', '--delete', 'main'], at)
    await story.git(['push', 'origin', ':main', 'HEAD:refs/heads/beside'], at)
  }, { over: both }),
  pushes('--atomic: all of it', async (story, at) => {
    await story.commit('copy', { 'd.txt': 'd\n' })
    await story.git(['push', '--atomic', 'origin', 'main', 'HEAD:refs/heads/one', 'HEAD~1:refs/heads/two', ':topic'], at)
  }, { over: both }),
  pushes('--atomic: none of it, where the server refuses one', async (story, at) => {
    await story.commit('copy', { 'd.txt': 'd\n' })
    await story.git(['push', '--atomic', 'origin', ':main', 'HEAD:refs/heads/one', 'HEAD:refs/heads/two'], at)
  }, { over: both }),
  pushes('--atomic: none of it, where the client refuses one', async (story, at) => {
    await story.git(['push', '--atomic', 'origin', 'HEAD~1:main', 'HEAD:refs/heads/one'], at)
  }),
  pushes('push options', async (story, at) => {
    await story.commit('copy', { 'o.txt': 'o\n' })
    await story.git(['push', '-o', 'ci.skip', '-o', 'reviewer=Zoë', 'origin', 'main'], at)
  }, { over: both }),
  pushes('from a shallow clone', async (story) => {
    await story.quietly(['clone', '--quiet', '--depth', '1', story.url, 'shallow'])
    await story.commit('shallow', { 's.txt': 's\n' })
    await story.git(['push', 'origin', 'main', 'main:refs/heads/shallow'], { cwd: story.path('shallow') })
  }, { over: both }),
  pushes('from a partial clone', async (story) => {
    await story.quietly(['clone', '--quiet', '--filter=blob:none', story.url, 'partial'])
    await story.commit('partial', { 'file-1.txt': 'p\n', 'p.txt': 'p\n' })
    await story.git(['push', 'origin', 'main'], { cwd: story.path('partial') })
  }),
  pushes('by object ID, to notes, to places of one’s own; a tag that moves', async (story, at) => {
    const oid = await story.quietly(['rev-parse', 'HEAD~1'], at)
    await story.quietly(['notes', 'add', '-m', 'noted'], at)
    await story.git(['push', 'origin', `${oid}:refs/heads/by-id`, 'refs/notes/*:refs/notes/*', 'HEAD:refs/for/review', 'HEAD^{tree}:refs/tags/a-tree'], at)
    await story.git(['push', 'origin', 'HEAD:refs/tags/v1'], at)
    await story.git(['push', 'origin', '+HEAD:refs/tags/v1'], at)
  }),
  pushes('names outside ASCII: branches, tags, files, messages; a long one', async (story, at) => {
    await story.commit('copy', { 'straße/日本語.txt': 'ü\n', 'emoji-🦀.txt': 'x\n' }, 'Größe, 日本')
    await story.quietly(['branch', 'zweig/ünïcode-日本'], at)
    await story.quietly(['tag', '-a', '-m', 'Größe', '版本'], at)
    await story.git(['push', 'origin', 'zweig/ünïcode-日本', '版本', `HEAD:refs/heads/${'long/'.repeat(40)}name`], at)
  }, { over: both }),
  pushes('a chunked body: http.postBuffer is small, the pack is not', async (story, at) => {
    await story.commit('copy', { 'large.txt': 'a line that repeats\n'.repeat(30_000), 'noise.txt': Array.from({ length: 40_000 }, (_, index) => String((index * 2_654_435_761) % 4_294_967_296)).join(' ') })
    await story.git(['-c', 'http.postBuffer=65536', 'push', 'origin', 'main'], at)
  }),
  pushes('submodules, links, executables, an empty commit, an octopus merge', async (story, at) => {
    await story.quietly(['update-index', '--add', '--cacheinfo', `160000,${'5'.repeat(40)},vendor/library`], at)
    await story.quietly(['update-index', '--add', '--cacheinfo', `120000,${await story.quietly(['hash-object', '-w', '--stdin'], { ...at, input: 'file-1.txt' })},link`], at)
    await story.quietly(['commit', '--quiet', '-m', 'Entries'], at)
    await story.quietly(['commit', '--quiet', '--allow-empty', '-m', 'Empty'], at)
    const tree = await story.quietly(['rev-parse', 'HEAD^{tree}'], at)
    const octopus = await story.quietly(['commit-tree', tree, '-p', 'HEAD', '-p', 'HEAD~2', '-p', 'origin/topic', '-m', 'Octopus'], at)
    await story.git(['push', 'origin', `${octopus}:refs/heads/main`], at)
  }),
  pushes('a push that is cut off, and then made again', async (story, at) => {
    await story.commit('copy', { 'noise.bin': Buffer.alloc(3_000_000, 'cut off '), 'cut.txt': 'cut\n' })
    for (const milliseconds of [60, 200]) await story.quietly(['push', '--quiet', 'origin', 'main:refs/heads/cut'], { ...at, signal: AbortSignal.timeout(milliseconds) }).catch(() => undefined)
    await story.quietly(['push', '--quiet', 'origin', 'main', 'main:refs/heads/cut'], at)
  }),
  {
    title: 'six clients at once: each its own branch',
    seed: 'small',
    run: async (story) => {
      const clients = ['a', 'b', 'c', 'd', 'e', 'f']
      for (const name of clients) await story.quietly(['clone', '--quiet', story.url, name])
      for (const name of clients) await story.commit(name, { [`${name}.txt`]: name })
      await Promise.all(clients.map((name) => story.quietly(['push', '--quiet', 'origin', `HEAD:refs/heads/by-${name}`], { cwd: story.path(name) })))
      await story.served()
    },
  },
  {
    title: 'two clients, one branch: the second fetches first',
    seed: 'small',
    run: async (story) => {
      for (const name of ['one', 'two']) await story.quietly(['clone', '--quiet', story.url, name])
      await story.commit('one', { 'one.txt': 'one\n' })
      await story.commit('two', { 'two.txt': 'two\n' })
      await story.git(['push', 'origin', 'main'], { cwd: story.path('one') })
      await story.git(['push', 'origin', 'main'], { cwd: story.path('two') })
      await story.git(['pull', '--quiet', '--rebase'], { cwd: story.path('two') })
      await story.git(['push', 'origin', 'main'], { cwd: story.path('two') })
      await story.served()
    },
  },
])
