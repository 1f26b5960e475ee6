import { readFileSync, writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { db } from '#lib/db'
import { parseV2Fetch } from '#lib/git/fetch-request'
import { parseV2Request } from '#lib/git/ls-refs'
import { PktLineReader } from '#lib/git/pkt-line'
import { TestRepository } from '#lib/git/test-repository'
import { CreateUser, PutUserPolicy } from '#lib/iam/api'
import { invoke } from '#lib/invoke'
import type { RequestContext } from '#lib/operation/context'
import { rootContext, userContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { push, repositoryWith } from '#lib/testing/push'
import { refusal } from '#lib/testing/refusal'
import { GitPull } from '../git-pull.ts'
import { objectPath } from './object-store.ts'
import { evictResponses } from './response-cache.ts'
import { evictIdle, workingCopies } from './working-copy.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(async () => {
  await database[Symbol.asyncDispose]()
})

describe('The sealed answer to a clone', () => {
  test('is kept however small, is what git gave, lies in no file in the clear, and is given again without a pack being opened', async () => {
    using work = new TestRepository()
    const tip = work.commit('One', { 'README.md': 'a secret of theirs\n' })
    await repositoryWith(work, 'kept', tip)
    const first = await clone(rootContext(), 'kept', [tip])
    const [row] = await keptFor('kept', 1)
    expect(first.includes('PACK')).toBe(true)
    expect(readFileSync(objectPath(row?.id ?? '')).includes('PACK')).toBe(false)
    await closeAll()
    expect((await clone(rootContext(), 'kept', [tip])).equals(first)).toBe(true)
    expect(workingCopies()).toEqual([])
  })

  test('is refused to a user who may not pull, and to one who may not use the key, though it is there', async () => {
    using work = new TestRepository()
    const tip = work.commit('One', { 'README.md': 'secret\n' })
    await repositoryWith(work, 'refused', tip)
    await clone(rootContext(), 'refused', [tip])
    await keptFor('refused', 1)
    const pull = { Effect: 'Allow', Action: 'codecommit:GitPull', Resource: '*' }
    const denied = (action: string) => ({ Effect: 'Deny', Action: action, Resource: '*' })
    const stranger = await user('stranger', [])
    const reader = await user('reader', [pull])
    const barred = await user('barred', [pull, denied('codecommit:GitPull')])
    const keyless = await user('keyless', [pull, denied('kms:Decrypt')])
    expect((await clone(reader, 'refused', [tip])).includes('PACK')).toBe(true)
    for (const who of [stranger, barred]) expect(await refusal(clone(who, 'refused', [tip]))).toMatchObject({ code: 'AccessDeniedException' })
    expect(await refusal(clone(keyless, 'refused', [tip]))).toMatchObject({ code: 'EncryptionKeyAccessDeniedException' })
  })

  test('is not given once a ref has moved, and goes', async () => {
    using work = new TestRepository()
    const one = work.commit('One', { 'README.md': 'one\n' })
    await repositoryWith(work, 'moved', one)
    await clone(rootContext(), 'moved', [one])
    const [before] = await keptFor('moved', 1)
    const two = work.commit('Two', { 'README.md': 'two\n' })
    await push(work, 'moved', [{ ref: 'refs/heads/main', oldOid: one, newOid: two }], { without: [one] })
    // Protocol 2 serves what is there, named by a ref or not; but it is made anew.
    await clone(rootContext(), 'moved', [one])
    const after = await keptFor('moved', 2)
    expect(after.map(({ id }) => id)).toContain(before?.id)
    await evictResponses()
    expect((await keptFor('moved', 1))[0]?.id).not.toBe(before?.id)
  })

  test('is made anew where its stored bytes were altered', async () => {
    using work = new TestRepository()
    const tip = work.commit('One', { 'README.md': 'one\n' })
    await repositoryWith(work, 'altered', tip)
    const first = await clone(rootContext(), 'altered', [tip])
    const [row] = await keptFor('altered', 1)
    const path = objectPath(row?.id ?? '')
    const bytes = readFileSync(path)
    bytes[60] = (bytes[60] ?? 0) ^ 1
    writeFileSync(path, bytes)
    expect((await clone(rootContext(), 'altered', [tip])).includes('PACK')).toBe(true)
    expect(first.includes('PACK')).toBe(true)
  })

  test('takes its place in a bounded whole: those asked for longest ago go first', async () => {
    using work = new TestRepository()
    const tips: string[] = []
    for (const name of ['bound-1', 'bound-2', 'bound-3']) {
      const tip = work.commit(name, { 'README.md': name })
      tips.push(tip)
      await repositoryWith(work, name, tip)
      await clone(rootContext(), name, [tip])
      await keptFor(name, 1)
    }
    const [second, third] = [await keptFor('bound-2', 1), await keptFor('bound-3', 1)]
    const limit = Number((second[0]?.sealedSize ?? 0n) + (third[0]?.sealedSize ?? 0n))
    await evictResponses(limit)
    const { _sum } = await db().storedObject.aggregate({ where: { kind: 'response' }, _sum: { sealedSize: true } })
    expect(Number(_sum.sealedSize)).toBeLessThanOrEqual(limit)
    await keptFor('bound-1', 0)
    await keptFor('bound-3', 1)
  })
})

async function clone(context: RequestContext, repositoryName: string, wants: readonly string[]): Promise<Buffer> {
  const pkt = (text: string): string => `${(text.length + 4).toString(16).padStart(4, '0')}${text}`
  const text = `${pkt('command=fetch')}${pkt('object-format=sha1')}0001${pkt('ofs-delta')}${wants.map((oid) => pkt(`want ${oid}\n`)).join('')}${pkt('done\n')}0000`
  const request = await parseV2Request(new PktLineReader(Readable.from([Buffer.from(text)])))
  if (!request) throw new Error('no request')
  const fetch = parseV2Fetch(request)
  const { stdout, done } = await invoke(GitPull, context, {
    repositoryName,
    request: {
      transport: 'HTTP', protocol: 2, statelessRpc: true, stdin: Readable.from([request.raw]), capabilities: [], shallow: false,
      key: fetch.key, clone: fetch.haves.length === 0, signal: AbortSignal.timeout(60_000),
    },
  })
  const answer = await buffer(stdout)
  await done
  return answer
}

/** The answers that are kept, once there are so many: they are stored behind the reader's back. */
async function keptFor(repositoryName: string, count: number) {
  const where = { kind: 'response', repository: { name: repositoryName } }
  await expect.poll(() => db().storedObject.count({ where }), { timeout: 30_000 }).toBe(count)
  return db().storedObject.findMany({ where })
}

async function closeAll(): Promise<void> {
  while (await evictIdle());
}

async function user(UserName: string, Statement: readonly object[]): Promise<RequestContext> {
  const { User } = await invoke(CreateUser, rootContext(), { UserName })
  if (Statement.length > 0) {
    await invoke(PutUserPolicy, rootContext(), { UserName, PolicyName: 'Work', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) })
  }
  return userContext({ id: User.UserId, name: UserName, arn: User.Arn })
}
