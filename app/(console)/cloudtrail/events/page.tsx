import type { Metadata } from 'next'
import { EventFilters } from '#components/cloudtrail/event-filters.tsx'
import { EventHistogram } from '#components/cloudtrail/event-histogram.tsx'
import { EventTable } from '#components/cloudtrail/event-table.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { Pager } from '#components/console/pager.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { formatTime } from '#components/console/time.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { SearchEvents, SummarizeEvents } from '#lib/cloudtrail/history'
import { globalRegion, regionName } from '#lib/operation/regions'
import { attempt } from '../../../attempt.ts'
import { eventConditions, paths, type EventQuery } from '../../../paths.ts'
import { readQuery, type Query } from '../../../query.ts'
import { chosenRegion, requestContext } from '../../../session.ts'
import { eventSummary } from '../event-summary.ts'

export const metadata: Metadata = { title: 'Event history' }

export default async function EventsPage({ searchParams }: { searchParams: Query }) {
  const { region: asked, ...query } = await readQuery(searchParams, 'region', 'token', ...eventConditions)
  const region = await chosenRegion(asked)
  const context = await requestContext(region)
  const { token, ...conditions } = query
  const input = searchInput(conditions)
  const bucketSeconds = bucketFor(conditions)
  // The chart is of the conditions, not of the page: further pages keep it out.
  const [found, summary] = await Promise.all([
    attempt(SearchEvents, context, { ...input, NextToken: token }),
    token === undefined ? attempt(SummarizeEvents, context, { ...input, BucketSeconds: bucketSeconds }) : undefined,
  ])
  return (
    <>
      <PageHeader title="Event history" description={`The last 90 days in ${regionName(region)}${region === globalRegion ? ', where IAM and signing in are recorded too' : ''}.`} />
      <EventFilters region={region} query={query} />
      {summary?.ok && (
        <EventHistogram
          region={region}
          query={query}
          bucketSeconds={bucketSeconds}
          buckets={summary.output.Buckets.map(({ StartTime, Succeeded, Failed }) => ({ start: StartTime.toISOString(), succeeded: Succeeded, failed: Failed }))}
        />
      )}
      {found.ok ? (
        <>
          <EventTable
            events={found.output.Events.map(({ CloudTrailEvent }) => eventSummary(CloudTrailEvent))}
            empty={
              <EmptyState title="No events">
                {Object.keys(conditions).length === 0 ? 'Nothing has been asked for in this Region yet.' : 'None in this Region meets all of these conditions.'}
              </EmptyState>
            }
          />
          {(token !== undefined || found.output.NextToken !== undefined) && (
            <Pager
              shown={shownText(found.output.Events.length, found.output.SearchedUntil)}
              first={token === undefined ? undefined : paths.events(region, conditions)}
              next={found.output.NextToken === undefined ? undefined : paths.events(region, { ...conditions, token: found.output.NextToken })}
            />
          )}
        </>
      ) : (
        <ProblemMessage problem={found.problem} />
      )}
    </>
  )
}

/** The conditions of the URL as the operation takes them; what cannot be read is left for it to refuse. */
function searchInput({ ReadOnly, StartTime, EndTime, ...rest }: EventQuery) {
  return {
    ...rest,
    ...(ReadOnly !== undefined && { ReadOnly: ReadOnly === 'true' }),
    ...(StartTime !== undefined && { StartTime: new Date(StartTime) }),
    ...(EndTime !== undefined && { EndTime: new Date(EndTime) }),
  }
}

/** How long a bar's stretch of time is: some sixty bars for the range that is asked for. */
function bucketFor({ StartTime, EndTime }: EventQuery): number {
  const start = StartTime === undefined ? NaN : new Date(StartTime).getTime()
  const end = EndTime === undefined ? Date.now() : new Date(EndTime).getTime()
  const seconds = (end - start) / 1000 / 60
  return lengths.find((length) => length >= seconds) ?? (Number.isNaN(seconds) ? 3600 : 86_400)
}

function shownText(count: number, until: Date | undefined): string {
  return `${count} on this page${until === undefined ? '' : `, back to ${formatTime(until)}`}`
}

const lengths = [60, 300, 900, 3600, 21_600, 86_400]
