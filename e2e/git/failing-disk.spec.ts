import { join } from 'node:path'
import { CreateRepositoryCommand } from '@aws-sdk/client-codecommit'
import { rootClients } from '../aws-clients.ts'
import { expectWhole, leftovers, makeBranch, pushNext, type Branch } from '../durability.ts'
import { failingDisk, type Fault } from '../failing-disk.ts'
import { expect, test, testRepository } from '../fixtures.ts'
import type { GitClient } from '../git-client.ts'
import { home } from '../regions.ts'
import { startServer, type OwnServer } from '../server.ts'
import { makeUser } from '../users.ts'

type Place = { server: OwnServer; git: GitClient; work: string; branch: Branch }

/** A server, a user, a repository with one commit, and many more commits to push. */
async function begin(options: Parameters<typeof startServer>[0]): Promise<Place> {
  const server = await startServer(options)
  const { git } = await makeUser(server)
  const { repositoryMetadata } = await rootClients(server, home).codecommit.send(new CreateRepositoryCommand({ repositoryName: 'demo' }))
  await git.git(['init', '--quiet', 'work'])
  const work = join(git.folder, 'work')
  const branch = await makeBranch(git, work, { name: 'main', url: testRepository(repositoryMetadata, home).cloneUrlHttp, count: 200 })
  expect(await pushNext(git, work, branch)).toBe(true)
  return { server, git, work, branch }
}

const faults = (operation: Fault['operation'], path: string, upTo: number): Fault[] => Array.from({ length: upTo }, (_, index) => ({ operation, path, nth: index + 1 }))

test.describe('A disk that fails with EIO', () => {
  const disk = failingDisk()
  test.skip(disk === undefined, 'SKIPPED: there is no C compiler (cc) to build the failing disk with, or this is not Linux')
  test.afterAll(() => disk?.remove())

  test('in the object store, at every write, sync and rename of a push: refused whole, nothing is left, and the next push goes through', async () => {
    if (!disk) return
    test.setTimeout(300_000)
    const place = await begin({ environment: disk.environment })
    const { server, git, work, branch } = place
    try {
      const refused: string[] = []
      for (const fault of [...faults('write', '/objects/', 2), ...faults('sync', '/objects/', 5), ...faults('rename', '/objects/', 2)]) {
        disk.fail(fault)
        if (!(await pushNext(git, work, branch))) refused.push(fault.operation)
        disk.mend()
        const label = `${fault.operation}-${fault.nth}`
        await expectWhole(git, server, [branch], label)
        expect({ label, left: leftovers(server).filter((name) => !name.startsWith('scratch')) }).toEqual({ label, left: [] })
        expect(await pushNext(git, work, branch)).toBe(true)
      }
      expect(new Set(refused)).toEqual(new Set(['write', 'sync', 'rename']))
      await expectWhole(git, server, [branch], 'at-the-end')
    } finally {
      disk.mend()
      git.remove()
      await server[Symbol.asyncDispose]()
    }
  })
})
