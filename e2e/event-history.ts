import { LookupEventsCommand, type LookupAttributeKey } from '@aws-sdk/client-cloudtrail'
import type { AwsClients } from './aws-clients.ts'

/** A CloudTrail record, as far as stories look into it. */
export type TrailRecord = Readonly<{
  eventID: string
  eventTime: string
  eventName: string
  eventSource: string
  awsRegion: string
  readOnly: boolean
  errorCode?: string
  errorMessage?: string
  userIdentity: Readonly<{ type?: string; arn?: string; userName?: string; accountId?: string; invokedBy?: string; accessKeyId?: string }>
  sourceIPAddress: string
  requestParameters: Readonly<Record<string, unknown>> | null
  responseElements: Readonly<Record<string, unknown>> | null
  additionalEventData?: Readonly<Record<string, unknown>>
  resources?: readonly Readonly<{ ARN: string; type: string; accountId: string }>[]
}>

/** All events of a Region that a look-up finds, oldest first. */
export async function eventHistory(aws: AwsClients, attribute?: Readonly<{ key: LookupAttributeKey; value: string }>, since?: Date): Promise<TrailRecord[]> {
  const records: TrailRecord[] = []
  let NextToken: string | undefined
  do {
    const page = await aws.cloudtrail.send(
      new LookupEventsCommand({
        ...(attribute && { LookupAttributes: [{ AttributeKey: attribute.key, AttributeValue: attribute.value }] }),
        ...(since && { StartTime: since }),
        NextToken,
      }),
    )
    for (const { CloudTrailEvent } of page.Events ?? []) records.push(JSON.parse(CloudTrailEvent ?? '') as TrailRecord)
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  return records.reverse()
}

/** The KMS events of a repository: those whose encryption context is its ID. */
export async function kmsEventsOf(aws: AwsClients, repositoryId: string): Promise<TrailRecord[]> {
  const records = await eventHistory(aws, { key: 'EventSource', value: 'kms.amazonaws.com' })
  return records.filter((record) => JSON.stringify(record.requestParameters).includes(repositoryId))
}
