import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createBareRepository, writePackedRefs } from '#lib/git/bare-repository'
import { git } from '#lib/git/command'
import { indexPack } from '#lib/git/index-pack'
import { fsck } from '#lib/git/pack-maintenance'
import { TestRepository } from '#lib/git/test-repository'
import { Readable } from 'node:stream'

const signal = AbortSignal.timeout(60_000)

test('git takes what was written by hand for a bare repository, and can work with it', async () => {
  using source = new TestRepository()
  source.commit('one', { 'a.txt': 'a' })
  source.git('tag', '-a', '-m', 'first', 'v1')
  const gitDir = source.sibling('copy.git')
  await createBareRepository(gitDir)

  const run = async (...args: string[]): Promise<string> => (await git(args, { gitDir, signal })).stdout.toString().trim()
  expect(await run('rev-parse', '--is-bare-repository')).toBe('true')
  expect(await run('for-each-ref')).toBe('')
  expect(await run('config', 'uploadpack.allowAnySHA1InWant')).toBe('true')
  expect(await fsck(gitDir, { signal })).toMatchObject({ ok: true })

  const pack = Readable.from([source.pack(['main', 'v1'])])
  await indexPack({ gitDir, objectDirectory: join(gitDir, 'objects'), pack, signal })
  await writePackedRefs(gitDir, source.refs())
  expect(await run('rev-parse', 'HEAD')).toBe(source.git('rev-parse', 'main'))
  expect(await run('for-each-ref')).toBe(source.git('for-each-ref'))
  expect(await run('show', 'HEAD:a.txt')).toBe('a')
  expect(await fsck(gitDir, { signal })).toEqual({ ok: true, problems: [] })
  source.git('clone', '-q', gitDir, '../clone')
})

test('only the owner may enter, and a second write of the refs leaves nothing behind', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'codekeep-git-'))
  try {
    const gitDir = join(directory, 'x.git')
    await createBareRepository(gitDir)
    for (const name of ['objects', 'refs', 'objects/pack']) expect(statSync(join(gitDir, name)).mode & 0o077).toBe(0)
    for (const name of ['HEAD', 'config', 'packed-refs']) expect(statSync(join(gitDir, name)).mode & 0o077).toBe(0)
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) =>
        writePackedRefs(gitDir, { head: `refs/heads/${name}`, refs: new Map([[`refs/heads/${name}`, { oid: name.repeat(40) }]]) }),
      ),
    )
    expect(readdirSync(gitDir).sort()).toEqual(['HEAD', 'config', 'objects', 'packed-refs', 'refs'])
    expect(readFileSync(join(gitDir, 'packed-refs'), 'utf8')).toMatch(/^# pack-refs .*\n([abcd])\1{39} refs\/heads\/\1\n$/)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})

test('a repository without HEAD tells clients of none', async () => {
  using source = new TestRepository()
  source.commit('one', { 'a.txt': 'a' })
  const gitDir = source.sibling('headless.git')
  await createBareRepository(gitDir)
  const objectDirectory = join(gitDir, 'objects')
  await indexPack({ gitDir, objectDirectory, pack: Readable.from([source.pack(['main'])]), signal })
  await writePackedRefs(gitDir, { head: null, refs: source.refs().refs })
  expect(source.git('ls-remote', gitDir)).toBe(`${source.git('rev-parse', 'main')}\trefs/heads/main`)
})

test('a hook in the folder is never run', async () => {
  using source = new TestRepository()
  source.commit('one', { 'a.txt': 'a' })
  const gitDir = source.sibling('hooked.git')
  await createBareRepository(gitDir)
  expect((await git(['rev-parse', '--git-path', 'hooks'], { gitDir, signal })).stdout.toString().trim()).toBe('/dev/null')
})
