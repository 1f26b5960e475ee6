import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { both, compare, type Story } from '../differential.ts'
import { basic } from '../raw-request.ts'
import { sharedServer } from '../server.ts'

const copied = async (story: Story) => {
  await story.quietly(['clone', '--quiet', story.url, 'copy'])
  return { cwd: story.path('copy') }
}

/** What only CodeCommit refuses: taken by git's own server. */
const onlyHere = (why: string, text: RegExp) => ({ why, codekeep: { code: 1, text }, reference: { code: 0 } })

/** What both refuse, in other words. */
const otherWords = (why: string, codekeep: RegExp, reference: RegExp) => ({ why, codekeep: { code: 1, text: codekeep }, reference: { code: 1, text: reference } })

/** As many branches as this, in one push. */
async function manyRefs({ quietly }: Story, at: { cwd: string }, count: number): Promise<void> {
  const head = await quietly(['rev-parse', 'HEAD'], at)
  await quietly(['update-ref', '--stdin'], { ...at, input: Array.from({ length: count }, (_, index) => `create refs/many/b${String(index).padStart(4, '0')} ${head}\n`).join('') })
}

compare([
  {
    title: '4,000 refs in one push; then 4,001',
    seed: 'small',
    // Over HTTPS git itself compares every ref with every other, for half a minute.
    over: ['SSH'],
    run: async (story) => {
      const at = await copied(story)
      await manyRefs(story, at, 4000)
      await story.git(['push', '--quiet', 'origin', 'refs/many/*:refs/many/*'], at)
      await story.git(['ls-remote', story.url], at)
      await story.quietly(['update-ref', 'refs/many/one-more', 'HEAD'], at)
      const differs = { why: 'CodeCommit takes 4,000 refs in one push', codekeep: { code: 128, text: /Too many reference update commands: 4001, and one push may have 4000/ }, reference: { code: 0 } }
      await story.git(['push', '--quiet', 'origin', 'refs/many/*:refs/many-more/*'], { ...at, differs })
      if (story.side === 'codekeep') story.note('refs', (await story.quietly(['ls-remote', story.url, 'refs/many-more/*'])) === '')
      else story.note('refs', true)
    },
  },
  {
    title: 'branch names that CodeCommit refuses: like a commit ID, longer than 256 characters',
    seed: 'small',
    over: both,
    run: async (story) => {
      const at = await copied(story)
      await story.git(['push', 'origin', `HEAD:refs/heads/${'0123456789abcdef'.repeat(2)}01234567`], { ...at, differs: onlyHere('a branch name may not look like a commit ID', /remote rejected.*must not look like a commit ID/) })
      await story.git(['push', 'origin', `HEAD:refs/heads/${'x'.repeat(200)}/${'y'.repeat(100)}`], { ...at, differs: onlyHere('a branch name has at most 256 characters', /remote rejected.*at most 256 characters/) })
    },
  },
  {
    title: 'a branch that points at no commit',
    seed: 'small',
    over: both,
    run: async (story) => {
      const at = await copied(story)
      const differs = otherWords('Codekeep says what is wrong; git says to its log', /remote rejected.*a branch points at a commit/, /remote rejected.*failed to update ref/)
      await story.git(['push', 'origin', 'HEAD^{tree}:refs/heads/a-tree'], { ...at, differs })
      await story.git(['push', 'origin', 'HEAD:file-1.txt:refs/heads/none'], { ...at, differs })
      await story.served()
    },
  },
  {
    title: 'a name that runs through another: the branch is there first, the folder is there first, both in one push',
    seed: 'small',
    over: both,
    run: async (story) => {
      const at = await copied(story)
      const differs = otherWords('Codekeep says what is wrong; git says to its log', /remote rejected.*a ref and a folder of refs cannot have one name/, /remote rejected.*failed to update ref/)
      await story.git(['push', 'origin', 'HEAD:refs/heads/topic/one'], { ...at, differs })
      await story.git(['push', 'origin', 'HEAD:refs/heads/deep/er/still'], at)
      await story.git(['push', 'origin', 'HEAD:refs/heads/deep/er'], { ...at, differs })
      await story.git(['push', 'origin', 'HEAD:refs/heads/p', 'HEAD:refs/heads/p/q'], { ...at, differs })
      await story.served()
    },
  },
  {
    title: 'objects that fsck refuses: a commit without a date, a tree with .git in it',
    seed: 'small',
    over: both,
    run: async (story) => {
      const at = await copied(story)
      const tree = await story.quietly(['rev-parse', 'HEAD^{tree}'], at)
      const blob = await story.quietly(['rev-parse', 'HEAD:file-1.txt'], at)
      const hash = (type: string, input: string | Uint8Array) => story.quietly(['hash-object', '-t', type, '-w', '--literally', '--stdin'], { ...at, input })
      const noDate = await hash('commit', `tree ${tree}\nauthor A <a@example.com>\ncommitter A <a@example.com>\n\nNo date\n`)
      const dotGit = await hash('tree', Buffer.concat([Buffer.from('100644 .git\0'), Buffer.from(blob, 'hex')]))
      const inTree = await hash('commit', `tree ${dotGit}\nauthor A <a@example.com> 1 +0000\ncommitter A <a@example.com> 1 +0000\n\nA file called .git\n`)
      const differs = otherWords('Codekeep hands on what fsck said; git says “unpacker error”', /fsck error|unpacker error|invalid/, /unpacker error/)
      for (const oid of [noDate, inTree]) await story.git(['push', 'origin', `${oid}:refs/heads/bad`], { ...at, differs })
      await story.served()
    },
  },
  {
    title: 'history that the server has no beginning of, from a shallow clone',
    seed: 'empty',
    over: both,
    run: async (story) => {
      await story.quietly(['init', '--quiet', 'whole'])
      for (const index of [1, 2, 3]) await story.commit('whole', { [`${index}.txt`]: String(index) })
      await story.quietly(['clone', '--quiet', '--depth', '1', `file://${story.path('whole')}`, 'cut'])
      const differs = otherWords('Codekeep keeps whole histories only, and says what is missing', /remote rejected.*missing necessary objects|unpack/, /remote rejected.*shallow update not allowed/)
      await story.git(['push', story.url, 'main'], { cwd: story.path('cut'), differs })
      await story.git(['ls-remote', story.url])
    },
  },
  {
    title: 'a repository of SHA-256: push, fetch',
    seed: 'small',
    over: both,
    run: async (story) => {
      await story.quietly(['init', '--quiet', '--object-format=sha256', 'long'])
      await story.commit('long', { 'a.txt': 'a\n' })
      const at = { cwd: story.path('long') }
      await story.git(['push', story.url, 'HEAD:refs/heads/long'], at)
      await story.git(['fetch', story.url, 'main'], at)
      await story.served()
    },
  },
  {
    title: 'push --signed, which neither offers',
    seed: 'small',
    run: async (story) => {
      const at = await copied(story)
      await story.git(['push', '--signed', 'origin', 'HEAD:refs/heads/signed'], at)
      await story.git(['push', '--signed=if-asked', 'origin', 'HEAD:refs/heads/signed'], at)
      await story.served()
    },
  },
  ...['a body with its length', 'a chunked body'].map((title) => ({
    title: `Expect: 100-continue before ${title}`,
    seed: 'small' as const,
    run: async (story: Story) => {
      const at = await copied(story)
      const newOid = await story.commit('copy', { 'expected.txt': 'x\n' })
      const oldOid = await story.quietly(['rev-parse', 'HEAD~1'], at)
      const name = await story.quietly(['pack-objects', '--revs', '-q', 'expected'], { ...at, input: `${newOid}\n^${oldOid}\n` })
      const line = `${oldOid} ${newOid} refs/heads/main\0 report-status`
      const body = Buffer.concat([Buffer.from(`${(line.length + 4).toString(16).padStart(4, '0')}${line}0000`), readFileSync(`${at.cwd}/expected-${name}.pack`)])
      story.note('answer', await expecting(story, body, title === 'a chunked body'))
      await story.served()
    },
  })),
])

/** A push by hand that waits for “100 Continue” before its body. */
function expecting(story: Story, body: Buffer, chunked: boolean): Promise<{ continued: boolean; status: number; text: string }> {
  const { hostname, port, pathname } = new URL(story.url)
  return new Promise((resolve, reject) => {
    let continued = false
    const headers = { ...basic(story.credentials.userName, story.credentials.password), 'content-type': 'application/x-git-receive-pack-request', expect: '100-continue', ...(chunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(body.length) }) }
    const sent = request({ hostname, port, path: `${pathname}/git-receive-pack`, method: 'POST', ca: readFileSync(sharedServer().caFile), agent: false, headers }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve({ continued, status: response.statusCode ?? 0, text }))
    })
    sent.on('error', reject)
    sent.on('continue', () => {
      continued = true
      sent.end(body)
    })
    sent.flushHeaders()
  })
}
