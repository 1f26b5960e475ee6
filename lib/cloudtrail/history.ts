import { z } from 'zod'
import { conditions, eventFilter, recordedConditions, saysDenied, type Conditions, type Outcome } from '#lib/cloudtrail/conditions'
import { countEvents, type EventCount } from '#lib/cloudtrail/count-events'
import { extentOf, findEvents, type EventFilter } from '#lib/cloudtrail/find-events'
import { listOf, placeOf, tokenOf } from '#lib/cloudtrail/page-token'
import { talliedCounts } from '#lib/cloudtrail/tallied-counts'
import { lookedUpEvent, type Event } from '#lib/cloudtrail/trail-event'
import type { EventRecord } from '#lib/cloudtrail/event-record'
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
 * Counts of the same events: by stretches of time, for a chart, and by value, for the filters beside it. They are of all events,
 * however many (docs/decisions/018-counted-hours.md); where that is not known yet, they go back as far as `CountedUntil`. Without `BucketSeconds` the stretches are as long
 * as some sixty of them need.
 */
export const SummarizeEvents = defineOperation({
  service: 'cloudtrail',
  name: 'LookupEvents',
  readOnly: true,
  apiVersion: '2013-11-01',
  input: z.object({ ...conditions(), BucketSeconds: z.int().min(1).max(7 * 24 * 3600).optional() }),
  resolve: () => ({ access: [{ action: 'cloudtrail:LookupEvents', resource: '*' }], subject: undefined }),
  async handler(context, input): Promise<EventSummary> {
    const filter = await eventFilter(context, input)
    const asked = input.BucketSeconds ?? bucketSeconds(input, (await extentOf(filter)) ?? [0, 0])
    const { counts, until, seconds } = await counted(filter, asked, input.BucketSeconds === undefined)
    const length = seconds * 1000
    const names = counts.filter((count) => count.of === 'eventName')
    const errors = counts.filter((count) => count.of === 'errorCode')
    return {
      Count: sum(names),
      BucketSeconds: seconds,
      Buckets: buckets(names, length),
      EventNames: facet(names),
      EventSources: facet(counts.filter((count) => count.of === 'eventSource')),
      Usernames: facet(counts.filter((count) => count.of === 'username')),
      ErrorCodes: facet(errors),
      Outcomes: {
        Succeeded: sum(errors.filter(({ value }) => value === '')),
        Failed: sum(errors.filter(({ value }) => value !== '')),
        AccessDenied: sum(errors.filter(({ value }) => saysDenied(value))),
      },
      Keys: facet(counts.filter((count) => count.of === 'key')),
      RepositoryIds: facet(counts.filter((count) => count.of === 'repositoryId')),
      ...(until !== undefined && { CountedUntil: new Date(until) }),
    }
  },
  requestParameters: recordedConditions,
})

/** An event as the console lists it. */
export type HistoryEvent = Event & Readonly<{ ErrorCode?: string; ErrorMessage?: string; SourceIPAddress: string; InvokedBy?: string }>

export type EventSummary = Readonly<{
  Count: number
  BucketSeconds: number
  /** oldest first; stretches without events are left out */
  Buckets: readonly Readonly<{ StartTime: Date; Succeeded: number; Failed: number; EventNames: readonly FacetValue[] }>[]
  EventNames: readonly FacetValue[]
  EventSources: readonly FacetValue[]
  Usernames: readonly FacetValue[]
  ErrorCodes: readonly FacetValue[]
  /** Failed has those of AccessDenied, too. */
  Outcomes: Readonly<Record<Outcome, number>>
  /** ARNs */
  Keys: readonly FacetValue[]
  RepositoryIds: readonly FacetValue[]
  CountedUntil?: Date
}>

/** A value and how many events have it; the most frequent comes first. */
export type FacetValue = Readonly<{ Value: string; Count: number }>

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

type Counted = Readonly<{ counts: EventCount[]; until: number | undefined; seconds: number }>

/**
 * Counts a filter's events: all, by what was counted of each hour, or one by one where that does not do.
 * @param seconds  of a bucket; longer ones may be chosen where `orLonger`
 */
async function counted(filter: EventFilter, seconds: number, orLonger: boolean): Promise<Counted> {
  const tallied = await talliedCounts(filter, seconds * 1000)
  if (tallied) return { ...tallied, seconds }
  const { counts, until } = await countEvents(filter, seconds * 1000)
  // Many within minutes: by minutes they are all counted.
  const byMinutes = until && orLonger && seconds < 60 ? await talliedCounts(filter, 60_000) : undefined
  return byMinutes ? { ...byMinutes, seconds: 60 } : { counts, until: until?.[0], seconds }
}

/** How long a stretch is for some sixty of them: of the range asked for, as far as it is, else of what was found. */
function bucketSeconds({ StartTime, EndTime }: Conditions, [oldest, newest]: readonly [number, number]): number {
  const span = (EndTime?.getTime() ?? newest) - (StartTime?.getTime() ?? oldest)
  return lengths.find((seconds) => seconds * 1000 * mostBuckets >= span) ?? 7 * 86_400
}

const mostBuckets = 64
/** What people count in. */
const lengths = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 2 * 86_400]

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
  const sums = new Map<string, number>()
  for (const { value, count } of counts) if (value !== '') sums.set(value, (sums.get(value) ?? 0) + Number(count))
  return [...sums].map(([Value, Count]) => ({ Value, Count })).sort((one, other) => other.Count - one.Count || (one.Value < other.Value ? -1 : 1))
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
