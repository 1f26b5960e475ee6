import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Entry } from '#lib/cloudtrail/event-record'
import { SearchEvents, SummarizeEvents } from '#lib/cloudtrail/history'
import { recordEvent } from '#lib/cloudtrail/record'
import { db } from '#lib/db'
import { invoke } from '#lib/invoke'
import { asService, type RequestContext } from '#lib/operation/context'
import { repositoryEncryptionContext } from '#lib/operation/repository-context'
import { rootContext, userContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'

let database: TestDatabase
const hello = 'f7579e13-b83e-4027-aaef-650c0EXAMPLE'
const other = '0c1b2a39-4857-4666-b574-839201EXAMPLE'
const keyArn = 'arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const noon = Date.parse('2026-11-20T12:00:00Z')
const alice = { id: 'AIDACKCEVSQ6C2EXAMPLE', name: 'alice', arn: 'arn:aws:iam::111122223333:user/alice' }

beforeAll(async () => {
  database = await testDatabase()
  await db().iamUser.create({ data: { ...alice, nameLower: 'alice', createDate: new Date() } })
  await record(0, { eventName: 'CreateRepository', eventSource: 'codecommit.amazonaws.com', readOnly: false, repositoryId: hello })
  await record(60, { eventName: 'GenerateDataKey', requestParameters: { encryptionContext: repositoryEncryptionContext(hello) } })
  await record(3600, { eventName: 'Decrypt', requestParameters: { encryptionContext: repositoryEncryptionContext(hello) }, user: true })
  await record(3660, { eventName: 'Decrypt', requestParameters: { encryptionContext: repositoryEncryptionContext(other) }, user: true })
  await record(3700, {
    eventName: 'Decrypt',
    requestParameters: { encryptionContext: repositoryEncryptionContext(hello) },
    user: true,
    errorCode: 'AccessDenied',
    errorMessage: 'User: … is not authorized to perform: kms:Decrypt',
  })
  await record(3701, { eventName: 'GitPull', eventSource: 'codecommit.amazonaws.com', additionalEventData: { repositoryId: hello }, user: true, errorCode: 'EncryptionKeyAccessDeniedException' })
  await record(7200, { eventName: 'ReEncrypt', requestParameters: { sourceEncryptionContext: repositoryEncryptionContext(hello) } })
  await record(7300, { eventName: 'ReEncrypt', requestParameters: { destinationEncryptionContext: repositoryEncryptionContext(hello) }, errorCode: 'DisabledException' })
})

afterAll(() => database[Symbol.asyncDispose]())

test('a repository’s ID finds every use of the key for it, allowed and refused, and nothing of another’s', async () => {
  const { Events, NextToken } = await search({ RepositoryId: hello })
  expect(Events.map(({ EventName, ErrorCode }) => [EventName, ErrorCode])).toEqual([
    ['ReEncrypt', 'DisabledException'],
    ['ReEncrypt', undefined],
    ['GitPull', 'EncryptionKeyAccessDeniedException'],
    ['Decrypt', 'AccessDenied'],
    ['Decrypt', undefined],
    ['GenerateDataKey', undefined],
    ['CreateRepository', undefined],
  ])
  expect(NextToken).toBeUndefined()
  expect(Events[3]).toMatchObject({ Username: 'alice', InvokedBy: 'codecommit.amazonaws.com', SourceIPAddress: 'codecommit.amazonaws.com' })
})

test.each([
  [{ RepositoryId: hello, EventName: 'Decrypt' }, 2],
  [{ RepositoryId: hello, EventName: 'Decrypt', Outcome: 'Succeeded' }, 1],
  [{ RepositoryId: hello, Outcome: 'Failed' }, 3],
  [{ RepositoryId: hello, Outcome: 'AccessDenied' }, 2],
  [{ Outcome: 'AccessDenied' }, 2],
  [{ Outcome: 'Failed', Username: 'root' }, 1],
  [{ Username: 'alice', EventSource: 'kms.amazonaws.com' }, 3],
  [{ ResourceName: keyArn, Username: 'alice', RepositoryId: other }, 1],
  [{ ResourceType: 'AWS::KMS::Key', ReadOnly: false }, 0],
  [{ ReadOnly: false, EventSource: 'codecommit.amazonaws.com' }, 1],
  [{ EventName: 'Decrypt', StartTime: at(3660), EndTime: at(3699) }, 1],
  [{ AccessKeyId: 'AKIAIOSFODNN7EXAMPLE', EventName: 'Decrypt' }, 3],
])('conditions hold together: %j', async (conditions, count) => {
  const range = { StartTime: at(0), EndTime: at(9000), ...conditions }
  expect((await search(range)).Events).toHaveLength(count)
  expect((await summarize(range)).Count).toBe(count)
})

test('pages go on where the last ended, and a token is good for its own conditions only', async () => {
  const conditions = { RepositoryId: hello, EventSource: 'kms.amazonaws.com', MaxResults: 2 }
  const first = await search(conditions)
  const second = await search({ ...conditions, NextToken: first.NextToken })
  const third = await search({ ...conditions, NextToken: second.NextToken })
  expect([...first.Events, ...second.Events, ...third.Events].map(({ EventName }) => EventName)).toEqual(['ReEncrypt', 'ReEncrypt', 'Decrypt', 'Decrypt', 'GenerateDataKey'])
  expect(third.NextToken).toBeUndefined()
  await expect(search({ ...conditions, RepositoryId: other, NextToken: first.NextToken })).rejects.toMatchObject({ name: 'InvalidNextTokenException' })
})

test('a search for what hardly occurs together answers with a place to go on from, and in the end finds it', async () => {
  const region = 'ap-south-1'
  const entry = { eventSource: 'kms.amazonaws.com', eventName: 'Common', readOnly: true, requestParameters: null, responseElements: null, resources: [] }
  await recordEvent({ ...entry, context: rootContext({ region, time: at(0) }) })
  const later = { region, time: at(10) }
  await Promise.all(Array.from({ length: 13_000 }, () => recordEvent({ ...entry, context: rootContext(later), eventName: 'Other' })))
  await Promise.all(Array.from({ length: 3000 }, () => recordEvent({ ...entry, context: userContext(alice, later) })))

  // Thousands are root's and thousands are Common, and only the oldest is both.
  const conditions = { Username: 'root', EventName: 'Common' }
  const first = await invoke(SearchEvents, rootContext({ region }), conditions)
  expect(first.Events).toEqual([])
  expect(first.SearchedUntil).toEqual(at(10))
  const second = await invoke(SearchEvents, rootContext({ region }), { ...conditions, NextToken: first.NextToken })
  expect(second.Events.map(({ EventTime }) => EventTime)).toEqual([at(0)])
  expect(second.NextToken).toBeUndefined()

  // What occurs once is found at once: the rarest condition drives.
  await recordEvent({ ...entry, context: rootContext({ region, time: at(1) }), eventName: 'Rare' })
  const rare = await invoke(SearchEvents, rootContext({ region }), { Username: 'root', EventName: 'Rare' })
  expect(rare.Events.map(({ EventTime }) => EventTime)).toEqual([at(1)])
  expect(rare.NextToken).toBeUndefined()

  const summary = await invoke(SummarizeEvents, rootContext({ region }), { EventSource: 'kms.amazonaws.com', EventName: 'Other' })
  expect(summary.Count).toBe(13_000)
  expect(summary).not.toHaveProperty('CountedUntil')
})

test('a summary counts by stretches of time and by value', async () => {
  const summary = await summarize({ RepositoryId: hello, BucketSeconds: 3600 })
  expect(summary).toMatchObject({
    Count: 7,
    Buckets: [
      { StartTime: at(0), Succeeded: 2, Failed: 0 },
      { StartTime: at(3600), Succeeded: 1, Failed: 2, EventNames: [{ Value: 'Decrypt', Count: 2 }, { Value: 'GitPull', Count: 1 }] },
      { StartTime: at(7200), Succeeded: 1, Failed: 1 },
    ],
    EventNames: [
      { Value: 'Decrypt', Count: 2 },
      { Value: 'ReEncrypt', Count: 2 },
      { Value: 'CreateRepository', Count: 1 },
      { Value: 'GenerateDataKey', Count: 1 },
      { Value: 'GitPull', Count: 1 },
    ],
    Usernames: [{ Value: 'root', Count: 4 }, { Value: 'alice', Count: 3 }],
    ErrorCodes: [
      { Value: 'AccessDenied', Count: 1 },
      { Value: 'DisabledException', Count: 1 },
      { Value: 'EncryptionKeyAccessDeniedException', Count: 1 },
    ],
    Outcomes: { Succeeded: 4, Failed: 3, AccessDenied: 2 },
    Keys: [{ Value: keyArn, Count: 5 }],
    RepositoryIds: [{ Value: hello, Count: 7 }],
  })
  expect(summary).not.toHaveProperty('CountedUntil')
})

test('without a length, the stretches of a summary are as long as some sixty of them need', async () => {
  expect((await summarize({ RepositoryId: hello })).BucketSeconds).toBe(300)
  expect((await summarize({ RepositoryId: hello, StartTime: at(0), EndTime: at(30) })).BucketSeconds).toBe(1)
  expect((await summarize({ RepositoryId: hello, StartTime: at(-80 * 86_400), EndTime: at(0) })).BucketSeconds).toBe(2 * 86_400)
  expect((await summarize({ RepositoryId: 'none' })).Count).toBe(0)
})

test('searching needs cloudtrail:LookupEvents, and is recorded as that, allowed or refused', async () => {
  await expect(invoke(SearchEvents, userContext(alice), { RepositoryId: hello })).rejects.toMatchObject({ name: 'AccessDeniedException' })
  await expect(invoke(SummarizeEvents, userContext(alice), { RepositoryId: hello })).rejects.toMatchObject({ name: 'AccessDeniedException' })
  const { Events } = await search({ EventName: 'LookupEvents', Username: 'alice' })
  expect(Events.map(({ ErrorCode }) => ErrorCode)).toEqual(['AccessDenied', 'AccessDenied'])
  await search({ RepositoryId: hello, Outcome: 'Failed' })
  const [latest] = (await search({ EventName: 'LookupEvents', MaxResults: 1 })).Events
  expect(JSON.parse(latest?.CloudTrailEvent ?? '')).toMatchObject({
    requestParameters: { lookupAttributes: [{ attributeKey: 'RepositoryId', attributeValue: hello }, { attributeKey: 'Outcome', attributeValue: 'Failed' }] },
  })
})

function search(input: unknown) {
  return invoke(SearchEvents, rootContext(), input)
}

function summarize(input: unknown) {
  return invoke(SummarizeEvents, rootContext(), input)
}

function at(seconds: number): Date {
  return new Date(noon + seconds * 1000)
}

async function record(seconds: number, { user = false, ...entry }: Partial<Entry> & { eventName: string; user?: boolean }): Promise<void> {
  const context = { ...(user ? aliceContext() : rootContext()), time: at(seconds) }
  await recordEvent({
    context: entry.eventSource === undefined ? asService(context, 'codecommit') : context,
    eventSource: 'kms.amazonaws.com',
    readOnly: true,
    requestParameters: null,
    responseElements: null,
    resources: entry.eventSource === undefined ? [{ type: 'AWS::KMS::Key', arn: keyArn }] : [],
    ...entry,
  })
}

function aliceContext(): RequestContext {
  const context = userContext(alice)
  return context.principal.type === 'IAMUser' ? { ...context, principal: { ...context.principal, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' } } : context
}
