import { expect, test } from 'vitest'
import { aheadBehind, isAncestor, mergeBase, readCommit, readTag, resolveCommit } from '#lib/git/commit'
import { decodeName } from '#lib/git/name'
import { ObjectReader } from '#lib/git/object-reader'
import { TestRepository } from '#lib/git/test-repository'

test('a commit is read as it was written', async () => {
  using repository = new TestRepository()
  const first = repository.commit('one', { 'a.txt': 'a' })
  const second = repository.commit('Größer\n\nwith a body\n\nand a trailer: yes', { 'a.txt': 'b' })
  expect(await readCommit(repository.gitDir, second)).toEqual({
    oid: second,
    tree: repository.git('rev-parse', 'HEAD^{tree}'),
    parents: [first],
    author: { name: 'Ada Lovelace', email: 'ada@example.com', seconds: 1_700_000_120, timezone: '+0100' },
    committer: { name: 'Ada Lovelace', email: 'ada@example.com', seconds: 1_700_000_120, timezone: '+0100' },
    message: 'Größer\n\nwith a body\n\nand a trailer: yes\n',
    extraHeaders: [],
  })
  expect((await readCommit(repository.gitDir, first))?.parents).toEqual([])
})

test('history has commits in other encodings, signed, merged, and broken', async () => {
  using repository = new TestRepository()
  const tree = repository.git('write-tree')
  const write = (lines: Uint8Array): string => repository.git('hash-object', '-t', 'commit', '-w', '--stdin', '--literally', { input: lines })
  const latin1 = write(
    Buffer.from(
      `tree ${tree}\nparent ${'1'.repeat(40)}\nparent ${'2'.repeat(40)}\nauthor J\u00fcrgen <j@x> 1 -0330\ncommitter C <> 2 +0000\n` +
        'encoding ISO-8859-1\ngpgsig -----BEGIN\n \n abc\n -----END\n\nGr\u00fc\u00dfe\n',
      'latin1',
    ),
  )
  expect(await readCommit(repository.gitDir, latin1)).toMatchObject({
    parents: ['1'.repeat(40), '2'.repeat(40)],
    author: { name: 'Jürgen', email: 'j@x', seconds: 1, timezone: '-0330' },
    committer: { name: 'C', email: '', seconds: 2 },
    message: 'Grüße\n',
    extraHeaders: [['gpgsig', '-----BEGIN\n\nabc\n-----END']],
  })
  const broken = write(Buffer.from(`tree ${tree}\nauthor nobody at all\ncommitter <a> b <c>\nencoding klingon\n`))
  expect(await readCommit(repository.gitDir, broken)).toMatchObject({
    author: { name: 'nobody at all', email: '', seconds: 0 },
    committer: { email: 'a> b <c', seconds: 0, timezone: '+0000' },
    message: '',
  })
})

test('what is no commit is null: another kind, an unknown oid, no oid', async () => {
  using repository = new TestRepository()
  repository.commit('one', { 'a.txt': 'a' })
  for (const oid of [repository.git('rev-parse', 'HEAD^{tree}'), 'f'.repeat(40), 'HEAD', '--version', '']) {
    expect(await readCommit(repository.gitDir, oid)).toBeNull()
    expect(await readTag(repository.gitDir, oid)).toBeNull()
  }
})

test('an annotated tag', async () => {
  using repository = new TestRepository()
  const commit = repository.commit('one', { 'a.txt': 'a' })
  repository.git('tag', '-a', '-m', 'the first', 'v1-größe')
  expect(await readTag(repository.gitDir, repository.git('rev-parse', 'v1-größe'))).toMatchObject({
    object: commit,
    type: 'commit',
    name: 'v1-größe',
    tagger: { name: 'Ada Lovelace' },
    message: 'the first\n',
  })
})

test('a branch, a tag, HEAD, a full ref, an oid or its beginning name a commit', async () => {
  using repository = new TestRepository()
  const first = repository.commit('one', { 'a.txt': 'a' })
  repository.git('tag', '-a', '-m', 'x', 'v1')
  repository.git('tag', 'both')
  const second = repository.commit('two', { 'a.txt': 'b' })
  repository.git('branch', 'both')
  repository.git('branch', 'größe/x')
  const resolve = async (name: string): Promise<string | null> => resolveCommit(repository.gitDir, name)
  expect(await resolve('main')).toBe(second)
  expect(await resolve('größe/x')).toBe(second)
  expect(await resolve('v1')).toBe(first)
  expect(await resolve('HEAD')).toBe(second)
  expect(await resolve('refs/tags/both')).toBe(first)
  expect(await resolve('both')).toBe(second)
  expect(await resolve(first)).toBe(first)
  expect(await resolve(first.slice(0, 7))).toBe(first)
  expect(await resolve(first.slice(0, 7).toUpperCase())).toBe(first)
  expect(await resolve(repository.git('rev-parse', 'v1'))).toBe(first)
})

test.for([
  ...['--help', '--output=/tmp/x', '-v', 'main^', 'main~1', 'main@{1}', '@{-1}', ':/one', 'main:a.txt', 'main..v1', '^main'],
  ...['', ' ', 'main\nmain', 'main\0', '../HEAD', 'heads/../main', 'nothing', 'abc', '0'.repeat(40), 'a'.repeat(5000)],
])('%j names no commit, and reaches git as nothing else', async (specifier) => {
  using repository = new TestRepository()
  repository.commit('one', { 'a.txt': 'a' })
  repository.commit('two', { 'a.txt': 'b' })
  expect(await resolveCommit(repository.gitDir, specifier)).toBeNull()
})

test('a branch whose name is no UTF-8 can be asked for', async () => {
  using repository = new TestRepository()
  const commit = repository.commit('one')
  const name = decodeName(Buffer.from([0x72, 0xe9, 0x73]))
  repository.git('update-ref', '--stdin', {
    input: Buffer.concat([Buffer.from('create refs/heads/'), Buffer.from([0x72, 0xe9, 0x73]), Buffer.from(` ${commit}\n`)]),
  })
  expect(await resolveCommit(repository.gitDir, name)).toBe(commit)
})

test('relations between commits', async () => {
  using repository = new TestRepository()
  const base = repository.commit('base')
  repository.git('switch', '-q', '-c', 'topic')
  const topic = repository.commit('topic 1')
  repository.git('switch', '-q', 'main')
  const main = repository.commit('main 1')
  repository.git('switch', '-q', '--orphan', 'other')
  const other = repository.commit('unrelated')
  const { gitDir } = repository
  expect(await mergeBase(gitDir, topic, main)).toBe(base)
  expect(await mergeBase(gitDir, topic, other)).toBeNull()
  expect(await isAncestor(gitDir, base, main)).toBe(true)
  expect(await isAncestor(gitDir, main, base)).toBe(false)
  expect(await aheadBehind(gitDir, topic, main)).toEqual({ ahead: 1, behind: 1 })
  expect(await aheadBehind(gitDir, main, base)).toEqual({ ahead: 1, behind: 0 })
  await expect(mergeBase(gitDir, '--all', main)).rejects.toThrow('expected a full object ID')
})

test('one reader serves many reads, also at the same time, and ends with its scope', async () => {
  using repository = new TestRepository()
  const commits = Array.from({ length: 20 }, (_, index) => repository.commit(`commit ${index}`))
  await using objects = new ObjectReader(repository.gitDir, AbortSignal.timeout(20_000))
  const read = await Promise.all(commits.map((oid) => readCommit(repository.gitDir, oid, { objects })))
  expect(read.map((commit) => commit?.message)).toEqual(commits.map((_, index) => `commit ${index}\n`))
  expect(await objects.info('HEAD\nHEAD')).toBeNull()
  expect(await objects.info('')).toBeNull()
  await expect(objects.read(commits[0] ?? '', { maxBytes: 10 })).rejects.toThrow('more than 10')
})

test('a reader on something that is no repository says so', async () => {
  await using objects = new ObjectReader('/nonexistent', AbortSignal.timeout(20_000))
  await expect(objects.info('HEAD')).rejects.toThrow('git cat-file exited with 128')
})
