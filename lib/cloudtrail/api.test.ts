import { afterAll, beforeAll, expect, test } from 'vitest'
import { cloudtrailOperations, LookupEvents } from '#lib/cloudtrail/api'
import { recordEvent } from '#lib/cloudtrail/record'
import type { Entry } from '#lib/cloudtrail/event-record'
import type { Event } from '#lib/cloudtrail/trail-event'
import { db } from '#lib/db'
import { invoke } from '#lib/invoke'
import { asService, type RequestContext } from '#lib/operation/context'
import { rootContext, userContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { trailTable } from '#lib/testing/event-disk'

let database: TestDatabase
const keyArn = 'arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const otherKeyArn = 'arn:aws:kms:us-east-2:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321'
const repositoryArn = 'arn:aws:codecommit:us-east-2:111122223333:hello'
const noon = Date.parse('2026-11-20T12:00:00Z')

beforeAll(async () => {
  database = await testDatabase()
  await prepareAlice()
  await record('CreateRepository', 0, { eventSource: 'codecommit.amazonaws.com', readOnly: false, resources: [{ type: 'AWS::CodeCommit::Repository', arn: repositoryArn }] })
  await record('GenerateDataKey', 1, { resources: [{ type: 'AWS::KMS::Key', arn: keyArn }] })
  await record('ReEncrypt', 2, { resources: [{ type: 'AWS::KMS::Key', arn: keyArn }, { type: 'AWS::KMS::Key', arn: otherKeyArn }] })
  await record('Decrypt', 3, { context: alice(), resources: [{ type: 'AWS::KMS::Key', arn: keyArn }], errorCode: 'AccessDenied', errorMessage: 'no' })
  await record('Decrypt', 4, { context: rootContext({ region: 'eu-west-1' }), resources: [{ type: 'AWS::KMS::Key', arn: keyArn }] })
})

afterAll(() => database[Symbol.asyncDispose]())

test('events come newest first, with the record as a JSON string and ReadOnly as text', async () => {
  const { Events } = await lookUp({ EndTime: at(3) })
  expect(Events.map((event) => event.EventName)).toEqual(['Decrypt', 'ReEncrypt', 'GenerateDataKey', 'CreateRepository'])
  const [decrypt, reEncrypt] = Events
  expect(decrypt).toMatchObject({
    ReadOnly: 'true',
    Username: 'alice',
    AccessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    EventTime: at(3),
    EventSource: 'kms.amazonaws.com',
    Resources: [{ ResourceType: 'AWS::KMS::Key', ResourceName: keyArn }],
  })
  expect(JSON.parse(decrypt?.CloudTrailEvent ?? '')).toMatchObject({ eventID: decrypt?.EventId, errorCode: 'AccessDenied', userIdentity: { userName: 'alice' } })
  expect(reEncrypt).not.toHaveProperty('AccessKeyId')
  expect(reEncrypt?.Username).toBe('root')
})

test.each([
  ['EventName', 'Decrypt', ['Decrypt']],
  ['ReadOnly', 'false', ['CreateRepository']],
  ['Username', 'alice', ['Decrypt']],
  ['Username', 'root', ['ReEncrypt', 'GenerateDataKey', 'CreateRepository']],
  ['ResourceType', 'AWS::KMS::Key', ['Decrypt', 'ReEncrypt', 'GenerateDataKey']],
  ['ResourceName', otherKeyArn, ['ReEncrypt']],
  ['ResourceName', repositoryArn, ['CreateRepository']],
  ['EventSource', 'codecommit.amazonaws.com', ['CreateRepository']],
  ['AccessKeyId', 'AKIAIOSFODNN7EXAMPLE', ['Decrypt']],
  ['EventName', 'decrypt', []],
])('an event is found by %s %s', async (AttributeKey, AttributeValue, names) => {
  const { Events, NextToken } = await lookUp({ LookupAttributes: [{ AttributeKey, AttributeValue }], EndTime: at(3) })
  expect(Events.map((event) => event.EventName)).toEqual(names)
  expect(NextToken).toBeUndefined()
})

test('an event is found by its ID, and only in its own Region', async () => {
  const [event] = (await lookUp({ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'ReEncrypt' }] })).Events
  const LookupAttributes = [{ AttributeKey: 'EventId', AttributeValue: event?.EventId }]
  expect((await lookUp({ LookupAttributes })).Events).toEqual([event])
  expect((await lookUp({ LookupAttributes }, { region: 'eu-west-1' })).Events).toEqual([])
})

test('the time range includes both its ends, by whole seconds as events show them', async () => {
  const names = async (start: number, end: number) => (await lookUp({ StartTime: at(start), EndTime: at(end) })).Events.map((event) => event.EventName)
  expect(await names(1, 2)).toEqual(['ReEncrypt', 'GenerateDataKey'])
  expect(await names(2, 2)).toEqual(['ReEncrypt'])
  expect(await names(1.5, 2.9)).toEqual(['ReEncrypt'])
  const wire = await lookUp({ StartTime: noon / 1000 + 1, EndTime: noon / 1000 + 1 })
  expect(wire.Events.map((event) => event.EventName)).toEqual(['GenerateDataKey'])
})

test('events of more than 90 days ago are no longer in the event history, and still in the database', async () => {
  const old = new Date(Date.now() - 91 * 24 * 3600 * 1000)
  await recordEvent(entry('ListKeys', rootContext({ time: old })))
  const { Events } = await lookUp({ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'ListKeys' }], StartTime: new Date(0) })
  expect(Events).toEqual([])
  expect(await (await trailTable()).count({ where: { eventName: 'ListKeys' } })).toBe(1)
})

test('pages hold every event once, though more are recorded meanwhile and many share one time', async () => {
  const time = new Date()
  for (let round = 0; round < 3; round++) {
    await Promise.all(Array.from({ length: 9 }, () => recordEvent(entry('ListAliases', rootContext({ time })))))
  }
  const input = { LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'ListAliases' }], MaxResults: 4 }
  const seen: string[] = []
  let NextToken: string | undefined
  do {
    const page = await lookUp({ ...input, ...(NextToken !== undefined && { NextToken }) })
    expect(page.Events.length).toBeLessThanOrEqual(4)
    seen.push(...page.Events.map((event) => event.EventId))
    ;({ NextToken } = page)
    await recordEvent(entry('ListAliases', rootContext({ time: new Date(time.getTime() + 5000) })))
  } while (NextToken !== undefined)
  expect(seen).toHaveLength(27)
  expect(new Set(seen).size).toBe(27)
})

test('fifty events are a page where no number is given', async () => {
  await Promise.all(Array.from({ length: 51 }, () => recordEvent(entry('ListGrants', rootContext()))))
  const input = { LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'ListGrants' }] }
  const first = await lookUp(input)
  expect(first.Events).toHaveLength(50)
  const second = await lookUp({ ...input, NextToken: first.NextToken })
  expect(second.Events).toHaveLength(1)
  expect(second.NextToken).toBeUndefined()
})

test('a token is good for the parameters it was given for, and no others', async () => {
  const input = { LookupAttributes: [{ AttributeKey: 'EventSource', AttributeValue: 'kms.amazonaws.com' }], MaxResults: 1 }
  const { NextToken } = await lookUp(input)
  expect(NextToken).toBeDefined()
  await expect(lookUp({ ...input, NextToken })).resolves.toBeDefined()
  for (const other of [{ LookupAttributes: [] }, { StartTime: at(0) }, { EndTime: at(9) }]) {
    await expect(lookUp({ ...input, ...other, NextToken })).rejects.toMatchObject({ name: 'InvalidNextTokenException' })
  }
  await expect(lookUp({ ...input, NextToken }, { region: 'eu-west-1' })).rejects.toMatchObject({ name: 'InvalidNextTokenException' })
  for (const forged of ['', 'x', 'WyJMb29rdXBFdmVudHMiXQ', Buffer.from('null').toString('base64url')]) {
    await expect(lookUp({ ...input, NextToken: forged })).rejects.toMatchObject({ name: 'InvalidNextTokenException' })
  }
})

test.each([
  [{ MaxResults: 0 }, 'InvalidMaxResultsException'],
  [{ MaxResults: 51 }, 'InvalidMaxResultsException'],
  [{ MaxResults: 1.5 }, 'SerializationException'],
  [{ StartTime: at(2), EndTime: at(1) }, 'InvalidTimeRangeException'],
  [{ StartTime: 1e300 }, 'InvalidTimeRangeException'],
  [{ EventCategory: 'management' }, 'InvalidEventCategoryException'],
  [{ LookupAttributes: [{ AttributeKey: 'Colour', AttributeValue: 'red' }] }, 'InvalidLookupAttributesException'],
  [{ LookupAttributes: [{ AttributeKey: 'EventName' }] }, 'InvalidLookupAttributesException'],
  [{ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: '' }] }, 'InvalidLookupAttributesException'],
  [{ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'x'.repeat(2001) }] }, 'InvalidLookupAttributesException'],
  [{ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: '_'.repeat(1001) }] }, 'InvalidLookupAttributesException'],
  [{ LookupAttributes: [{ AttributeKey: 'ReadOnly', AttributeValue: 'yes' }] }, 'InvalidLookupAttributesException'],
  [{ LookupAttributes: Array(2).fill({ AttributeKey: 'EventName', AttributeValue: 'x' }) }, 'InvalidLookupAttributesException'],
  [{ MaxResults: 'many' }, 'SerializationException'],
  [{ LookupAttributes: 'EventName' }, 'SerializationException'],
])('%.120j is refused: %s', async (input, name) => {
  await expect(lookUp(input)).rejects.toMatchObject({ name, httpStatus: 400 })
})

test('insight events can be asked for; there are none', async () => {
  expect(await lookUp({ EventCategory: 'insight' })).toEqual({ Events: [] })
})

test('looking up needs permission, and is itself recorded, allowed or refused', async () => {
  await expect(invoke(LookupEvents, alice(), {})).rejects.toMatchObject({ name: 'AccessDeniedException' })
  const input = { LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'LookupEvents' }], MaxResults: 1 }
  const [refused] = (await lookUp(input)).Events
  expect(JSON.parse(refused?.CloudTrailEvent ?? '')).toMatchObject({ eventSource: 'cloudtrail.amazonaws.com', errorCode: 'AccessDenied', userIdentity: { userName: 'alice' } })
  const [allowed] = (await lookUp(input)).Events
  expect(JSON.parse(allowed?.CloudTrailEvent ?? '')).toMatchObject({
    readOnly: true,
    apiVersion: '2013-11-01',
    requestParameters: { lookupAttributes: [{ attributeKey: 'EventName', attributeValue: 'LookupEvents' }], maxResults: 1 },
    responseElements: null,
  })
})

test('the table of operations holds LookupEvents and nothing inherited', () => {
  expect(Object.keys(cloudtrailOperations)).toEqual(['LookupEvents'])
  expect(cloudtrailOperations['constructor']).toBeUndefined()
})

async function lookUp(input: unknown, overrides: Partial<RequestContext> = {}): Promise<{ Events: Event[]; NextToken?: string }> {
  return invoke(LookupEvents, rootContext(overrides), input)
}

function at(seconds: number): Date {
  return new Date(noon + seconds * 1000)
}

function alice(): RequestContext {
  const context = userContext({ id: 'AIDACKCEVSQ6C2EXAMPLE', name: 'alice', arn: 'arn:aws:iam::111122223333:user/alice' })
  return context.principal.type === 'IAMUser' ? { ...context, principal: { ...context.principal, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' } } : context
}

async function prepareAlice(): Promise<void> {
  await db().iamUser.create({
    data: { id: 'AIDACKCEVSQ6C2EXAMPLE', name: 'alice', nameLower: 'alice', arn: 'arn:aws:iam::111122223333:user/alice', createDate: new Date() },
  })
}

function entry(eventName: string, context: RequestContext): Entry {
  return { context, eventSource: 'kms.amazonaws.com', eventName, readOnly: true, requestParameters: null, responseElements: null, resources: [] }
}

async function record(eventName: string, seconds: number, { context = asService(rootContext(), 'codecommit'), ...rest }: Partial<Entry>): Promise<void> {
  await recordEvent({ ...entry(eventName, { ...context, time: new Date(noon + seconds * 1000 + 700) }), ...rest })
}
