import { z } from 'zod'
import { countEvents, errorCodesIn, findEvents, type EventCount, type EventFilter } from '#lib/cloudtrail/find-events'
import { listOf, placeOf, tokenOf } from '#lib/cloudtrail/page-token'
import { timeRange, timestamp } from '#lib/cloudtrail/time-range'
import { lookedUpEvent, type Event } from '#lib/cloudtrail/trail-event'
import type { EventRecord } from '#lib/cloudtrail/event-record'
import type { RequestContext } from '#lib/operation/context'
import { defineOperation } from '#lib/operation/define'

/**
 * What the console's Event history shows: LookupEvents with any number of conditions at once, and the one that AWS lacks,
 * the repository's ID. AWS has no such operation, so it is in no wire table; it needs cloudtrail:LookupEvents, and is
 * recorded as LookupEvents.
 *
 * A page may hold fewer events than asked for and still have a NextToken: `SearchedUntil` then says how far back it looked.
 */
export const SearchEvents = defineOperation({
  service: 'cloudtrail',
  name: 'LookupEvents',
  readOnly: true,
  apiVersion: '2013-11-01',
  input: z.object({ ...conditions(), MaxResults: z.int().min(1).max(200).default(50), NextToken: z.string().optional() }),
  resolve: () => ({ access: [{ action: 'cloudtrail:LookupEvents', resource: '*' }], subject: undefined }),
  async handler(context, input): Promise<{ Events: HistoryEvent[]; NextToken?: string; SearchedUntil?: Date }> {
    const { MaxResults, NextToken, ...parameters } = input
    const list = listOf('SearchEvents', context.region, parameters)
    const after = NextToken === undefined ? undefined : placeOf(list, NextToken)
    const { events, next } = await findEvents(await eventFilter(context, parameters), MaxResults, after)
    return {
      Events: events.map(historyEvent),
      ...(next && { NextToken: tokenOf(list, next), SearchedUntil: new Date(next[0]) }),
    }
  },
  requestParameters: (input) => ({ ...recordedConditions(input), maxResults: input.MaxResults, nextToken: input.NextToken }),
})

/**
 * Counts of the same events: by stretches of time, for a chart, and by value, for the filters beside it. They go back as far as
 * `CountedUntil` where there are very many, and all the way where it is absent.
 */
export const SummarizeEvents = defineOperation({
  service: 'cloudtrail',
  name: 'LookupEvents',
  readOnly: true,
  apiVersion: '2013-11-01',
  input: z.object({ ...conditions(), BucketSeconds: z.int().min(60).max(7 * 24 * 3600).default(3600) }),
  resolve: () => ({ access: [{ action: 'cloudtrail:LookupEvents', resource: '*' }], subject: undefined }),
  async handler(context, input): Promise<EventSummary> {
    const length = input.BucketSeconds * 1000
    const { counts, until } = await countEvents(await eventFilter(context, input), length)
    const names = counts.filter((count) => count.of === 'eventName')
    return {
      Count: sum(names),
      Buckets: buckets(names, length),
      EventNames: facet(names),
      EventSources: facet(counts.filter((count) => count.of === 'eventSource')),
      Usernames: facet(counts.filter((count) => count.of === 'username')),
      ErrorCodes: facet(counts.filter((count) => count.of === 'errorCode')),
      ...(until && { CountedUntil: new Date(until[0]) }),
    }
  },
  requestParameters: recordedConditions,
})

/** An event as the console lists it. */
export type HistoryEvent = Event & Readonly<{ ErrorCode?: string; ErrorMessage?: string; SourceIPAddress: string; InvokedBy?: string }>

export type Outcome = 'Succeeded' | 'Failed' | 'AccessDenied'

export type EventSummary = Readonly<{
  Count: number
  /** oldest first; stretches without events are left out */
  Buckets: readonly Readonly<{ StartTime: Date; Succeeded: number; Failed: number; EventNames: readonly FacetValue[] }>[]
  EventNames: readonly FacetValue[]
  EventSources: readonly FacetValue[]
  Usernames: readonly FacetValue[]
  ErrorCodes: readonly FacetValue[]
  CountedUntil?: Date
}>

/** A value and how many events have it; the most frequent comes first. */
export type FacetValue = Readonly<{ Value: string; Count: number }>

function conditions() {
  const text = z.string().min(1).max(2000).optional()
  return {
    EventId: text,
    RepositoryId: text,
    EventName: text,
    EventSource: text,
    Username: text,
    /** ARN of a key, a repository, a user */
    ResourceName: text,
    ResourceType: text,
    AccessKeyId: text,
    ReadOnly: z.boolean().optional(),
    /** Failed: with any error code; AccessDenied: with one that says that policy refused */
    Outcome: z.enum(['Succeeded', 'Failed', 'AccessDenied']).optional(),
    StartTime: timestamp.optional(),
    EndTime: timestamp.optional(),
  }
}

type Conditions = z.output<z.ZodObject<ReturnType<typeof conditions>>>

async function eventFilter(context: RequestContext, input: Conditions): Promise<EventFilter> {
  return {
    region: context.region,
    ...timeRange(input.StartTime, input.EndTime, context.time),
    ...(input.EventId !== undefined && { eventId: input.EventId }),
    ...(input.RepositoryId !== undefined && { repositoryId: input.RepositoryId }),
    ...(input.EventName !== undefined && { eventName: input.EventName }),
    ...(input.EventSource !== undefined && { eventSource: input.EventSource }),
    ...(input.Username !== undefined && { username: input.Username }),
    ...(input.ResourceName !== undefined && { resourceName: input.ResourceName }),
    ...(input.ResourceType !== undefined && { resourceType: input.ResourceType }),
    ...(input.AccessKeyId !== undefined && { accessKeyId: input.AccessKeyId }),
    ...(input.ReadOnly !== undefined && { readOnly: input.ReadOnly }),
    ...(input.Outcome !== undefined && { errorCodes: await errorCodes(context.region, input.Outcome) }),
  }
}

async function errorCodes(region: string, outcome: Outcome): Promise<string[]> {
  if (outcome === 'Succeeded') return ['']
  const codes = await errorCodesIn(region)
  // EncryptionKeyAccessDeniedException, too: it is how CodeCommit says that policy refused the key.
  return outcome === 'Failed' ? codes : codes.filter((code) => code.includes('AccessDenied'))
}

function historyEvent(row: Readonly<{ at: bigint; record: string }>): HistoryEvent {
  const record = JSON.parse(row.record) as EventRecord
  return {
    ...lookedUpEvent(row),
    ...(record.errorCode !== undefined && { ErrorCode: record.errorCode }),
    ...(record.errorMessage !== undefined && { ErrorMessage: record.errorMessage }),
    SourceIPAddress: record.sourceIPAddress,
    ...(record.userIdentity.invokedBy !== undefined && { InvokedBy: record.userIdentity.invokedBy }),
  }
}

function recordedConditions(input: Conditions) {
  const { StartTime, EndTime } = input
  const keys = ['EventId', 'RepositoryId', 'EventName', 'EventSource', 'Username', 'ResourceName', 'ResourceType', 'AccessKeyId', 'ReadOnly', 'Outcome'] as const
  const attributes = keys.flatMap((key) => (input[key] === undefined ? [] : [{ attributeKey: key, attributeValue: String(input[key]) }]))
  return { ...(attributes.length > 0 && { lookupAttributes: attributes }), startTime: StartTime, endTime: EndTime }
}

function buckets(names: readonly EventCount[], length: number): EventSummary['Buckets'] {
  return [...groupBy(names, (count) => Number(count.bucket))]
    .sort(([one], [other]) => one - other)
    .map(([bucket, inside]) => ({
      StartTime: new Date(bucket * length),
      Succeeded: sum(inside.filter((count) => Number(count.failed) === 0)),
      Failed: sum(inside.filter((count) => Number(count.failed) === 1)),
      EventNames: facet(inside),
    }))
}

function facet(counts: readonly EventCount[]): FacetValue[] {
  return [...groupBy(counts, (count) => count.value)]
    .filter(([value]) => value !== '')
    .map(([Value, inside]) => ({ Value, Count: sum(inside) }))
    .sort((one, other) => other.Count - one.Count || (one.Value < other.Value ? -1 : 1))
}

function sum(counts: readonly EventCount[]): number {
  return counts.reduce((total, { count }) => total + Number(count), 0)
}

/** Map.groupBy, which Node 20 does not have. */
function groupBy<Value, Key>(values: readonly Value[], keyOf: (value: Value) => Key): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>()
  for (const value of values) {
    const group = groups.get(keyOf(value))
    if (group) group.push(value)
    else groups.set(keyOf(value), [value])
  }
  return groups
}
