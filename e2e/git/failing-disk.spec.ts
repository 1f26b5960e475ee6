import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CreateRepositoryCommand } from '@aws-sdk/client-codecommit'
import { rootClients } from '../aws-clients.ts'
import { expectWhole, leftovers, makeBranch, pushNext, type Branch } from '../durability.ts'
import { failingDisk, type Fault } from '../failing-disk.ts'
import { expect, test, testRepository } from '../fixtures.ts'
import type { GitClient } from '../git-client.ts'
import { home } from '../regions.ts'
import { startServer, type OwnServer, type RunningServer } from '../server.ts'
import { smallDisk } from '../small-disk.ts'
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
    test.setTimeout(900_000)
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

  test('in the database, at every commit of a push, and a crash at once: what its log replays refers to nothing that was taken back', async () => {
    if (!disk) return
    test.setTimeout(900_000)
    const place = await begin({ environment: disk.environment })
    let { server } = place
    const { git, work, branch } = place
    try {
      const outcomes: boolean[] = []
      for (const fault of [...faults('sync', 'codekeep.db-wal', 6), { operation: 'write', path: 'codekeep.db-wal', nth: 4, times: 1000 } as const]) {
        disk.fail(fault)
        outcomes.push(await pushNext(git, work, branch))
        await server.kill()
        disk.mend()
        server = await startServer({ again: server, environment: disk.environment })
        await expectWhole(git, server, [branch], `${fault.operation}-${fault.nth}`)
        expect(await pushNext(git, work, branch)).toBe(true)
      }
      expect(outcomes).toContain(false)
      expect(await server.stop()).toBe(0)
      expect(leftovers(server)).toEqual([])
    } finally {
      disk.mend()
      git.remove()
      await server[Symbol.asyncDispose]()
    }
  })
})

test.describe('A disk without room, or that takes no writes', () => {
  test('the store full, the store read-only, the database full: pushes are refused, nothing of them is left, and all goes on when it ends', async () => {
    test.setTimeout(900_000)
    const data = smallDisk(48)
    test.skip(data === undefined, 'SKIPPED: only root may mount file systems to fill')
    if (!data) return
    mkdirSync(join(data.folder, 'objects'), { mode: 0o700 })
    const store = smallDisk(24, join(data.folder, 'objects'))
    try {
      const { server, git, work, branch } = await begin({ dataDir: data.folder })
      try {
        const story = async (label: string, fault: () => () => void) => {
          const end = fault()
          try {
            expect({ label, acknowledged: await pushNext(git, work, branch) }).toEqual({ label, acknowledged: false })
          } finally {
            end()
          }
          await expectWhole(git, server, [branch], label)
          expect({ label, left: left(server) }).toEqual({ label, left: [] })
          expect({ label, acknowledged: await pushNext(git, work, branch) }).toEqual({ label, acknowledged: true })
        }
        await story('store-full', () => filled(join(data.folder, 'objects'), 0))
        await story('store-read-only', () => remounted(join(data.folder, 'objects')))
        // Room for none or some of what a push writes, beside what files have of it already: it ends in the middle.
        for (const kilobytes of [0, 8, 24, 48, 96]) {
          const end = filled(data.folder, kilobytes * 1024)
          let pushes = 0
          while (pushes < 200 && (await pushNext(git, work, branch))) pushes += 1
          end()
          expect(pushes).toBeLessThan(200)
          await expectWhole(git, server, [branch], `database-${kilobytes}`)
          expect(left(server)).toEqual([])
        }
        expect(await pushNext(git, work, branch)).toBe(true)
        await expectWhole(git, server, [branch], 'at-the-end')
      } finally {
        git.remove()
        await server.stop()
      }
    } finally {
      store?.remove()
      data.remove()
    }
  })
})

function left(server: RunningServer): string[] {
  return leftovers(server).filter((name) => !name.startsWith('scratch') && !name.startsWith('ballast'))
}

/** Fills a file system but for some bytes; gives what empties it again. */
function filled(folder: string, free: number): () => void {
  const { bavail, bsize } = statfsSync(folder)
  const ballast = join(folder, 'ballast')
  try {
    writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - free)))
  } catch (error) {
    // The server has taken some of it meanwhile.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  }
  return () => rmSync(ballast)
}

function remounted(folder: string): () => void {
  execFileSync('mount', ['-o', 'remount,ro', folder])
  return () => execFileSync('mount', ['-o', 'remount,rw', folder])
}
