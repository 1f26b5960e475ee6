import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { GetRepositoryCommand, UpdateRepositoryNameCommand } from '@aws-sdk/client-codecommit'
import { refusalOf } from '../aws-clients.ts'
import { readRow, readRows } from '../database.ts'
import { kmsEventsOf } from '../event-history.ts'
import { expect, test } from '../fixtures.ts'
import { named } from '../named.ts'
import type { RunningServer } from '../server.ts'

test.describe('Rule 14: A rename keeps the repository ID, and with it every sealed byte', () => {
  test('after a rename everything stored is as it was, and opens', async ({ server, asUser, asRoot, makeRepository }) => {
    const { id, name, cloneUrlHttp, region } = await makeRepository({ description: 'Words that stay' })
    const alice = await asUser()
    const working = await alice.git.makeRepository('work', { 'README.md': 'one' }, { 'README.md': 'two' })
    await alice.git.git(['push', cloneUrlHttp, 'main'], { cwd: working })
    await alice.git.git(['tag', 'v1'], { cwd: working })
    await alice.git.git(['push', cloneUrlHttp, 'v1'], { cwd: working })
    const refs = await alice.git.git(['ls-remote', cloneUrlHttp])
    // A clone's answer is kept, sealed, once it has been given: that too must be as it was, and is what an equal clone gets.
    await alice.git.git(['clone', cloneUrlHttp, 'first'])
    await expect.poll(() => readRows(server, `SELECT "id" FROM "StoredObject" WHERE "repositoryId" = ? AND "kind" = 'response'`, id).length).toBe(1)
    const before = sealedBytes(server, id)
    expect(before.objects.length).toBeGreaterThanOrEqual(3)
    const uses = (await kmsEventsOf(asRoot(), id)).length

    const newName = named('renamed')
    const { codecommit } = alice.aws(region)
    await codecommit.send(new UpdateRepositoryNameCommand({ oldName: name, newName }))
    expect(sealedBytes(server, id)).toEqual(before)
    // No data key was opened for it.
    expect(await kmsEventsOf(asRoot(), id)).toHaveLength(uses)

    const { repositoryMetadata } = await codecommit.send(new GetRepositoryCommand({ repositoryName: newName }))
    expect(repositoryMetadata).toMatchObject({ repositoryId: id, repositoryName: newName, repositoryDescription: 'Words that stay', defaultBranch: 'main' })
    expect(repositoryMetadata?.Arn).toMatch(new RegExp(`:${newName}$`))
    expect(repositoryMetadata?.cloneUrlHttp).toBe(cloneUrlHttp.replace(name, newName))
    const newUrl = repositoryMetadata?.cloneUrlHttp ?? ''
    expect(await alice.git.git(['ls-remote', newUrl])).toBe(refs)
    await alice.git.git(['clone', newUrl, 'copy'])
    await alice.git.git(['fsck', '--strict'], { cwd: join(alice.git.folder, 'copy') })

    // The old name is nobody's, until somebody takes it: then it is another repository.
    expect((await refusalOf(codecommit.send(new GetRepositoryCommand({ repositoryName: name })))).name).toBe('RepositoryDoesNotExistException')
    expect((await alice.git.run(['ls-remote', cloneUrlHttp])).stderr).toMatch(/not found|does not exist/)
    await codecommit.send(new UpdateRepositoryNameCommand({ oldName: newName, newName: name }))
    expect(sealedBytes(server, id)).toEqual(before)
  })
})

/** All that is sealed of a repository, as the disk has it. */
function sealedBytes(server: RunningServer, id: string) {
  const { refs, descriptionCiphertext } = readRow(server, 'SELECT "refs", "descriptionCiphertext" FROM "Repository" WHERE "id" = ?', id)
  const dataKeys = readRows(server, 'SELECT "id", "ciphertextBlob" FROM "RepositoryKey" WHERE "repositoryId" = ? ORDER BY "id"', id)
  const stored = readRows(server, 'SELECT "id", "dataKeyId" FROM "StoredObject" WHERE "repositoryId" = ? ORDER BY "id"', id)
  const objects = stored.map((row) => {
    const objectId = String(row['id'])
    return { ...row, digest: createHash('sha256').update(readFileSync(join(server.dataDir, 'objects', objectId.slice(0, 2), objectId))).digest('hex') }
  })
  return { refs, descriptionCiphertext, dataKeys, objects }
}
