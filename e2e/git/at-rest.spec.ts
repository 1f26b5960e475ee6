import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync, gzipSync } from 'node:zlib'
import { CreateBranchCommand, CreateRepositoryCommand, GetFileCommand, GetRepositoryCommand, UpdateRepositoryNameCommand } from '@aws-sdk/client-codecommit'
import { rootClients } from '../aws-clients.ts'
import { bytesUnder, findMarker } from '../find-marker.ts'
import { expect, test } from '../fixtures.ts'
import { home } from '../regions.ts'
import { startServer } from '../server.ts'
import { signIn } from '../sign-in.ts'
import { makeUser } from '../users.ts'

const marker = 'Zwetschgenknoedel-7f3a9c1e'

test.describe('Rule 2: Repository data is never on disk, in the database or in an object store in the clear', () => {
  test('the scan finds what is there: raw, encoded, compressed, cut short, in a name', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'codekeep-scan-'))
    try {
      const text = Buffer.from(`before ${marker} after`)
      const noise = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 251))
      const around = (content: Uint8Array) => Buffer.concat([noise, content, noise])
      const planted: Record<string, Uint8Array> = {
        'raw.bin': around(text),
        'utf-16le.bin': around(Buffer.from(text.toString(), 'utf16le')),
        'utf-16be.bin': around(Buffer.from(text.toString(), 'utf16le').swap16()),
        'base64-0.txt': around(Buffer.from(Buffer.from(marker).toString('base64'))),
        'base64-1.txt': around(Buffer.from(Buffer.from(`-${marker}-`).toString('base64'))),
        'base64-2.txt': around(Buffer.from(Buffer.from(`--${marker}--`).toString('base64'))),
        'hex.txt': around(Buffer.from(text.toString('hex'))),
        'zlib.bin': around(deflateSync(text)),
        'zlib-cut.bin': around(deflateSync(Buffer.concat([Buffer.from(marker.repeat(3)), noise])).subarray(0, -40)),
        'gzip.bin': around(gzipSync(text)),
        [`${marker}.bin`]: noise,
      }
      for (const [name, content] of Object.entries(planted)) writeFileSync(join(folder, name), content)
      const found = new Set((await findMarker(folder, marker)).map(({ file }) => file.slice(folder.length + 1)))
      expect([...found].sort()).toEqual(Object.keys(planted).sort())
      expect(await findMarker(folder, 'a-marker-that-nobody-planted')).toEqual([])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('a marker in names, contents, branch, tag, message and description is nowhere after a push, a pull, a look, a rename and a restart', async ({ page }) => {
    test.setTimeout(180_000)
    const scratch = mkdtempSync('/dev/shm/codekeep-e2e-')
    let server = await startServer({ environment: { CODEKEEP_SCRATCH_DIR: scratch } })
    let log = ''
    const alice = await makeUser(server)
    try {
      const root = rootClients(server, home)
      const made = await root.codecommit.send(new CreateRepositoryCommand({ repositoryName: 'demo', repositoryDescription: `About ${marker}` }))
      const url = made.repositoryMetadata?.cloneUrlHttp ?? ''
      const branch = `feature/${marker}`
      const { git } = alice

      const working = await git.makeRepository(
        'work',
        { 'README.md': `# ${marker}\n`, [`${marker}.txt`]: 'named', [`deep/${marker}/file.txt`]: `${marker}\n`.repeat(200) },
        { 'binary.bin': Buffer.concat([Buffer.alloc(3000, 7), Buffer.from(marker)]) },
      )
      await git.git(['commit', '--quiet', '--allow-empty', '--message', `Message with ${marker}`], { cwd: working })
      await git.git(['tag', '--annotate', '--message', `Tag of ${marker}`, `v-${marker}`], { cwd: working })
      await git.git(['branch', branch], { cwd: working })
      await git.git(['push', url, '--all'], { cwd: working })
      await git.git(['push', url, '--tags'], { cwd: working })
      // A second push, upon what is there, with a delta.
      await git.commit(working, { [`deep/${marker}/file.txt`]: `${marker}\n`.repeat(201) }, `Again ${marker}`)
      await git.git(['push', url, 'main'], { cwd: working })

      // Pulled twice: the second is answered from what was kept of the first.
      await git.git(['clone', '--mirror', url, 'one.git'])
      await git.git(['clone', '--mirror', url, 'two.git'])
      await git.git(['-c', 'protocol.version=0', 'clone', '--branch', branch, url, 'three'])
      expect(readFileSync(join(git.folder, 'three', 'README.md'), 'utf8')).toContain(marker)

      const { codecommit } = alice.aws(home)
      const { fileContent, commitId } = await codecommit.send(new GetFileCommand({ repositoryName: 'demo', filePath: `deep/${marker}/file.txt` }))
      expect(Buffer.from(fileContent ?? []).toString()).toContain(marker)
      await codecommit.send(new CreateBranchCommand({ repositoryName: 'demo', branchName: `api-${marker}`, commitId }))

      await signIn(page, server, alice)
      await page.goto(`${server.origin}/codecommit/repositories?region=${home}`)
      await page.getByRole('link', { name: 'demo', exact: true }).click()
      await expect(page.getByText(`About ${marker}`).first()).toBeVisible()
      await expect(page.getByText(`${marker}.txt`).first()).toBeVisible()
      await page.goto(`${server.origin}/codecommit/repositories/demo/browse/deep/${marker}/file.txt?region=${home}`)
      await expect(page.getByText(marker).first()).toBeVisible()
      await page.goto(`${server.origin}/codecommit/repositories/demo/branches?region=${home}`)
      await expect(page.getByText(branch)).toBeVisible()

      await codecommit.send(new UpdateRepositoryNameCommand({ oldName: 'demo', newName: 'renamed' }))
      // Refusals name refs and paths to whoever asks, and to nobody else.
      expect((await git.run(['push', url.replace('demo', 'renamed'), `:refs/heads/${marker}-none`, `HEAD:refs/heads/${marker}..bad`], { cwd: working })).code).not.toBe(0)
      await codecommit.send(new GetFileCommand({ repositoryName: 'renamed', filePath: `none/${marker}` })).catch(() => undefined)

      // What the folder holds while the server runs, and after it has stopped and started again.
      expect(bytesUnder(server.dataDir)).toBeGreaterThan(100_000)
      expect(await findMarker(server.dataDir, marker)).toEqual([])
      log += server.log()
      expect(await server.stop()).toBe(0)
      expect(readdirSync(scratch)).toEqual([])
      server = await startServer({ again: server, environment: { CODEKEEP_SCRATCH_DIR: scratch } })
      const again = await rootClients(server, home).codecommit.send(new GetRepositoryCommand({ repositoryName: 'renamed' }))
      expect(again.repositoryMetadata).toMatchObject({ repositoryDescription: `About ${marker}`, repositoryId: made.repositoryMetadata?.repositoryId })
      await git.git(['clone', '--mirror', url.replace('demo', 'renamed'), 'four.git'])
      expect(await git.git(['show-ref'], { cwd: join(git.folder, 'four.git') })).toContain(`refs/tags/v-${marker}`)
      expect(await findMarker(server.dataDir, marker)).toEqual([])
      expect(log + server.log()).not.toContain(marker)
      expect(log + server.log()).not.toContain(encodeURIComponent(marker))
      expect(statSync(join(server.dataDir, 'root.key')).mode & 0o777).toBe(0o600)
    } finally {
      alice.git.remove()
      await server[Symbol.asyncDispose]()
      rmSync(scratch, { recursive: true, force: true })
    }
  })

  test('a crash leaves nothing readable behind either: the working copies of a killed server are gone at its next start', async () => {
    const scratch = mkdtempSync('/dev/shm/codekeep-e2e-')
    let server = await startServer({ environment: { CODEKEEP_SCRATCH_DIR: scratch } })
    const alice = await makeUser(server)
    try {
      const made = await rootClients(server, home).codecommit.send(new CreateRepositoryCommand({ repositoryName: 'demo' }))
      const url = made.repositoryMetadata?.cloneUrlHttp ?? ''
      const working = await alice.git.makeRepository('work', { [`${marker}.txt`]: marker })
      await alice.git.git(['push', url, 'main'], { cwd: working })
      await alice.git.git(['clone', url, 'copy'])
      // In memory and for its owner alone: that is where a working copy may be.
      for (const folder of readdirSync(scratch)) expect(statSync(join(scratch, folder)).mode & 0o077).toBe(0)
      await server.kill()
      expect(await findMarker(server.dataDir, marker)).toEqual([])
      server = await startServer({ again: server, environment: { CODEKEEP_SCRATCH_DIR: scratch } })
      expect(await findMarker(scratch, marker)).toEqual([])
      await alice.git.git(['clone', url, 'after-the-crash'])
      expect(readFileSync(join(alice.git.folder, 'after-the-crash', `${marker}.txt`), 'utf8')).toBe(marker)
    } finally {
      alice.git.remove()
      await server[Symbol.asyncDispose]()
      rmSync(scratch, { recursive: true, force: true })
    }
  })
})
