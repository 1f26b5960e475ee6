import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { CreateRepositoryCommand } from '@aws-sdk/client-codecommit'
import { rootClients } from '../aws-clients.ts'
import { readRows } from '../database.ts'
import { expect, test, testRepository } from '../fixtures.ts'
import { pushBody, rawPush, withChecksum } from '../raw-push.ts'
import { basic } from '../raw-request.ts'
import { home } from '../regions.ts'
import { startServer, type RunningServer } from '../server.ts'
import { smallDisk } from '../small-disk.ts'
import { makeUser } from '../users.ts'

test.describe('A pack that lies', () => {
  test('is refused with what is wrong with it, and nothing of it is kept', async ({ server, asUser, makeRepository }) => {
    const { cloneUrlHttp, id } = await makeRepository()
    const alice = await asUser()
    const working = await alice.git.makeRepository('work', { 'README.md': 'hello\n'.repeat(50) }, { 'other.txt': 'x' })
    const head = await alice.git.git(['rev-parse', 'HEAD'], { cwd: working })
    const pack = packOf(working, ['HEAD'])
    const flipped = (at: number, bytes = Buffer.from(pack)) => {
      bytes[at] = (bytes[at] ?? 0) ^ 0xff
      return bytes
    }
    const count = (objects: number) => {
      const bytes = Buffer.from(pack)
      bytes.writeUInt32BE(objects, 8)
      return withChecksum(bytes)
    }
    const lies: Record<string, Uint8Array> = {
      'a wrong checksum': flipped(pack.length - 1),
      'a byte changed': flipped(Math.floor(pack.length / 2)),
      'a byte changed and the checksum made right': withChecksum(flipped(14)),
      'more objects announced than there are': count(1000),
      'four thousand million objects announced': count(0xffff_ffff),
      'fewer objects announced than there are': count(1),
      'cut short': pack.subarray(0, -30),
      'another format': Buffer.from('PACKnot a pack at all, but long enough to be looked at'),
      'a version of its own': withChecksum(Buffer.concat([Buffer.from('PACK'), Buffer.from([0, 0, 0, 9]), pack.subarray(8)])),
      'no pack where one is due': new Uint8Array(),
    }
    for (const [title, lie] of Object.entries(lies)) {
      const { text } = await rawPush(server, alice, cloneUrlHttp, pushBody([{ ref: 'refs/heads/main', newOid: head }], lie))
      expect({ title, accepted: /unpack ok[\s\S]*ok refs\/heads\/main/.test(text) && !text.includes('ng ') }).toEqual({ title, accepted: false })
      expect(text, title).toMatch(/unpack (?!ok)|ng refs\/heads\/main|ERR /)
      expect(await alice.git.git(['ls-remote', cloneUrlHttp])).toBe('')
    }
    expect(storedOf(server, id)).toEqual([])
    // The same pack, as it is, is taken.
    const { text } = await rawPush(server, alice, cloneUrlHttp, pushBody([{ ref: 'refs/heads/main', newOid: head }], pack))
    expect(text).toContain('unpack ok')
    expect(await alice.git.git(['ls-remote', cloneUrlHttp, 'refs/heads/main'])).toContain(head)
  })

  test('a push of an object that is not there, or not whole, is refused: “missing necessary objects”', async ({ server, asUser, makeRepository }) => {
    const { cloneUrlHttp, id } = await makeRepository()
    const alice = await asUser()
    const working = await alice.git.makeRepository('work', { 'README.md': 'one' }, { 'README.md': 'two' })
    const head = await alice.git.git(['rev-parse', 'HEAD'], { cwd: working })
    const parent = await alice.git.git(['rev-parse', 'HEAD~1'], { cwd: working })
    const [tree, blob] = [await alice.git.git(['rev-parse', 'HEAD^{tree}'], { cwd: working }), await alice.git.git(['rev-parse', 'HEAD:README.md'], { cwd: working })]
    const only = (...oids: string[]) => execFileSync('git', ['pack-objects', '--stdout', '-q'], { cwd: working, input: `${oids.join('\n')}\n` })
    const incomplete: Record<string, Uint8Array> = {
      'the commit alone': only(head),
      'commit and tree without the file': only(head, tree),
      'all of it but the parent': only(head, tree, blob),
      'something else': only(blob),
    }
    for (const [title, pack] of Object.entries(incomplete)) {
      const { text } = await rawPush(server, alice, cloneUrlHttp, pushBody([{ ref: 'refs/heads/main', newOid: head }], pack))
      expect(text, title).toMatch(/missing necessary objects|unpack (?!ok)/)
      expect(text, title).toContain('ng refs/heads/main')
    }
    const nothing = await rawPush(server, alice, cloneUrlHttp, pushBody([{ ref: 'refs/heads/main', newOid: 'f'.repeat(40) }], only(blob)))
    expect(nothing.text).toContain('ng refs/heads/main')
    // A blob is an object, but no branch.
    const noCommit = await rawPush(server, alice, cloneUrlHttp, pushBody([{ ref: 'refs/heads/main', newOid: blob }], only(blob)))
    expect(noCommit.text).toContain('ng refs/heads/main a branch points at a commit')
    expect(storedOf(server, id)).toEqual([])
    expect(await alice.git.git(['ls-remote', cloneUrlHttp])).toBe('')

    // Bit by bit, upon what is there already, it is whole.
    const first = await rawPush(server, alice, cloneUrlHttp, pushBody([{ ref: 'refs/heads/main', newOid: parent }], packOf(working, [parent])))
    expect(first.text).toContain('ok refs/heads/main')
    const second = await rawPush(server, alice, cloneUrlHttp, pushBody([{ ref: 'refs/heads/main', oldOid: parent, newOid: head }], only(head, tree, blob)))
    expect(second.text).toContain('ok refs/heads/main')
    await alice.git.git(['clone', '--quiet', cloneUrlHttp, 'copy'])
    await alice.git.git(['fsck', '--strict'], { cwd: join(alice.git.folder, 'copy') })
  })

  test('names of refs that git does not allow, or CodeCommit does not, are refused one by one', async ({ server, asUser, makeRepository }) => {
    const { cloneUrlHttp } = await makeRepository()
    const alice = await asUser()
    const working = await alice.git.makeRepository('work', { 'README.md': 'one' })
    const head = await alice.git.git(['rev-parse', 'HEAD'], { cwd: working })
    const pack = packOf(working, ['HEAD'])
    const names = [
      'refs/heads/', 'refs/heads/..', 'refs/heads/a..b', 'refs/heads/.hidden', 'refs/heads/a.lock', 'refs/heads/a b', 'refs/heads/a~1', 'refs/heads/a^', 'refs/heads/a:b', 'refs/heads/a?',
      'refs/heads/a*', 'refs/heads/a[', 'refs/heads/a\\b', 'refs/heads/a//b', 'refs/heads/a.', 'refs/heads/@{', 'refs/heads/a\u0001b', 'refs/heads/a\u007f', '../../etc/passwd', 'refs/../../x', 'HEAD', 'main',
      `refs/heads/${'a'.repeat(257)}`, `refs/heads/${'0123456789abcdef'.repeat(2)}01234567`, `refs/heads/${'x/'.repeat(300)}y`,
    ]
    for (const ref of names) {
      const { status, text } = await rawPush(server, alice, cloneUrlHttp, pushBody([{ ref, newOid: head }], pack))
      expect({ ref, refused: status >= 400 || /ng |ERR |unpack (?!ok)/.test(text) }).toEqual({ ref, refused: true })
    }
    expect(await alice.git.git(['ls-remote', cloneUrlHttp])).toBe('')
    // Beside a name that is refused, a good one is taken; with --atomic, none is.
    const mixed = [{ ref: 'refs/heads/good', newOid: head }, { ref: 'refs/heads/a..b', newOid: head }]
    const atomic = await rawPush(server, alice, cloneUrlHttp, pushBody(mixed, pack, 'report-status atomic'))
    expect(atomic.text).toContain('ng refs/heads/good')
    const single = await rawPush(server, alice, cloneUrlHttp, pushBody(mixed, pack))
    expect(single.text).toContain('ok refs/heads/good')
    expect(single.text).toContain('ng refs/heads/a..b')
    // Git's names are bytes: these are no text, and are kept as they are.
    const ref = Buffer.concat([Buffer.from('refs/heads/'), Buffer.from([0xe9, 0x74, 0xe9])])
    expect((await rawPush(server, alice, cloneUrlHttp, pushBody([{ ref, newOid: head }], pack))).text).toContain('unpack ok')
    await alice.git.git(['clone', '--quiet', '--mirror', cloneUrlHttp, 'mirror.git'])
    const listed = execFileSync('git', ['-C', join(alice.git.folder, 'mirror.git'), 'for-each-ref', '--format=%(refname)'])
    expect(listed.includes(ref)).toBe(true)
  })

  test('requests that are not git’s are answered, and harm nothing', async ({ server, asUser, makeRepository }) => {
    const { cloneUrlHttp } = await makeRepository()
    const alice = await asUser()
    const bodies: Record<string, Buffer> = {
      'nothing': Buffer.alloc(0),
      'a flush': Buffer.from('0000'),
      'no hexadecimal length': Buffer.from('zzzzhello'),
      'a length of three': Buffer.from('0003'),
      'a length beyond the end': Buffer.from('fff0short'),
      'a command that is none': Buffer.from('0010hello world!0000'),
      'an object ID of another kind': pushBody([{ ref: 'refs/heads/main', newOid: 'Z'.repeat(40) }]),
      'random bytes': randomBytes(5000),
      'five thousand refs': pushBody(Array.from({ length: 5000 }, (_, index) => ({ ref: `refs/heads/b${index}`, newOid: 'f'.repeat(40) }))),
    }
    for (const [title, body] of Object.entries(bodies)) {
      const { status, text } = await rawPush(server, alice, cloneUrlHttp, body)
      expect({ title, crashed: status >= 500 }).toEqual({ title, crashed: false })
      expect(text).not.toMatch(/ok refs/)
    }
    expect((await alice.git.run(['ls-remote', cloneUrlHttp])).code).toBe(0)
  })
})

test.describe('Two pushes to one branch at once', () => {
  test('one wins; the other reads why, and wins after a fetch', async ({ asUser, makeRepository }) => {
    const { cloneUrlHttp } = await makeRepository()
    const alice = await asUser()
    const bob = await asUser({ name: 'bob' })
    const working = await alice.git.makeRepository('work', { 'README.md': 'one' })
    await alice.git.git(['push', cloneUrlHttp, 'main'], { cwd: working })
    await bob.git.git(['clone', '--quiet', cloneUrlHttp, 'copy'])
    const copy = join(bob.git.folder, 'copy')
    const theirs = await alice.git.commit(working, { 'alice.txt': 'alice' })
    await bob.git.commit(copy, { 'bob.txt': 'bob' })
    // git has read the refs when it runs this hook, and has not sent its push: now Alice pushes.
    writeFileSync(join(copy, '.git/hooks/pre-push'), `#!/bin/sh\nHOME=${alice.git.home} git -C ${working} push ${cloneUrlHttp} main\n`)
    chmodSync(join(copy, '.git/hooks/pre-push'), 0o755)
    const { code, stderr } = await bob.git.run(['push', 'origin', 'main'], { cwd: copy })
    expect(code).not.toBe(0)
    expect(stderr).toContain('the ref has moved: another push was faster; fetch first')
    expect(await bob.git.git(['ls-remote', cloneUrlHttp, 'refs/heads/main'])).toContain(theirs)
    rmSync(join(copy, '.git/hooks/pre-push'))
    await bob.git.git(['pull', '--quiet', '--no-rebase', '--no-edit', 'origin', 'main'], { cwd: copy })
    await bob.git.git(['push', 'origin', 'main'], { cwd: copy })
    expect(await bob.git.git(['ls-remote', cloneUrlHttp, 'refs/heads/main'])).toContain(await bob.git.git(['rev-parse', 'HEAD'], { cwd: copy }))
  })

  test('ten at the same moment: to one branch one wins, to ten branches all do', async ({ server, asUser, makeRepository }) => {
    const { cloneUrlHttp } = await makeRepository()
    const alice = await asUser()
    const working = await alice.git.makeRepository('work', { 'README.md': 'one' })
    await alice.git.git(['push', cloneUrlHttp, 'main'], { cwd: working })
    const base = await alice.git.git(['rev-parse', 'HEAD'], { cwd: working })
    const bodies: { newOid: string; pack: Buffer }[] = []
    for (let index = 0; index < 10; index += 1) {
      await alice.git.git(['checkout', '--quiet', '-B', `b${index}`, base], { cwd: working })
      const newOid = await alice.git.commit(working, { [`file-${index}.txt`]: `number ${index}` })
      bodies.push({ newOid, pack: packOf(working, [newOid, `^${base}`]) })
    }
    const toOne = await Promise.all(bodies.map(({ newOid, pack }) => rawPush(server, alice, cloneUrlHttp, pushBody([{ ref: 'refs/heads/main', oldOid: base, newOid }], pack))))
    const won = toOne.filter(({ text }) => text.includes('ok refs/heads/main') && !text.includes('ng refs/heads/main'))
    expect(won).toHaveLength(1)
    for (const { text } of toOne) if (!won.some((each) => each.text === text)) expect(text).toContain('ng refs/heads/main the ref has moved')
    const toTen = await Promise.all(bodies.map(({ newOid, pack }, index) => rawPush(server, alice, cloneUrlHttp, pushBody([{ ref: `refs/heads/b${index}`, newOid }], pack))))
    for (const { text } of toTen) expect(text).toContain('unpack ok')
    const refs = await alice.git.git(['ls-remote', '--heads', cloneUrlHttp])
    for (const [index, { newOid }] of bodies.entries()) expect(refs).toContain(`${newOid}\trefs/heads/b${index}`)
    await alice.git.git(['clone', '--quiet', '--mirror', cloneUrlHttp, 'mirror.git'])
    await alice.git.git(['fsck', '--strict', '--no-dangling'], { cwd: join(alice.git.folder, 'mirror.git') })
  })
})

test.describe('A client that vanishes', () => {
  test('mid-push: nothing of the push remains, on disk or in memory; mid-pull: the server goes on', async () => {
    test.setTimeout(120_000)
    const scratch = mkdtempSync('/dev/shm/codekeep-e2e-')
    const server = await startServer({ environment: { CODEKEEP_SCRATCH_DIR: scratch } })
    const alice = await makeUser(server)
    const { git } = alice
    try {
      const { cloneUrlHttp: url, id } = await makeOwn(server)
      const working = await git.makeRepository('work', { 'README.md': 'small' })
      await git.git(['push', url, 'main'], { cwd: working })
      const before = storedOf(server, id)
      const refs = await git.git(['ls-remote', url])
      const newOid = await git.commit(working, { 'large.bin': randomBytes(20_000_000) })

      // Half a pack, and then the line is cut.
      const body = pushBody([{ ref: 'refs/heads/main', oldOid: refs.slice(0, 40), newOid }], packOf(working, ['main']))
      await halfRequest(server, `${new URL(url).pathname}/git-receive-pack`, body, basic(alice.gitCredentials.userName, alice.gitCredentials.password))
      // Real git, killed while it sends.
      for (const milliseconds of [150, 400, 900]) {
        const controller = new AbortController()
        setTimeout(() => controller.abort(), milliseconds)
        await git.run(['push', url, `HEAD:refs/heads/killed-${milliseconds}`], { cwd: working, signal: controller.signal })
      }
      await expect.poll(() => quarantined(scratch), { timeout: 20_000 }).toEqual([])
      expect(readdirSync(join(server.dataDir, 'objects', 'incoming'))).toEqual([])
      const after = await git.git(['ls-remote', url])
      // A push that was whole before the client went is whole; of any other there is nothing.
      for (const line of after.split('\n').filter((each) => !refs.includes(each))) expect(line).toContain(newOid)
      if (after === refs) expect(storedOf(server, id)).toEqual(before)

      await git.git(['push', url, 'main'], { cwd: working })
      for (const milliseconds of [50, 200]) {
        const controller = new AbortController()
        setTimeout(() => controller.abort(), milliseconds)
        await git.run(['clone', '--quiet', url, `cut-${milliseconds}`], { signal: controller.signal })
      }
      await git.git(['clone', '--quiet', url, 'copy'])
      await git.git(['fsck', '--strict'], { cwd: join(git.folder, 'copy') })
      expect(await server.stop()).toBe(0)
      expect(readdirSync(scratch)).toEqual([])
    } finally {
      git.remove()
      await server[Symbol.asyncDispose]()
      rmSync(scratch, { recursive: true, force: true })
    }
  })
})

test.describe('A full disk', () => {
  test('a push that does not fit is refused with the reason; what was there before stays whole, and smaller pushes go on', async () => {
    test.setTimeout(240_000)
    const data = smallDisk(32)
    test.skip(data === undefined, 'SKIPPED: only root may mount a small file system to fill')
    const scratch = smallDisk(80)
    try {
      const server = await startServer({ dataDir: data?.folder ?? '', environment: { CODEKEEP_SCRATCH_DIR: scratch?.folder ?? '' } })
      const alice = await makeUser(server)
      const { git } = alice
      try {
        const { cloneUrlHttp: url, id } = await makeOwn(server)
        const working = await git.makeRepository('work', { 'README.md': 'small' })
        await git.git(['push', url, 'main'], { cwd: working })
        const before = { stored: storedOf(server, id), refs: await git.git(['ls-remote', url]) }

        await git.commit(working, { 'large.bin': randomBytes(40_000_000) })
        const refused = await git.run(['push', url, 'main'], { cwd: working })
        expect(refused.code).not.toBe(0)
        expect(refused.stderr).toMatch(/no space left/)
        expect({ stored: storedOf(server, id), refs: await git.git(['ls-remote', url]) }).toEqual(before)

        // More than the memory for working copies holds.
        await git.git(['reset', '--quiet', '--hard', 'HEAD~1'], { cwd: working })
        await git.commit(working, { 'larger.bin': randomBytes(100_000_000) })
        const refusedToo = await git.run(['push', url, 'main'], { cwd: working })
        expect(refusedToo.code).not.toBe(0)
        expect(refusedToo.stderr).toMatch(/space|memory/)
        await expect.poll(() => quarantined(scratch?.folder ?? '')).toEqual([])

        await git.git(['reset', '--quiet', '--hard', 'HEAD~1'], { cwd: working })
        const newOid = await git.commit(working, { 'small.txt': 'fits' })
        await git.git(['push', url, 'main'], { cwd: working })
        expect(await git.git(['ls-remote', url, 'refs/heads/main'])).toContain(newOid)
        await git.git(['clone', '--quiet', url, 'copy'])
        await git.git(['fsck', '--strict'], { cwd: join(git.folder, 'copy') })
      } finally {
        git.remove()
        await server.stop()
      }
    } finally {
      data?.remove()
      scratch?.remove()
    }
  })
})

/** A pack of revisions, as `git push` would send it. */
function packOf(cwd: string, revisions: readonly string[]): Buffer {
  return execFileSync('git', ['pack-objects', '--stdout', '--revs', '-q'], { cwd, input: `${revisions.join('\n')}\n`, maxBuffer: 1 << 30 })
}

function storedOf(server: RunningServer, repositoryId: string): unknown[] {
  return readRows(server, `SELECT "id" FROM "StoredObject" WHERE "repositoryId" = ? AND "kind" <> 'response' ORDER BY "id"`, repositoryId)
}

async function makeOwn(server: RunningServer) {
  const { repositoryMetadata } = await rootClients(server, home).codecommit.send(new CreateRepositoryCommand({ repositoryName: 'demo' }))
  return testRepository(repositoryMetadata, home)
}

/** What is being checked in the scratch folder at this moment. */
function quarantined(scratch: string): string[] {
  return readdirSync(scratch, { recursive: true, encoding: 'utf8' }).filter((path) => /quarantine\/./.test(path))
}

/** Sends half of what it announces, then hangs up. */
function halfRequest(server: RunningServer, path: string, body: Buffer, headers: Record<string, string>): Promise<void> {
  return new Promise((resolve) => {
    const sent = request({
      host: 'localhost', port: server.port, path, method: 'POST', rejectUnauthorized: false, agent: false,
      headers: { ...headers, 'content-type': 'application/x-git-receive-pack-request', 'content-length': String(body.length) },
    })
    sent.on('error', () => undefined)
    sent.once('close', resolve)
    sent.write(body.subarray(0, body.length / 2), () => setTimeout(() => sent.destroy(), 300))
  })
}
