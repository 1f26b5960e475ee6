import type { EventSummary } from '#components/cloudtrail/event-table.tsx'

type Record = Readonly<{
  eventID: string
  eventTime: string
  eventName: string
  eventSource: string
  awsRegion: string
  readOnly: boolean
  errorCode?: string
  errorMessage?: string
  userIdentity: Readonly<{ type?: string; userName?: string; invokedBy?: string }>
  resources?: readonly Readonly<{ ARN: string; type: string }>[]
}>

/** What the list of events shows of a record. */
export function eventSummary(cloudTrailEvent: string): EventSummary {
  const record = JSON.parse(cloudTrailEvent) as Record
  const { userIdentity } = record
  return {
    eventId: record.eventID,
    time: record.eventTime,
    name: record.eventName,
    source: record.eventSource,
    region: record.awsRegion,
    user: userIdentity.type === 'Root' ? 'root' : (userIdentity.userName ?? userIdentity.invokedBy ?? ''),
    ...(userIdentity.invokedBy !== undefined && userIdentity.type !== 'AWSService' && { invokedBy: userIdentity.invokedBy }),
    ...(record.errorCode !== undefined && { errorCode: record.errorCode }),
    resources: (record.resources ?? []).map(({ ARN, type }) => ({ name: ARN, type })),
  }
}
