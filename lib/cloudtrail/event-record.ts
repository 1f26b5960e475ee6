import { randomUUID } from 'node:crypto'
import type { RequestContext } from '#lib/operation/context'
import type { EventResource } from '#lib/operation/define'
import { parseArn } from '#lib/operation/arn'
import { globalRegion } from '#lib/operation/regions'

/** What is to be recorded about one operation. */
export type Entry = Readonly<{
  context: RequestContext
  /** `kms.amazonaws.com` */
  eventSource: string
  eventName: string
  readOnly: boolean
  /** What may be kept of the input; null where nothing is. */
  requestParameters: unknown
  /** What may be kept of the answer; recorded as null for whatever only reads. */
  responseElements: unknown
  resources: readonly EventResource[]
  apiVersion?: string
  additionalEventData?: unknown
  serviceEventDetails?: unknown
  /** `AwsServiceEvent`, `AwsConsoleSignIn`; default: `AwsApiCall`. */
  eventType?: string
  /** The repository the event is found by; default: the one that its encryption context or its data names. */
  repositoryId?: string
  errorCode?: string
  errorMessage?: string
}>

/** A CloudTrail record, as its JSON has it. */
export type EventRecord = Readonly<{
  eventVersion: typeof eventVersion
  userIdentity: UserIdentity
  /** ISO 8601, whole seconds, UTC */
  eventTime: string
  eventSource: string
  eventName: string
  awsRegion: string
  sourceIPAddress: string
  userAgent: string
  errorCode?: string
  errorMessage?: string
  requestParameters: unknown
  responseElements: unknown
  additionalEventData?: unknown
  requestID?: string
  eventID: string
  readOnly: boolean
  resources?: readonly Readonly<{ accountId: string; type: string; ARN: string }>[]
  eventType: string
  apiVersion?: string
  managementEvent: true
  recipientAccountId: string
  sharedEventID?: string
  serviceEventDetails?: unknown
  eventCategory: 'Management'
  sessionCredentialFromConsole?: 'true'
}>

export type UserIdentity = Readonly<{
  type?: 'Root' | 'IAMUser' | 'AWSService'
  principalId?: string
  arn?: string
  accountId?: string
  accessKeyId?: string
  userName?: string
  sessionContext?: Readonly<{ attributes: Readonly<{ creationDate: string; mfaAuthenticated: 'true' | 'false' }> }>
  invokedBy?: string
}>

/**
 * Builds the record of one operation: the fields and limits of CloudTrail's record contents, version 1.11.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function eventRecord(entry: Entry): EventRecord {
  const { context, eventType = 'AwsApiCall' } = entry
  const byItself = eventType === 'AwsServiceEvent'
  const signIn = eventType === 'AwsConsoleSignIn'
  return {
    eventVersion,
    userIdentity: byItself ? { accountId: context.accountId, invokedBy: 'AWS Internal' } : userIdentity(entry),
    eventTime: isoSeconds(context.time),
    eventSource: entry.eventSource,
    eventName: entry.eventName,
    awsRegion: globalSources.has(entry.eventSource) ? globalRegion : context.region,
    sourceIPAddress: byItself ? 'AWS Internal' : context.sourceIPAddress,
    userAgent: byItself ? 'AWS Internal' : truncate(context.userAgent),
    ...(entry.errorCode !== undefined && { errorCode: truncate(entry.errorCode) }),
    ...(entry.errorMessage !== undefined && { errorMessage: truncate(entry.errorMessage) }),
    requestParameters: bounded('requestParameters', entry.requestParameters, 100 * 1024),
    responseElements: entry.readOnly ? null : bounded('responseElements', entry.responseElements, 100 * 1024),
    ...(entry.additionalEventData !== undefined && {
      additionalEventData: bounded('additionalEventData', entry.additionalEventData, 28 * 1024),
    }),
    ...(!signIn && !byItself && { requestID: truncate(context.requestId) }),
    eventID: randomUUID(),
    readOnly: entry.readOnly,
    ...(entry.resources.length > 0 && { resources: entry.resources.map((resource) => recordedResource(resource, context)) }),
    eventType,
    ...(entry.apiVersion !== undefined && { apiVersion: entry.apiVersion }),
    managementEvent: true,
    recipientAccountId: context.accountId,
    // AWS delivers a service's own events to more than one account, and says so here.
    ...(context.principal.type === 'AWSService' && !byItself && { sharedEventID: randomUUID() }),
    ...(entry.serviceEventDetails !== undefined && { serviceEventDetails: recordable(entry.serviceEventDetails) }),
    eventCategory: 'Management',
    ...(context.session && !signIn && { sessionCredentialFromConsole: 'true' as const }),
  }
}

const eventVersion = '1.11'

/** Services without Regions of their own. */
const globalSources: ReadonlySet<string> = new Set(['iam.amazonaws.com', 'sts.amazonaws.com', 'signin.amazonaws.com'])

/** What a record has in place of bytes: nothing that reaches a record may be plaintext, a key or a secret. */
const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS'

function userIdentity({ context, eventType }: Entry): UserIdentity {
  const { principal } = context
  if (principal.type === 'AWSService') return { type: 'AWSService', invokedBy: principal.invokedBy }
  // An attempt to sign in, as CloudTrail has it: a user by name, not yet anyone.
  if (principal.type === 'Anonymous') {
    return { type: 'IAMUser', accountId: principal.accountId, accessKeyId: '', userName: principal.userName }
  }
  const invokedBy = context.calledVia.at(-1)
  const inSession = eventType !== 'AwsConsoleSignIn' && (context.session !== undefined || invokedBy !== undefined)
  return {
    type: principal.type,
    principalId: principal.principalId,
    arn: principal.arn,
    accountId: principal.accountId,
    ...(principal.accessKeyId !== undefined && { accessKeyId: principal.accessKeyId }),
    ...(principal.type === 'IAMUser' && { userName: principal.userName }),
    ...(inSession && {
      sessionContext: {
        attributes: {
          creationDate: isoSeconds(context.session?.creationDate ?? context.time),
          mfaAuthenticated: context.session?.mfaAuthenticated ? ('true' as const) : ('false' as const),
        },
      },
    }),
    ...(invokedBy !== undefined && { invokedBy }),
  }
}

function recordedResource({ type, arn }: EventResource, context: RequestContext) {
  return { accountId: parseArn(arn)?.accountId || context.accountId, type, ARN: arn }
}

/** A member that is too large is left out whole, and the record says so. */
function bounded(member: string, value: unknown, limit: number): unknown {
  const kept = recordable(value)
  const size = Buffer.byteLength(JSON.stringify(kept))
  return size > limit ? { reason: `${member} too large`, omitted: true, originalSize: size } : kept
}

/** Values as a record's JSON has them: Java's text for dates, nothing of bytes, undefined members left out. */
function recordable(value: unknown): unknown {
  if (value === undefined || value === null) return null
  if (value instanceof Date) return javaDate(value)
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return hidden
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(recordable)
  if (typeof value === 'object') {
    // fromEntries defines its members, so that one called __proto__ is a member like any other.
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([name, member]) => [name, recordable(member)]),
    )
  }
  return value
}

/** `Dec 14, 2016 6:19:14 PM`, in UTC: how records write the dates of an answer. */
function javaDate(date: Date): string {
  return date
    .toLocaleString('en-US', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' })
    .replace(/^(\w+ \d+, \d+), /, '$1 ')
    .replace(/\u202f/g, ' ')
}

function isoSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z')
}

/** At most 1 KB of UTF-8, cut between characters. */
function truncate(text: string): string {
  if (text.length <= 256) return text
  const bytes = Buffer.from(text)
  if (bytes.length <= 1024) return text
  let end = 1024
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end)
}
