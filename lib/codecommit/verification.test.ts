import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LookupEvents } from '#lib/cloudtrail/api'
import { db } from '#lib/db'
import { TestRepository } from '#lib/git/test-repository'
import { zeroOid } from '#lib/git/refs'
import { CreateUser, PutUserPolicy } from '#lib/iam/api'
import { invoke } from '#lib/invoke'
import { rootContext, userContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { refusal } from '#lib/testing/refusal'
import { GitPush } from './git-push.ts'
import { CreateRepository, DeleteRepository } from './repositories.ts'
import { insertPack } from './storage/commit-point.ts'
import { generateDataKey } from './storage/data-keys.ts'
import { objectPath } from './storage/object-store.ts'
import { sealPack } from './storage/seal-pack.ts'
import { interruptVerifications, markInterruptedVerifications, type Verification } from './verification-jobs.ts'
import { GetVerification, StartVerification, StopVerification } from './verification.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(async () => {
  await database[Symbol.asyncDispose]()
})

const never = new AbortController().signal

describe('a verification finds each damage, and names it', () => {
  test('a whole repository is whole: all bytes opened, all objects checked, no plaintext left, Decrypt under the caller’s name', async () => {
    using work = new TestRepository()
    const id = await repositoryWith(work, 'whole')
    const { verification } = await verified('whole')
    expect(verification).toMatchObject({ state: 'WHOLE', damage: [], damageCount: 0, startedBy: 'arn:aws:iam::111122223333:root' })
    const { progress } = verification
    expect(progress.bytesOpened).toBe(progress.bytesTotal)
    expect(progress.bytesTotal).toBeGreaterThan(1000)
    expect(progress).toMatchObject({ phase: 'CHECKING', objectsChecked: 6, objectsTotal: 6 })
    expect(readdirSync(join(database.scratch, 'verifying'))).toEqual([])
    const { Events } = await invoke(LookupEvents, rootContext(), { LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'Decrypt' }] })
    const mine = Events.map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent) as { userIdentity: { type: string; invokedBy?: string }; requestParameters: unknown })
    const ofWhole = mine.filter(({ requestParameters }) => JSON.stringify(requestParameters).includes(id))
    // One for who may at all is not called; then each data key, and the description. The push before opened the refs' key once.
    expect(ofWhole).toHaveLength(4)
    expect(ofWhole.every(({ userIdentity }) => userIdentity.type === 'Root' && userIdentity.invokedBy === 'codecommit.amazonaws.com')).toBe(true)
    expect((await db().repositoryVerification.findUniqueOrThrow({ where: { repositoryId: id } })).state).toBe('WHOLE')
  })

  const damages: Readonly<Record<string, { alter: (id: string) => Promise<unknown>; kind: string; problem: RegExp }>> = {
    'a flipped bit of a pack': { kind: 'pack', problem: /was altered/, alter: async (id) => flip(await fileOf(id, 'pack')) },
    'a flipped bit of an index': { kind: 'idx', problem: /was altered/, alter: async (id) => flip(await fileOf(id, 'idx')) },
    'a pack that is missing': { kind: 'pack', problem: /is missing from the object store/, alter: async (id) => rmSync(await fileOf(id, 'pack')) },
    'a pack that is cut': { kind: 'pack', problem: /has 100 bytes of \d+/, alter: async (id) => truncateSync(await fileOf(id, 'pack'), 100) },
    'a pack of another repository': { kind: 'pack', problem: /was altered|has \d+ bytes/, alter: async (id) => copyFileSync(await fileOf(await wholeId(), 'pack'), await fileOf(id, 'pack')) },
    'pack and index exchanged': { kind: 'pack', problem: /was altered|has \d+ bytes/, alter: async (id) => copyFileSync(await fileOf(id, 'idx'), await fileOf(id, 'pack')) },
    'an altered refs row': { kind: 'refs', problem: /was altered/, alter: async (id) => alterRefs(id) },
    'refs of another version': { kind: 'refs', problem: /was altered/, alter: (id) => db().repository.update({ where: { id }, data: { refsVersion: { increment: 1 } } }) },
    'an altered description': { kind: 'description', problem: /was altered/, alter: async (id) => alterDescription(id) },
    'an altered data key': { kind: 'data key', problem: /was altered/, alter: async (id) => alterDataKey(id) },
  }
  for (const [title, { alter, kind, problem }] of Object.entries(damages)) {
    test(title, async () => {
      using work = new TestRepository()
      const name = `damaged-${Object.keys(damages).indexOf(title)}`
      const id = await repositoryWith(work, name)
      await alter(id)
      const { verification, repositoryId } = await verified(name)
      expect(repositoryId).toBe(id)
      expect(verification.state).toBe('DAMAGED')
      const found = verification.damage.find((each) => each.kind === kind && problem.test(each.problem))
      expect(verification.damage.map((each) => `${each.kind} ${each.problem}`), JSON.stringify(verification.damage)).toSatisfy(() => found !== undefined)
      if (kind === 'pack' || kind === 'idx') expect(existsSync(objectPath(found?.object ?? '')) || title.includes('missing')).toBe(true)
      if (title === 'a flipped bit of an index') expect(verification.damageCount, 'the objects are checked by another index').toBe(1)
      if (kind === 'pack') expect(verification.damage.filter((each) => each.kind === 'git object'), 'and what the refs lead to is missing').not.toEqual([])
      expect(JSON.stringify(verification)).not.toMatch(/refs\/heads|secret-branch|README/)
    })
  }

  test('git objects that were never whole, sealed faithfully: a missing blob, under a right seal', async () => {
    using work = new TestRepository()
    const head = work.commit('One', { 'README.md': 'hello\n', 'gone.txt': 'gone\n' })
    const gone = work.git('rev-parse', 'HEAD:gone.txt')
    const kept = work.git('rev-list', '--objects', 'HEAD').split('\n').map((line) => line.slice(0, 40)).filter((oid) => oid !== gone)
    await invoke(CreateRepository, rootContext(), { repositoryName: 'hollow' })
    const row = await db().repository.findFirstOrThrow({ where: { name: 'hollow' } })
    // What no push can do: a pack with a hole, and refs that lead there.
    await push('hollow', head, work.pack([head]))
    work.git('pack-objects', '-q', join(work.directory, 'hole'), { input: `${kept.join('\n')}\n` })
    const files = readdirSync(work.directory).filter((file) => file.startsWith('hole-'))
    const fileWith = (extension: string): string => join(work.directory, files.find((file) => file.endsWith(extension)) ?? '')
    const { key, stored } = await generateDataKey(rootContext(), row)
    const sealed = await sealPack(row.id, key, { objectCount: kept.length, files: [{ kind: 'pack', path: fileWith('.pack') }, { kind: 'idx', path: fileWith('.idx') }] })
    await db().storedObject.deleteMany({ where: { repositoryId: row.id } })
    await insertPack(db(), row.id, { key: stored, files: sealed.files })
    const { verification } = await verified('hollow')
    expect(verification).toMatchObject({ state: 'DAMAGED' })
    expect(verification.damage).toContainEqual({ kind: 'git object', object: gone, problem: 'is missing: a blob that refs lead to' })
  })
})

describe('who may verify', () => {
  test('who may pull, and nobody else; a Deny of kms:Decrypt is told at once', async () => {
    using work = new TestRepository()
    await repositoryWith(work, 'guarded')
    const allow = { Effect: 'Allow', Action: 'codecommit:GitPull', Resource: '*' }
    const reader = await user('reader', allow)
    expect((await verified('guarded', reader)).verification.state).toBe('WHOLE')
    const others = await user('others', { ...allow, Action: ['codecommit:Get*', 'codecommit:List*'] })
    const input = { repositoryName: 'guarded' }
    for (const attempt of [invoke(StartVerification, others, input), invoke(GetVerification, others, input), invoke(StopVerification, others, input)]) {
      expect((await refusal(attempt)).code).toBe('AccessDeniedException')
    }
    const keyless = await user('keyless', allow, { Sid: 'NoKey', Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*' })
    const refused = await refusal(invoke(StartVerification, keyless, { repositoryName: 'guarded' }))
    expect(refused.code).toBe('EncryptionKeyAccessDeniedException')
    expect(refused.message).toContain('kms:Decrypt')
    expect((await refusal(invoke(StartVerification, reader, { repositoryName: 'none' }))).code).toBe('RepositoryDoesNotExistException')
    expect((await refusal(invoke(StopVerification, reader, { repositoryName: 'guarded' }))).code).toBe('VerificationNotInProgressException')
  })

  test('never verified: no verification; started twice: one', async () => {
    using work = new TestRepository()
    await repositoryWith(work, 'twice')
    expect((await invoke(GetVerification, rootContext(), { repositoryName: 'twice' })).verification).toBeUndefined()
    const [one, two] = await Promise.all([1, 2].map(() => invoke(StartVerification, rootContext(), { repositoryName: 'twice' })))
    expect(one?.verification?.startedAt).toEqual(two?.verification?.startedAt)
    await settled('twice')
  })

  test('stopped, interrupted, and the repository deleted meanwhile', async () => {
    using work = new TestRepository()
    const id = await repositoryWith(work, 'stopping')
    await invoke(StartVerification, rootContext(), { repositoryName: 'stopping' })
    await invoke(StopVerification, rootContext(), { repositoryName: 'stopping' })
    expect((await settled('stopping')).state).toBe('STOPPED')
    await invoke(StartVerification, rootContext(), { repositoryName: 'stopping' })
    await interruptVerifications()
    expect((await settled('stopping')).state).toBe('INTERRUPTED')
    // As a killed server leaves it.
    await db().repositoryVerification.update({ where: { repositoryId: id }, data: { state: 'IN_PROGRESS', endedAt: null } })
    await markInterruptedVerifications()
    expect((await settled('stopping')).state).toBe('INTERRUPTED')
    await invoke(StartVerification, rootContext(), { repositoryName: 'stopping' })
    await invoke(DeleteRepository, rootContext(), { repositoryName: 'stopping' })
    await interruptVerifications()
    expect(await db().repositoryVerification.findUnique({ where: { repositoryId: id } })).toBeNull()
    expect(readdirSync(join(database.scratch, 'verifying'))).toEqual([])
  })
})

async function repositoryWith(work: TestRepository, repositoryName: string): Promise<string> {
  work.commit('One', { 'README.md': `hello ${repositoryName}\n`.repeat(200) })
  const head = work.commit('Two', { 'README.md': `bye ${repositoryName}\n`.repeat(300) })
  const { repositoryMetadata } = await invoke(CreateRepository, rootContext(), { repositoryName, repositoryDescription: 'Words' })
  await push(repositoryName, head, work.pack([head]))
  return repositoryMetadata.repositoryId
}

async function push(repositoryName: string, head: string, pack: Buffer): Promise<void> {
  const request = { transport: 'HTTP', commands: [{ ref: 'refs/heads/secret-branch', oldOid: zeroOid, newOid: head }], atomic: false, capabilities: [], pack: Readable.from([pack]), progress: () => undefined, signal: never }
  await invoke(GitPush, rootContext(), { repositoryName, request })
}

async function verified(repositoryName: string, context = rootContext()): Promise<{ repositoryId: string; verification: Verification }> {
  const { repositoryId } = await invoke(StartVerification, context, { repositoryName })
  return { repositoryId, verification: await settled(repositoryName, context) }
}

async function settled(repositoryName: string, context = rootContext()): Promise<Verification> {
  for (;;) {
    const { verification } = await invoke(GetVerification, context, { repositoryName })
    if (verification && verification.state !== 'IN_PROGRESS') return verification
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function user(name: string, ...Statement: object[]) {
  const { User } = await invoke(CreateUser, rootContext(), { UserName: name })
  await invoke(PutUserPolicy, rootContext(), { UserName: name, PolicyName: 'Work', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) })
  return userContext({ id: User.UserId, name, arn: User.Arn })
}

async function wholeId(): Promise<string> {
  return (await db().repository.findFirstOrThrow({ where: { name: 'whole' } })).id
}

async function fileOf(repositoryId: string, kind: string): Promise<string> {
  const { id } = await db().storedObject.findFirstOrThrow({ where: { repositoryId, kind } })
  return objectPath(id)
}

function flip(path: string): void {
  const bytes = readFileSync(path)
  const middle = Math.floor(bytes.length * 0.6)
  bytes[middle] = (bytes[middle] ?? 0) ^ 1
  writeFileSync(path, bytes)
}

async function alterRefs(id: string): Promise<void> {
  const { refs } = await db().repository.findUniqueOrThrow({ where: { id } })
  await db().repository.update({ where: { id }, data: { refs: flipped(refs) } })
}

async function alterDescription(id: string): Promise<void> {
  const { descriptionCiphertext } = await db().repository.findUniqueOrThrow({ where: { id } })
  await db().repository.update({ where: { id }, data: { descriptionCiphertext: flipped(descriptionCiphertext) } })
}

async function alterDataKey(repositoryId: string): Promise<void> {
  const { id, ciphertextBlob } = await db().repositoryKey.findFirstOrThrow({ where: { repositoryId, objects: { some: {} } } })
  await db().repositoryKey.update({ where: { id }, data: { ciphertextBlob: flipped(ciphertextBlob) } })
}

function flipped(bytes: Uint8Array | null): Uint8Array<ArrayBuffer> {
  const changed = new Uint8Array(bytes ?? [])
  const at = Math.floor(changed.length * 0.6)
  changed[at] = (changed[at] ?? 0) ^ 1
  return changed
}
