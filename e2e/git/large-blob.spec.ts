import { randomFillSync } from 'node:crypto'
import { closeSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { CreateRepositoryCommand } from '@aws-sdk/client-codecommit'
import { rootClients } from '../aws-clients.ts'
import { expect, test } from '../fixtures.ts'
import { home } from '../regions.ts'
import { startServer } from '../server.ts'
import { makeUser } from '../users.ts'

const gigabyte = 1024 ** 3

test.describe('A file of 2 GB', () => {
  test('is taken, and given back as it was, over HTTPS; of one byte more nothing is', async () => {
    test.skip(process.env['CODEKEEP_LARGE_BLOB'] !== 'yes', 'SKIPPED: it takes minutes and 8 GB of disk and memory; CODEKEEP_LARGE_BLOB=yes runs it')
    test.setTimeout(1_800_000)
    await using server = await startServer()
    const alice = await makeUser(server)
    const { git } = alice
    try {
      const made = await rootClients(server, home).codecommit.send(new CreateRepositoryCommand({ repositoryName: 'large' }))
      const url = made.repositoryMetadata?.cloneUrlHttp ?? ''
      const working = await git.makeRepository('work', { 'small.txt': 'small' })
      await git.git(['config', 'core.compression', '0'], { cwd: working })
      randomFile(join(working, 'whole.bin'), 2 * gigabyte)
      await git.git(['add', 'whole.bin'], { cwd: working })
      await git.git(['commit', '-q', '-m', 'two gigabytes'], { cwd: working })
      await git.git(['push', '-q', url, 'main'], { cwd: working })
      await git.git(['clone', '-q', '--bare', url, 'copy.git'])
      const at = (folder: string, name: string) => git.git(['rev-parse', name], { cwd: folder })
      const copy = join(git.folder, 'copy.git')
      expect(await at(copy, 'main:whole.bin')).toBe(await at(working, 'main:whole.bin'))
      await git.git(['fsck', '--full'], { cwd: copy })
      expect(await git.git(['cat-file', '-s', 'main:whole.bin'], { cwd: copy })).toBe(String(2 * gigabyte))

      // Of zeros: what counts is what it comes to, not what is sent.
      await git.git(['config', 'core.compression', '1'], { cwd: working })
      writeFileSync(join(working, 'more.bin'), '')
      truncateSync(join(working, 'more.bin'), 2 * gigabyte + 1)
      await git.git(['add', 'more.bin'], { cwd: working })
      await git.git(['commit', '-q', '-m', 'one byte more'], { cwd: working })
      const refused = await git.run(['push', url, 'main'], { cwd: working })
      expect(refused.code).not.toBe(0)
      expect(refused.stderr).toContain('a file is larger than 2 GB')
      expect((await git.git(['ls-remote', url, 'refs/heads/main'])).split('\t')[0]).toBe(await at(working, 'main~1'))
    } finally {
      git.remove()
    }
  })
})

function randomFile(path: string, size: number): void {
  const piece = Buffer.alloc(64 * 1024 ** 2)
  const file = openSync(path, 'w')
  for (let written = 0; written < size; written += piece.length) writeSync(file, randomFillSync(piece))
  closeSync(file)
}
