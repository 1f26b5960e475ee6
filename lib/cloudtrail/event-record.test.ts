import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventRecord, type Entry } from '#lib/cloudtrail/event-record'
import { trailEvent } from '#lib/cloudtrail/trail-event'
import { asService, serviceContext, type RequestContext } from '#lib/operation/context'
import { repositoryEncryptionContext } from '#lib/operation/repository-context'
import { rootContext, userContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'

let database: TestDatabase
const keyArn = 'arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const time = new Date('2019-06-21T12:00:01.987Z')

beforeAll(async () => {
  database = await testDatabase()
})

afterAll(() => database[Symbol.asyncDispose]())

test('a KMS call that CodeCommit makes for a user is recorded as a forward access session', () => {
  const record = eventRecord({
    context: asService(mary(), 'codecommit'),
    eventSource: 'kms.amazonaws.com',
    eventName: 'GenerateDataKey',
    readOnly: true,
    requestParameters: { keyId: keyArn, keySpec: 'AES_256', encryptionContext: repositoryEncryptionContext('r-1') },
    responseElements: { never: 'kept' },
    resources: [{ type: 'AWS::KMS::Key', arn: keyArn }],
  })
  expect(record).toEqual({
    eventVersion: '1.11',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDACKCEVSQ6C2EXAMPLE',
      arn: 'arn:aws:iam::111122223333:user/Mary_Major',
      accountId: '111122223333',
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      userName: 'Mary_Major',
      sessionContext: { attributes: { mfaAuthenticated: 'false', creationDate: '2019-06-21T12:00:01Z' } },
      invokedBy: 'codecommit.amazonaws.com',
    },
    eventTime: '2019-06-21T12:00:01Z',
    eventSource: 'kms.amazonaws.com',
    eventName: 'GenerateDataKey',
    awsRegion: 'us-east-2',
    sourceIPAddress: 'codecommit.amazonaws.com',
    userAgent: 'codecommit.amazonaws.com',
    requestParameters: { keyId: keyArn, keySpec: 'AES_256', encryptionContext: { 'aws:codecommit:repository-id': 'r-1' } },
    responseElements: null,
    requestID: 'request-1',
    eventID: expect.stringMatching(uuid) as unknown,
    readOnly: true,
    resources: [{ ARN: keyArn, accountId: '111122223333', type: 'AWS::KMS::Key' }],
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: '111122223333',
    eventCategory: 'Management',
  })
})

test('a call of the root user names the account, and one from the console its session', () => {
  const session = { creationDate: new Date('2019-06-21T11:00:00Z'), mfaAuthenticated: true }
  expect(eventRecord(entry({ context: rootContext({ session }) }))).toMatchObject({
    userIdentity: {
      type: 'Root',
      principalId: '111122223333',
      arn: 'arn:aws:iam::111122223333:root',
      accountId: '111122223333',
      sessionContext: { attributes: { creationDate: '2019-06-21T11:00:00Z', mfaAuthenticated: 'true' } },
    },
    sessionCredentialFromConsole: 'true',
  })
  const direct = eventRecord(entry({ context: mary() }))
  expect(direct.userIdentity).not.toHaveProperty('sessionContext')
  expect(direct.userIdentity).not.toHaveProperty('invokedBy')
  expect(direct).not.toHaveProperty('sessionCredentialFromConsole')
})

test('work that a service does by itself has no user, and an ID that its other recipients share', () => {
  const context = serviceContext('codecommit', { accountId: '111122223333', region: 'us-east-2' })
  const record = eventRecord(entry({ context }))
  expect(record.userIdentity).toEqual({ type: 'AWSService', invokedBy: 'codecommit.amazonaws.com' })
  expect(record.sharedEventID).toMatch(uuid)
  expect(record.sharedEventID).not.toBe(record.eventID)

  const rotation = eventRecord(entry({ context, eventName: 'RotateKey', eventType: 'AwsServiceEvent', readOnly: false, serviceEventDetails: { keyId: keyArn } }))
  expect(rotation).toMatchObject({
    userIdentity: { accountId: '111122223333', invokedBy: 'AWS Internal' },
    sourceIPAddress: 'AWS Internal',
    userAgent: 'AWS Internal',
    eventType: 'AwsServiceEvent',
    serviceEventDetails: { keyId: keyArn },
    requestParameters: null,
    responseElements: null,
  })
  expect(rotation).not.toHaveProperty('requestID')
  expect(rotation).not.toHaveProperty('sharedEventID')
})

test('a failed sign-in names nobody who has not signed in', () => {
  const context = rootContext({ principal: { type: 'Anonymous', accountId: '111122223333', userName: 'HIDDEN_DUE_TO_SECURITY_REASONS' } })
  const record = eventRecord(
    entry({ context, eventSource: 'signin.amazonaws.com', eventName: 'ConsoleLogin', eventType: 'AwsConsoleSignIn', readOnly: false, responseElements: { ConsoleLogin: 'Failure' }, errorMessage: 'Failed authentication' }),
  )
  expect(record).toMatchObject({
    userIdentity: { type: 'IAMUser', accountId: '111122223333', accessKeyId: '', userName: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
    awsRegion: 'us-east-1',
    eventType: 'AwsConsoleSignIn',
    errorMessage: 'Failed authentication',
    responseElements: { ConsoleLogin: 'Failure' },
  })
  expect(record.userIdentity).not.toHaveProperty('arn')
  expect(record).not.toHaveProperty('requestID')
})

test('what global services do is recorded in us-east-1', () => {
  for (const eventSource of ['iam.amazonaws.com', 'sts.amazonaws.com', 'signin.amazonaws.com']) {
    expect(eventRecord(entry({ eventSource })).awsRegion).toBe('us-east-1')
  }
  expect(eventRecord(entry({})).awsRegion).toBe('us-east-2')
})

test('bytes never reach a record, dates are written as Java does, and what is undefined is left out', () => {
  const { requestParameters, responseElements } = eventRecord(
    entry({
      readOnly: false,
      requestParameters: { plaintext: Buffer.from('secret'), nested: [{ key: new Uint8Array([1]) }], absent: undefined, none: null, ['__proto__']: 1 },
      responseElements: { creationDate: new Date('2016-12-14T18:19:14Z'), midnight: new Date('2026-01-02T00:00:00Z') },
    }),
  )
  expect(JSON.stringify(requestParameters)).toBe(
    '{"plaintext":"HIDDEN_DUE_TO_SECURITY_REASONS","nested":[{"key":"HIDDEN_DUE_TO_SECURITY_REASONS"}],"none":null,"__proto__":1}',
  )
  expect(responseElements).toEqual({ creationDate: 'Dec 14, 2016 6:19:14 PM', midnight: 'Jan 2, 2026 12:00:00 AM' })
})

test('what is too large is left out, and the record says so', () => {
  const fits = { text: 'x'.repeat(100 * 1024 - 11) }
  expect(eventRecord(entry({ requestParameters: fits })).requestParameters).toEqual(fits)
  const tooLarge = { text: 'x'.repeat(100 * 1024 - 10) }
  const record = eventRecord(entry({ readOnly: false, requestParameters: tooLarge, responseElements: tooLarge, additionalEventData: { text: 'x'.repeat(28 * 1024) } }))
  expect(record.requestParameters).toEqual({ reason: 'requestParameters too large', omitted: true, originalSize: 100 * 1024 + 1 })
  expect(record.responseElements).toEqual({ reason: 'responseElements too large', omitted: true, originalSize: 100 * 1024 + 1 })
  expect(record.additionalEventData).toMatchObject({ reason: 'additionalEventData too large', omitted: true })
})

test('texts that a caller chooses end at 1 KB, between characters', () => {
  const long = 'é'.repeat(2000)
  const record = eventRecord(entry({ context: { ...mary(), userAgent: `x${long}` }, errorCode: 'X', errorMessage: long }))
  expect(record.userAgent).toBe(`x${'é'.repeat(511)}`)
  expect(record.errorMessage).toBe('é'.repeat(512))
})

test('an event is found by the repository that its encryption context, its data or its operation names', () => {
  const found = (given: Partial<Entry>) => row(given).repositoryId
  expect(found({ requestParameters: { encryptionContext: repositoryEncryptionContext('a') } })).toBe('a')
  expect(found({ requestParameters: { sourceEncryptionContext: repositoryEncryptionContext('b') } })).toBe('b')
  expect(found({ requestParameters: { destinationEncryptionContext: repositoryEncryptionContext('c') } })).toBe('c')
  expect(found({ additionalEventData: { repositoryId: 'd' } })).toBe('d')
  expect(found({ repositoryId: 'e', additionalEventData: { repositoryId: 'd' } })).toBe('e')
  expect(found({ requestParameters: { encryptionContext: { other: 'a' } }, additionalEventData: { repositoryId: 7 } })).toBe('')
})

test('a row holds what events are looked up by', () => {
  const resource = { type: 'AWS::KMS::Key', arn: keyArn }
  expect(row({ context: mary(), errorCode: 'AccessDenied', resources: [resource, resource] })).toMatchObject({
    at: time.getTime(),
    region: 'us-east-2',
    username: 'Mary_Major',
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    errorCode: 'AccessDenied',
    resources: [{ type: 'AWS::KMS::Key', name: keyArn }],
  })
  expect(row({ context: rootContext() }).username).toBe('root')
})

function row(given: Partial<Entry>) {
  const whole = entry(given)
  return trailEvent(eventRecord(whole), whole)
}

function entry(given: Partial<Entry>): Entry {
  return {
    context: mary(),
    eventSource: 'kms.amazonaws.com',
    eventName: 'Encrypt',
    readOnly: true,
    requestParameters: null,
    responseElements: null,
    resources: [],
    ...given,
  }
}

function mary(): RequestContext {
  const context = userContext({ id: 'AIDACKCEVSQ6C2EXAMPLE', name: 'Mary_Major', arn: 'arn:aws:iam::111122223333:user/Mary_Major' }, { time, requestId: 'request-1' })
  return context.principal.type === 'IAMUser' ? { ...context, principal: { ...context.principal, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' } } : context
}
