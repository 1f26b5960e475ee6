import { join } from 'node:path'
import { CreateRepositoryCommand, DeleteRepositoryCommand } from '@aws-sdk/client-codecommit'
import { rootClients } from '../aws-clients.ts'
import { alterDatabase, readRow, readRows } from '../database.ts'
import { expectWhole, leftovers, makeBranch, missingObjects, pushNext, type Branch } from '../durability.ts'
import { expect, test, testRepository } from '../fixtures.ts'
import { home } from '../regions.ts'
import { startServer, type OwnServer } from '../server.ts'
import { makeUser } from '../users.ts'

const kills = Number(process.env['CODEKEEP_KILLS'] ?? 10)
const seed = Number(process.env['CODEKEEP_KILLS_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

test.describe('A server that is killed at random instants', () => {
  test(`${kills} times, amid pushes, clones, deletions, folds and re-encryption: what was acknowledged is there, everything is whole`, async () => {
    test.setTimeout(120_000 + kills * 60_000)
    console.log(`killed.spec: seed ${seed} (CODEKEEP_KILLS_SEED), ${kills} kills (CODEKEEP_KILLS)`)
    const random = generator(seed)
    let server = await startServer()
    const alice = await makeUser(server)
    const { git } = alice
    const counts = { pushes: 0, unacknowledged: 0, landed: 0, clones: 0, deletions: 0, folds: 0, reEncrypted: 0 }
    try {
      const { codecommit } = rootClients(server, home)
      const repository = async (repositoryName: string) => testRepository((await codecommit.send(new CreateRepositoryCommand({ repositoryName }))).repositoryMetadata, home)
      const [one, two] = [await repository('one'), await repository('two')]
      await git.git(['init', '--quiet', 'work'])
      const work = join(git.folder, 'work')
      const count = 60 + kills * 40
      const branches: Branch[] = []
      for (const [name, url] of [['a', one.cloneUrlHttp], ['b', one.cloneUrlHttp], ['c', two.cloneUrlHttp]] as const) branches.push(await makeBranch(git, work, { name, url, count }))
      // Enough small packs that every start has something to fold.
      const pushAll = (times: number) =>
        Promise.all(
          branches.map(async (branch) => {
            for (let index = 0; index < times; index += 1) expect(await pushNext(git, work, branch)).toBe(true)
          }),
        )
      const began = Date.now()
      await pushAll(9)
      // Kills come while something is under way, on a slow machine too.
      const span = Math.max(1500, (Date.now() - began) / 2)

      for (let round = 1; round <= kills; round += 1) {
        const gone = new AbortController()
        const busy = busyWith(server, async (index) => {
          const branch = branches[index]
          if (branch) {
            counts.pushes += 1
            if (!(await pushNext(git, work, branch))) throw new Error('not acknowledged')
          } else if (index === branches.length) {
            // A clone that ended well is whole, whatever happened to the server behind it.
            const copy = join(git.folder, `during-${round}-${counts.clones}.git`)
            await git.git(['clone', '--quiet', '--mirror', random() < 0.5 ? one.cloneUrlHttp : two.cloneUrlHttp, copy], { signal: gone.signal })
            await git.git(['fsck', '--strict', '--no-dangling', '--no-progress'], { cwd: copy })
            counts.clones += 1
          } else {
            const passing = await repository(`passing-${round}-${counts.deletions}`)
            await git.git(['push', '--quiet', passing.cloneUrlHttp, `${branches[0]?.commits[20] ?? ''}:refs/heads/main`], { cwd: work })
            await codecommit.send(new DeleteRepositoryCommand({ repositoryName: passing.name }))
            counts.deletions += 1
          }
        }, branches.length + 2)
        await new Promise((resolve) => setTimeout(resolve, Math.floor(random() * span)))
        await server.kill()
        gone.abort()
        await busy.end()
        counts.unacknowledged += branches.filter(({ progress }) => progress.sent > progress.acknowledged).length
        const before = branches.map(({ progress }) => progress.acknowledged)
        age(server, round === 1 || random() < 0.5)
        server = await startServer({ again: server })
        await expectWhole(git, server, branches, `after-${round}`)
        counts.landed += branches.filter(({ progress }, index) => progress.acknowledged > (before[index] ?? 0)).length
        // Repositories of which the deletion, the push or the creation was cut short: each is as if it was whole or not at all.
        for (const { name } of readRows(server, `SELECT "name" FROM "Repository" WHERE "name" LIKE 'passing-%'`)) {
          await git.git(['clone', '--quiet', '--mirror', one.cloneUrlHttp.replace(/one$/, String(name)), `after-${round}-${String(name)}.git`])
          await codecommit.send(new DeleteRepositoryCommand({ repositoryName: String(name) }))
        }
        await pushAll(2)
        console.log(`killed.spec: ${round} of ${kills}`, JSON.stringify(counts))
      }

      const folded = `SELECT COUNT(*) AS "count" FROM "StoredObject" WHERE "kind" = 'rev'`
      counts.folds = Number(readRow(server, folded)['count'])
      const stale = `SELECT COUNT(*) AS "count" FROM "RepositoryKey" WHERE "keyMaterialId" <> (SELECT "currentKeyMaterialId" FROM "KmsKey" WHERE "arn" = ?)`
      expect(await server.stop()).toBe(0)
      // What was killed in the middle is swept at the next start, which has nothing left to do.
      age(server, false)
      server = await startServer({ again: server })
      await expectWhole(git, server, branches, 'at-the-end')
      const { kmsKeyArn } = readRow(server, 'SELECT "kmsKeyArn" FROM "Repository" LIMIT 1')
      await expect.poll(() => readRow(server, stale, kmsKeyArn)['count'], { timeout: 60_000 }).toBe(0)
      expect(await server.stop()).toBe(0)
      expect(missingObjects(server)).toEqual([])
      expect(leftovers(server)).toEqual([])
      counts.reEncrypted = Number(readRow(server, `SELECT COUNT(*) AS "count" FROM "TrailEvent" WHERE "eventName" = 'ReEncrypt' AND "errorCode" = ''`)['count'])
      console.log('killed.spec:', JSON.stringify(counts))
      expect(counts.folds).toBeGreaterThan(0)
      expect(counts.reEncrypted).toBeGreaterThan(0)
    } finally {
      git.remove()
      await server[Symbol.asyncDispose]()
    }
  })
})

/** Several workers, each doing its work over and over until it fails or the server is gone. */
function busyWith(server: OwnServer, work: (index: number) => Promise<void>, workers: number): { end: () => Promise<void> } {
  const state = { over: false }
  const running = Array.from({ length: workers }, async (_, index) => {
    while (!state.over) {
      try {
        await work(index)
      } catch (error) {
        if (!(error instanceof Error)) throw error
        // A whole clone that is not sound is the one failure that a dead server does not explain.
        if (/fsck/.test(error.message)) throw error
        return
      }
    }
  })
  return {
    end: async () => {
      state.over = true
      await Promise.all(running)
    },
  }
}

/** While the server is dead, time passes: key material is due for rotation, and superseded packs' grace is over. */
function age(server: OwnServer, rotate: boolean): void {
  const sevenHoursAgo = timeLike(server, Date.now() - 7 * 3_600_000)
  alterDatabase(server, 'UPDATE "StoredObject" SET "supersededAt" = ? WHERE "supersededAt" IS NOT NULL', sevenHoursAgo)
  if (rotate) alterDatabase(server, 'UPDATE "KmsKey" SET "nextRotationDate" = ? WHERE "rotationEnabled" = 1', sevenHoursAgo)
}

/** A time as this database keeps it. */
function timeLike(server: OwnServer, milliseconds: number): string | number {
  const { creationDate } = readRow(server, 'SELECT "creationDate" FROM "Repository" LIMIT 1')
  return typeof creationDate === 'number' ? milliseconds : new Date(milliseconds).toISOString().replace('Z', '+00:00')
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
