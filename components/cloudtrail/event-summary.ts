/** An event as the console lists it: of its record, what people look for. Plain data. */
export type EventSummary = Readonly<{
  eventId: string
  time: string
  name: string
  source: string
  region: string
  user: string
  /** ARN, where the user is one of IAM's. */
  userArn?: string
  readOnly: boolean
  /** The service that called on the user's behalf. */
  invokedBy?: string
  /** The code, or the words of an attempt to sign in. */
  errorCode?: string
  errorMessage?: string
  /** True where policy refused. */
  denied: boolean
  repositoryId?: string
  /** The repository's name at that time, where the record has it. */
  repositoryName?: string
  resources: readonly Readonly<{ name: string; type: string }>[]
  /** What the request named: a user, a repository, an alias. */
  parameters: Readonly<Record<string, unknown>>
  /** the record, JSON */
  record: string
}>

type EventRecord = Readonly<{
  eventID: string
  eventTime: string
  eventName: string
  eventSource: string
  awsRegion: string
  readOnly: boolean
  errorCode?: string
  errorMessage?: string
  userIdentity: Readonly<{ type?: string; arn?: string; userName?: string; invokedBy?: string }>
  requestParameters?: Readonly<Record<string, unknown>> | null
  responseElements?: Readonly<Record<string, unknown>> | null
  additionalEventData?: Readonly<Record<string, unknown>> | null
  resources?: readonly Readonly<{ ARN: string; type: string }>[]
}>

/** Reads a record. `contextKey` is the name of the repository's ID in an encryption context. */
export function eventSummary(record: string, contextKey: string): EventSummary {
  const read = JSON.parse(record) as EventRecord
  const { userIdentity, requestParameters, responseElements, additionalEventData } = read
  const errorCode = read.errorCode ?? read.errorMessage
  const repositoryId =
    member(requestParameters?.['encryptionContext'], contextKey) ??
    member(requestParameters?.['sourceEncryptionContext'], contextKey) ??
    member(additionalEventData, 'repositoryId') ??
    member(responseElements?.['repositoryMetadata'], 'repositoryId') ??
    member(responseElements, 'repositoryId')
  const repositoryName = member(additionalEventData, 'repositoryName') ?? member(responseElements?.['repositoryMetadata'], 'repositoryName')
  return {
    eventId: read.eventID,
    time: read.eventTime,
    name: read.eventName,
    source: read.eventSource,
    region: read.awsRegion,
    user: userIdentity.type === 'Root' ? 'root' : (userIdentity.userName ?? userIdentity.invokedBy ?? ''),
    ...(userIdentity.arn !== undefined && { userArn: userIdentity.arn }),
    readOnly: read.readOnly,
    ...(userIdentity.invokedBy !== undefined && userIdentity.type !== 'AWSService' && { invokedBy: userIdentity.invokedBy }),
    ...(errorCode !== undefined && { errorCode }),
    ...(read.errorMessage !== undefined && { errorMessage: read.errorMessage }),
    denied: errorCode?.includes('AccessDenied') ?? false,
    ...(repositoryId !== undefined && { repositoryId }),
    ...(repositoryName !== undefined && { repositoryName }),
    resources: (read.resources ?? []).map(({ ARN, type }) => ({ name: ARN, type })),
    parameters: requestParameters ?? {},
    record,
  }
}

/** What events call their repositories, by ID: KMS's events have the ID alone, and git's beside them both. The newest name counts. */
export function repositoryNames(newestFirst: readonly EventSummary[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    newestFirst.flatMap(({ repositoryId, repositoryName }) => (repositoryId === undefined || repositoryName === undefined ? [] : [[repositoryId, repositoryName] as const])).reverse(),
  )
}

function member(value: unknown, name: string): string | undefined {
  const found = typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
  return typeof found === 'string' ? found : undefined
}
