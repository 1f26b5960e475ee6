import { copyFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CreateRepositoryCommand, GetFileCommand, GetRepositoryCommand, ListBranchesCommand } from '@aws-sdk/client-codecommit'
import { refusalOf, rootClients } from '../aws-clients.ts'
import { alterDatabase, readRow, readRows } from '../database.ts'
import { expect, test, testRepository, type TestRepository } from '../fixtures.ts'
import { home } from '../regions.ts'
import { startServer, type RunningServer } from '../server.ts'
import { makeUser } from '../users.ts'

/** Whoever can write to the disk, and has no key: what they can do, and who notices. */
const alterations: Readonly<Record<string, (server: RunningServer, repository: TestRepository, other: TestRepository) => void>> = {
  'a byte in the middle of a pack': (server, { id }) => flip(packOf(server, id), 0.5),
  'the first byte of a pack': (server, { id }) => flip(packOf(server, id), 0),
  'the last byte of a pack': (server, { id }) => flip(packOf(server, id), 1),
  'a byte of a pack’s index': (server, { id }) => flip(fileOf(server, id, 'idx'), 0.7),
  'a pack cut short': (server, { id }) => truncateSync(packOf(server, id), statSync(packOf(server, id)).size - 20),
  'a pack emptied': (server, { id }) => truncateSync(packOf(server, id), 0),
  'a pack removed': (server, { id }) => rmSync(packOf(server, id)),
  'a pack put in another’s place': (server, { id }, other) => copyFileSync(packOf(server, other.id), packOf(server, id)),
  'pack and index exchanged': (server, { id }) => copyFileSync(fileOf(server, id, 'idx'), packOf(server, id)),
  'a byte of the refs': (server, { id }) => flipColumn(server, 'Repository', 'refs', id),
  'the refs of another repository': (server, { id }, other) => alterDatabase(server, 'UPDATE "Repository" SET "refs" = (SELECT "refs" FROM "Repository" WHERE "id" = ?) WHERE "id" = ?', other.id, id),
  'the version of the refs': (server, { id }) => alterDatabase(server, 'UPDATE "Repository" SET "refsVersion" = "refsVersion" + 1 WHERE "id" = ?', id),
  'a byte of the encrypted data key': (server, { id }) => {
    const { dataKeyId } = readRow(server, 'SELECT "dataKeyId" FROM "Repository" WHERE "id" = ?', id)
    flipColumn(server, 'RepositoryKey', 'ciphertextBlob', String(dataKeyId))
  },
  'the encrypted data key of another repository': (server, { id }, other) =>
    alterDatabase(server, 'UPDATE "RepositoryKey" SET "ciphertextBlob" = (SELECT "ciphertextBlob" FROM "RepositoryKey" WHERE "repositoryId" = ? LIMIT 1) WHERE "repositoryId" = ?', other.id, id),
  'refs set back to an older push': (server, { id }) => alterDatabase(server, 'UPDATE "Repository" SET "refs" = ?, "refsVersion" = "refsVersion" WHERE "id" = ?', older.get(id), id),
}

/** The refs of each repository as they were before its last push. */
const older = new Map<string, Buffer>()

test.describe('What is stored was altered behind the server’s back', () => {
  test('EncryptionIntegrityChecksFailedException, which git’s user reads; nothing altered is ever given out; put back, it opens', async () => {
    test.setTimeout(480_000)
    let server = await startServer()
    const alice = await makeUser(server)
    const { git } = alice
    try {
      const { codecommit } = rootClients(server, home)
      const working = await git.makeRepository('work', { 'README.md': 'hello\n'.repeat(2000) })
      const make = async (repositoryName: string) => {
        const { repositoryMetadata } = await codecommit.send(new CreateRepositoryCommand({ repositoryName }))
        const repository = testRepository(repositoryMetadata, home)
        await git.git(['push', '--quiet', repository.cloneUrlHttp, 'main~1:refs/heads/main'], { cwd: working })
        const { refs } = readRow(server, 'SELECT "refs" FROM "Repository" WHERE "id" = ?', repository.id) as { refs: Buffer }
        older.set(repository.id, refs)
        await git.git(['push', '--quiet', repository.cloneUrlHttp, 'main'], { cwd: working })
        return repository
      }
      await git.commit(working, { 'second.txt': 'second\n' })
      const other = await make('other')
      const repositories = new Map<string, TestRepository>()
      for (const [index, title] of Object.keys(alterations).entries()) repositories.set(title, await make(`altered-${index}`))

      expect(await server.stop()).toBe(0)
      const untouched = new Map([...repositories.values()].map(({ id }) => [id, sealed(server, id)]))
      for (const [title, repository] of repositories) alterations[title]?.(server, repository, other)
      server = await startServer({ again: server })

      for (const [title, { name, cloneUrlHttp }] of repositories) {
        const { code, stderr } = await git.run(['clone', '--quiet', cloneUrlHttp, name])
        expect({ title, cloned: code === 0 }).toEqual({ title, cloned: false })
        expect(stderr, title).toContain('EncryptionIntegrityChecksFailedException')
        const api = rootClients(server, home).codecommit
        const { name: answer, status } = await refusalOf(api.send(new GetFileCommand({ repositoryName: name, filePath: 'README.md' })))
        expect({ title, answer, status }).toEqual({ title, answer: 'EncryptionIntegrityChecksFailedException', status: 500 })
        if (title.includes('pack')) continue
        // Upon what cannot be opened nothing is built.
        const pushed = await git.run(['push', cloneUrlHttp, 'main~1:refs/heads/more'], { cwd: working })
        expect((await refusalOf(api.send(new ListBranchesCommand({ repositoryName: name })))).name, title).toBe('EncryptionIntegrityChecksFailedException')
        expect({ title, pushed: pushed.code === 0 }).toEqual({ title, pushed: false })
      }
      // The others are as they were, and so is the list.
      await git.git(['clone', '--quiet', other.cloneUrlHttp, 'other'])

      expect(await server.stop()).toBe(0)
      for (const { id } of repositories.values()) putBack(server, id, untouched.get(id))
      server = await startServer({ again: server })
      for (const [title, { name, cloneUrlHttp }] of repositories) {
        const { code, stderr } = await git.run(['clone', '--quiet', cloneUrlHttp, `${name}-again`])
        expect({ title, code, stderr }).toEqual({ title, code: 0, stderr: '' })
      }
    } finally {
      git.remove()
      await server[Symbol.asyncDispose]()
    }
  })

  test('a byte of the description: the API says so, and the repository’s files still open', async () => {
    let server = await startServer()
    const alice = await makeUser(server)
    try {
      const { repositoryMetadata } = await rootClients(server, home).codecommit.send(new CreateRepositoryCommand({ repositoryName: 'demo', repositoryDescription: 'Words' }))
      const { id, cloneUrlHttp } = testRepository(repositoryMetadata, home)
      const working = await alice.git.makeRepository('work', { 'a.txt': 'a' })
      await alice.git.git(['push', '--quiet', cloneUrlHttp, 'main'], { cwd: working })
      await server.stop()
      flipColumn(server, 'Repository', 'descriptionCiphertext', id)
      server = await startServer({ again: server })
      const { codecommit } = rootClients(server, home)
      const { name, status } = await refusalOf(codecommit.send(new GetRepositoryCommand({ repositoryName: 'demo' })))
      expect({ name, status }).toEqual({ name: 'EncryptionIntegrityChecksFailedException', status: 500 })
      await alice.git.git(['clone', '--quiet', cloneUrlHttp, 'copy'])
    } finally {
      alice.git.remove()
      await server[Symbol.asyncDispose]()
    }
  })
})

function fileOf(server: RunningServer, repositoryId: string, kind: string): string {
  const { id } = readRow(server, 'SELECT "id" FROM "StoredObject" WHERE "repositoryId" = ? AND "kind" = ? AND "supersededAt" IS NULL ORDER BY "sealedSize" DESC LIMIT 1', repositoryId, kind)
  return join(server.dataDir, 'objects', String(id).slice(0, 2), String(id))
}

function packOf(server: RunningServer, repositoryId: string): string {
  return fileOf(server, repositoryId, 'pack')
}

function flip(file: string, where: number): void {
  const bytes = readFileSync(file)
  writeFileSync(file, flipped(bytes, where))
}

function flipColumn(server: RunningServer, table: string, column: string, id: string): void {
  const { value } = readRow(server, `SELECT "${column}" AS "value" FROM "${table}" WHERE "id" = ?`, id) as { value: Buffer }
  alterDatabase(server, `UPDATE "${table}" SET "${column}" = ? WHERE "id" = ?`, flipped(value, 0.6), id)
}

function flipped(bytes: Buffer, where: number): Buffer {
  const at = Math.floor((bytes.length - 1) * where)
  const changed = Buffer.from(bytes)
  changed[at] = (changed[at] ?? 0) ^ 1
  return changed
}

type Sealed = Readonly<{ row: Record<string, unknown>; dataKeys: Record<string, unknown>[]; files: (readonly [string, Buffer])[] }>

function sealed(server: RunningServer, id: string): Sealed {
  const objects = readRows(server, 'SELECT "id" FROM "StoredObject" WHERE "repositoryId" = ?', id).map((row) => String(row['id']))
  return {
    row: readRow(server, 'SELECT "refs", "refsVersion" FROM "Repository" WHERE "id" = ?', id),
    dataKeys: readRows(server, 'SELECT "id", "ciphertextBlob" FROM "RepositoryKey" WHERE "repositoryId" = ?', id),
    files: objects.map((name) => join(server.dataDir, 'objects', name.slice(0, 2), name)).map((file) => [file, readFileSync(file)] as const),
  }
}

function putBack(server: RunningServer, id: string, kept: Sealed | undefined): void {
  if (!kept) return
  alterDatabase(server, 'UPDATE "Repository" SET "refs" = ?, "refsVersion" = ? WHERE "id" = ?', kept.row['refs'], kept.row['refsVersion'], id)
  for (const { id: keyId, ciphertextBlob } of kept.dataKeys) alterDatabase(server, 'UPDATE "RepositoryKey" SET "ciphertextBlob" = ? WHERE "id" = ?', ciphertextBlob, keyId)
  for (const [file, content] of kept.files) writeFileSync(file, content)
}
