import { z } from 'zod'
import { invalidEventCategory, invalidLookupAttributes, invalidMaxResults, invalidNextToken, invalidTimeRange } from '#lib/cloudtrail/exceptions'
import { findEvents, type EventFilter } from '#lib/cloudtrail/find-events'
import { listOf, placeOf, tokenOf } from '#lib/cloudtrail/page-token'
import { timeRange, timestamp } from '#lib/cloudtrail/time-range'
import { lookedUpEvent, type Event } from '#lib/cloudtrail/trail-event'
import { defineOperation, type AnyOperation, type ValidationIssue } from '#lib/operation/define'
import { validationException, type ServiceException } from '#lib/operation/exception'

/**
 * Looks up the events of the last 90 days in the Region, newest first, by at most one attribute.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export const LookupEvents = defineOperation({
  service: 'cloudtrail',
  name: 'LookupEvents',
  readOnly: true,
  apiVersion: '2013-11-01',
  input: z.object({
    LookupAttributes: z.array(z.object({ AttributeKey: z.enum(attributeKeys()), AttributeValue: z.string() })).max(1).optional(),
    StartTime: timestamp.optional(),
    EndTime: timestamp.optional(),
    EventCategory: z.literal('insight').optional(),
    MaxResults: z.int().min(1).max(50).optional(),
    NextToken: z.string().optional(),
  }),
  invalid,
  resolve: () => ({ access: [{ action: 'cloudtrail:LookupEvents', resource: '*' }], subject: undefined }),
  async handler(context, input): Promise<{ Events: Event[]; NextToken?: string }> {
    const [attribute] = input.LookupAttributes ?? []
    const range = timeRange(input.StartTime, input.EndTime, context.time)
    const filter: EventFilter = { region: context.region, ...range, ...(attribute && byAttribute(attribute)) }
    const { MaxResults = 50, NextToken, ...parameters } = input
    const list = listOf('LookupEvents', context.region, parameters)
    const after = NextToken === undefined ? undefined : placeOf(list, NextToken)
    // Insights are events that CloudTrail makes of unusual activity; there are none here.
    if (input.EventCategory === 'insight') return { Events: [] }
    const { events, next } = await findEvents(filter, MaxResults, after)
    return { Events: events.map(lookedUpEvent), ...(next && { NextToken: tokenOf(list, next) }) }
  },
  requestParameters: ({ LookupAttributes, StartTime, EndTime, EventCategory, MaxResults, NextToken }) => ({
    lookupAttributes: LookupAttributes?.map(({ AttributeKey, AttributeValue }) => ({ attributeKey: AttributeKey, attributeValue: AttributeValue })),
    startTime: StartTime,
    endTime: EndTime,
    eventCategory: EventCategory,
    maxResults: MaxResults,
    nextToken: NextToken,
  }),
})

/** CloudTrail's operations, by name. */
export const cloudtrailOperations: Readonly<Record<string, AnyOperation>> = Object.freeze(
  Object.assign(Object.create(null) as Record<string, AnyOperation>, { LookupEvents }),
)

type Attribute = Readonly<{ AttributeKey: ReturnType<typeof attributeKeys>[number]; AttributeValue: string }>

function attributeKeys() {
  return ['EventId', 'EventName', 'ReadOnly', 'Username', 'ResourceType', 'ResourceName', 'EventSource', 'AccessKeyId'] as const
}

function byAttribute({ AttributeKey: key, AttributeValue: value }: Attribute): Partial<EventFilter> {
  // Some characters count twice towards the limit, as AWS documents.
  const length = value.length + (value.match(/[_ ,\n]/g)?.length ?? 0)
  if (length < 1 || length > 2000) throw invalidLookupAttributes(`The value of ${key} must have 1 to 2000 characters.`)
  switch (key) {
    case 'EventId':
      return { eventId: value }
    case 'EventName':
      return { eventName: value }
    case 'ReadOnly':
      if (value !== 'true' && value !== 'false') throw invalidLookupAttributes('The value of ReadOnly must be true or false.')
      return { readOnly: value === 'true' }
    case 'Username':
      return { username: value }
    case 'ResourceType':
      return { resourceType: value }
    case 'ResourceName':
      return { resourceName: value }
    case 'EventSource':
      return { eventSource: value }
    case 'AccessKeyId':
      return { accessKeyId: value }
  }
}

function invalid(issue: ValidationIssue): ServiceException {
  switch (issue.path[0]) {
    case 'LookupAttributes':
      if (issue.path.length === 1) return invalidLookupAttributes('Only one lookup attribute can be given.')
      return invalidLookupAttributes(`The lookup attribute must have an AttributeKey (one of ${attributeKeys().join(', ')}) and an AttributeValue.`)
    case 'StartTime':
    case 'EndTime':
      return invalidTimeRange('The time is not valid.')
    case 'MaxResults':
      return invalidMaxResults()
    case 'NextToken':
      return invalidNextToken()
    case 'EventCategory':
      return invalidEventCategory()
    default:
      return validationException('The input fails to satisfy the constraints specified by CloudTrail.')
  }
}
