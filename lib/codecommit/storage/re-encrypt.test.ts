import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LookupEvents } from '#lib/cloudtrail/api'
import { db } from '#lib/db'
import { TestRepository } from '#lib/git/test-repository'
import { CreateUser, PutUserPolicy } from '#lib/iam/api'
import { invoke } from '#lib/invoke'
import { DescribeKey, GetKeyRotationStatus, ListKeyRotations } from '#lib/kms/api'
import { rotateDueKeys, type Run } from '#lib/kms/schedule'
import type { AnyOperation } from '#lib/operation/define'
import { repositoryEncryptionContext } from '#lib/operation/repository-context'
import { rootContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { repositoryWith } from '#lib/testing/push'
import { GetFile } from '../content.ts'
import { DeleteRepository, GetRepository } from '../repositories.ts'
import { reEncryptDataKeys } from './re-encrypt.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(async () => {
  await database[Symbol.asyncDispose]()
})

const place = { accountId: '111122223333', region: 'us-east-2' }
const never = new AbortController().signal
const run: Run = (operation: AnyOperation, context, input) => invoke(operation, context, input)
const inAYear = () => new Date(Date.now() + 366 * 86_400_000)

describe('ReEncrypt brings data keys onto newer key material without opening them (rule 6)', () => {
  test('after a year’s rotation every data key is moved, every sealed message stays, and everything opens', async () => {
    using work = new TestRepository()
    const head = work.commit('One', { 'README.md': 'hello\n' })
    const id = await repositoryWith(work, 'moved', head, 'Of last year')
    const before = await stored(id)
    expect(before.dataKeys).toHaveLength(2)
    const first = await currentMaterial()
    expect(new Set(before.dataKeys.map(({ keyMaterialId }) => keyMaterialId))).toEqual(new Set([first]))
    // Nothing is due, and nothing to be moved: the key is of today.
    expect(await rotateDueKeys(new Date(), run)).toEqual([])
    expect(await reEncryptDataKeys(place, never)).toBe(0)
    expect(await events('ReEncrypt')).toEqual([])

    expect(await rotateDueKeys(inAYear(), run)).toEqual([])
    const second = await currentMaterial()
    expect(second).not.toBe(first)
    const { Rotations } = await invoke(ListKeyRotations, rootContext(), { KeyId: await keyId() })
    expect(Rotations).toMatchObject([{ RotationType: 'AUTOMATIC' }])
    expect((await invoke(GetKeyRotationStatus, rootContext(), { KeyId: await keyId() })).KeyRotationEnabled).toBe(true)
    // Until they are moved, the older material opens them.
    expect((await stored(id)).dataKeys).toEqual(before.dataKeys)
    expect(await readme('moved')).toBe('hello\n')

    const opened = (await events('Decrypt')).length
    expect(await reEncryptDataKeys(place, never)).toBe(2)
    const after = await stored(id)
    for (const [index, dataKey] of after.dataKeys.entries()) {
      expect(dataKey.keyMaterialId).toBe(second)
      expect(dataKey.ciphertextBlob).not.toEqual(before.dataKeys[index]?.ciphertextBlob)
    }
    expect({ ...after, dataKeys: [] }).toEqual({ ...before, dataKeys: [] })

    const moves = await events('ReEncrypt')
    expect(moves).toHaveLength(2)
    for (const { requestParameters, errorCode, userIdentity } of moves) {
      expect(errorCode).toBeUndefined()
      expect(userIdentity).toMatchObject({ invokedBy: 'codecommit.amazonaws.com' })
      expect(requestParameters).toMatchObject({ sourceEncryptionContext: repositoryEncryptionContext(id), destinationEncryptionContext: repositoryEncryptionContext(id) })
    }
    // No data key left KMS for it.
    expect(await events('Decrypt')).toHaveLength(opened)
    expect(await readme('moved')).toBe('hello\n')
    expect((await invoke(GetRepository, rootContext(), { repositoryName: 'moved' })).repositoryMetadata.repositoryDescription).toBe('Of last year')
    expect(await reEncryptDataKeys(place, never)).toBe(0)
  })

  test('stopped at once it moves nothing, and the next time it goes on', async () => {
    using work = new TestRepository()
    const id = await repositoryWith(work, 'stopped', work.commit('One', { 'README.md': 'still\n' }))
    const before = await stored(id)
    await rotateDueKeys(new Date(inAYear().getTime() + 366 * 86_400_000), run)
    expect(await reEncryptDataKeys(place, AbortSignal.abort())).toBe(0)
    expect(await stored(id)).toEqual(before)
    expect(await reEncryptDataKeys(place, never)).toBeGreaterThanOrEqual(2)
    expect(new Set((await stored(id)).dataKeys.map(({ keyMaterialId }) => keyMaterialId))).toEqual(new Set([await currentMaterial()]))
    expect(await readme('stopped')).toBe('still\n')
  })

  test('it is CodeCommit’s own work: no user’s Deny keeps data keys on old material', async () => {
    const { User } = await invoke(CreateUser, rootContext(), { UserName: 'denied' })
    const Statement = [{ Effect: 'Deny', Action: 'kms:*', Resource: '*' }]
    await invoke(PutUserPolicy, rootContext(), { UserName: User.UserName, PolicyName: 'NoKms', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) })
    using work = new TestRepository()
    const id = await repositoryWith(work, 'anybodys', work.commit('One', { 'README.md': 'x' }))
    await rotateDueKeys(new Date(inAYear().getTime() + 2 * 366 * 86_400_000), run)
    expect(await reEncryptDataKeys(place, never)).toBeGreaterThan(0)
    expect(new Set((await stored(id)).dataKeys.map(({ keyMaterialId }) => keyMaterialId))).toEqual(new Set([await currentMaterial()]))
  })

  test('a rotation in the middle does not keep it going round', async () => {
    using work = new TestRepository()
    await repositoryWith(work, 'overtaken', work.commit('One', { 'README.md': 'x' }))
    await rotateDueKeys(new Date(inAYear().getTime() + 10 * 366 * 86_400_000), run)
    const before = new Set((await db().repositoryKey.findMany()).map(({ keyMaterialId }) => keyMaterialId))
    const limit = new AbortController()
    setTimeout(() => limit.abort(), 20_000).unref()
    const moving = reEncryptDataKeys(place, limit.signal)
    // It has asked which key material is current once the first data key is under another.
    await expect.poll(async () => (await db().repositoryKey.findMany()).some(({ keyMaterialId }) => !before.has(keyMaterialId)), { interval: 1, timeout: 10_000 }).toBe(true)
    await rotateDueKeys(new Date(inAYear().getTime() + 20 * 366 * 86_400_000), run)
    await moving
    expect(limit.signal.aborted).toBe(false)
    expect(await readme('overtaken')).toBe('x')
  })

  test('a data key that does not open keeps its own repository from it, and no other', async () => {
    using work = new TestRepository()
    const head = work.commit('One', { 'README.md': 'x' })
    const [bad, good] = [await repositoryWith(work, 'damaged', head), await repositoryWith(work, 'sound', head)]
    const { dataKeyId } = await db().repository.findUniqueOrThrow({ where: { id: bad } })
    const { ciphertextBlob } = await db().repositoryKey.findUniqueOrThrow({ where: { id: dataKeyId } })
    ciphertextBlob[60] = (ciphertextBlob[60] ?? 0) ^ 1
    await db().repositoryKey.update({ where: { id: dataKeyId }, data: { ciphertextBlob } })
    await rotateDueKeys(new Date(inAYear().getTime() + 30 * 366 * 86_400_000), run)
    await expect(reEncryptDataKeys(place, never)).rejects.toThrow(/1 data key/)
    expect(new Set((await stored(good)).dataKeys.map(({ keyMaterialId }) => keyMaterialId))).toEqual(new Set([await currentMaterial()]))
    await invoke(DeleteRepository, rootContext(), { repositoryName: 'damaged' })
  })
})

async function readme(repositoryName: string): Promise<string> {
  const { fileContent } = await invoke(GetFile, rootContext(), { repositoryName, filePath: 'README.md' })
  return Buffer.from(fileContent).toString()
}

async function keyId(): Promise<string> {
  return (await invoke(DescribeKey, rootContext(), { KeyId: 'alias/aws/codecommit' })).KeyMetadata.KeyId
}

async function currentMaterial(): Promise<string> {
  return (await db().kmsKey.findUniqueOrThrow({ where: { id: await keyId() } })).currentKeyMaterialId
}

/** All that is sealed of a repository. */
async function stored(id: string) {
  const { refs, refsVersion, descriptionCiphertext } = await db().repository.findUniqueOrThrow({ where: { id } })
  const dataKeys = await db().repositoryKey.findMany({ where: { repositoryId: id }, orderBy: { id: 'asc' } })
  const rows = await db().storedObject.findMany({ where: { repositoryId: id, kind: { not: 'response' } }, orderBy: { id: 'asc' } })
  const objects = rows.map(({ id: name, dataKeyId }) => {
    const bytes = readFileSync(join(database.dataDir, 'objects', name.slice(0, 2), name))
    return { name, dataKeyId, digest: createHash('sha256').update(bytes).digest('hex') }
  })
  return { refs, refsVersion, descriptionCiphertext, dataKeys, objects }
}

type Recorded = { requestParameters: unknown; errorCode?: string; userIdentity: unknown }

async function events(EventName: string): Promise<Recorded[]> {
  const { Events } = await invoke(LookupEvents, rootContext(), { LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: EventName }] })
  return Events.map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent) as Recorded)
}
