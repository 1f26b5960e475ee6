import type { Entry, EventRecord } from '#lib/cloudtrail/event-record'
import { repositoryIdContextKey } from '#lib/operation/repository-context'

/** A row of TrailEvent before it has its place in the sequence, with its rows of TrailEventResource. */
export type NewTrailEvent = Readonly<{
  eventId: string
  /** milliseconds since the epoch */
  at: number
  region: string
  eventName: string
  eventSource: string
  username: string
  readOnly: boolean
  accessKeyId: string
  errorCode: string
  repositoryId: string
  /** JSON */
  record: string
  resources: readonly Readonly<{ type: string; name: string }>[]
}>

/** One event of the answer of LookupEvents. */
export type Event = Readonly<{
  EventId: string
  EventName: string
  /** AWS has text here */
  ReadOnly: 'true' | 'false'
  AccessKeyId?: string
  /** whole seconds */
  EventTime: Date
  EventSource: string
  Username?: string
  Resources: readonly Readonly<{ ResourceType: string; ResourceName: string }>[]
  /** the record, JSON */
  CloudTrailEvent: string
}>

/** The row of a record: the record itself, and beside it what it is found by. */
export function trailEvent(record: EventRecord, entry: Entry): NewTrailEvent {
  const resources = new Map(record.resources?.map(({ ARN, type }) => [text(ARN), type]))
  return {
    eventId: record.eventID,
    at: entry.context.time.getTime(),
    region: record.awsRegion,
    eventName: record.eventName,
    eventSource: record.eventSource,
    username: text(usernameOf(record)),
    readOnly: record.readOnly,
    accessKeyId: text(record.userIdentity.accessKeyId ?? ''),
    // A sign-in that failed has no code, only words.
    errorCode: text(record.errorCode ?? record.errorMessage ?? ''),
    repositoryId: text(entry.repositoryId ?? repositoryIdOf(entry) ?? ''),
    // Escapes every lone surrogate and control character, so any database takes it as text.
    record: JSON.stringify(record),
    resources: [...resources].map(([name, type]) => ({ type, name })),
  }
}

/** The event of a row, as LookupEvents answers it. */
export function lookedUpEvent(row: Readonly<{ at: number | bigint; record: string }>): Event {
  const record = JSON.parse(row.record) as EventRecord
  const username = usernameOf(record)
  const { accessKeyId } = record.userIdentity
  return {
    EventId: record.eventID,
    EventName: record.eventName,
    ReadOnly: record.readOnly ? 'true' : 'false',
    ...(accessKeyId && { AccessKeyId: accessKeyId }),
    EventTime: new Date(Math.floor(Number(row.at) / 1000) * 1000),
    EventSource: record.eventSource,
    ...(username !== '' && { Username: username }),
    Resources: (record.resources ?? []).map(({ ARN, type }) => ({ ResourceType: type, ResourceName: ARN })),
    CloudTrailEvent: row.record,
  }
}

function usernameOf({ userIdentity }: EventRecord): string {
  return userIdentity.type === 'Root' ? 'root' : (userIdentity.userName ?? '')
}

/** The repository that an encryption context names, on either side of a ReEncrypt, or the event's own data. */
function repositoryIdOf({ requestParameters, additionalEventData }: Entry): string | undefined {
  for (const context of ['encryptionContext', 'sourceEncryptionContext', 'destinationEncryptionContext']) {
    const repositoryId = member(member(requestParameters, context), repositoryIdContextKey)
    if (typeof repositoryId === 'string') return repositoryId
  }
  const repositoryId = member(additionalEventData, 'repositoryId')
  return typeof repositoryId === 'string' ? repositoryId : undefined
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
}

/** What every database takes as text: PostgreSQL has no zero character, and UTF-8 no lone surrogate. */
function text(value: string): string {
  return Buffer.from(value.replaceAll('\0', '\ufffd')).toString()
}
