import type { Metadata } from 'next'
import { Suspense } from 'react'
import { EventExplorer } from '#components/cloudtrail/event-explorer.tsx'
import { EventExport } from '#components/cloudtrail/event-export.tsx'
import { EventFacets, EventFacetsSkeleton } from '#components/cloudtrail/event-facets.tsx'
import { EventFilters } from '#components/cloudtrail/event-filters.tsx'
import { EventHistogram, EventHistogramSkeleton } from '#components/cloudtrail/event-histogram.tsx'
import { eventSummary, repositoryNames } from '#components/cloudtrail/event-summary.ts'
import { SavedFilters } from '#components/cloudtrail/saved-filters.tsx'
import { ListProblem } from '#components/console/list-problem.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { SearchEvents, SummarizeEvents, type EventSummary as EventCounts } from '#lib/cloudtrail/history'
import { globalRegion, regionName } from '#lib/operation/regions'
import { repositoryIdContextKey } from '#lib/operation/repository-context'
import { attempt, type Attempt } from '../../../attempt.ts'
import { eventConditions, paths, type EventQuery } from '../../../paths.ts'
import { readQuery, type Query } from '../../../query.ts'
import { chosenRegion, requestContext } from '../../../session.ts'
import { removeFilter, saveFilter, verifyEvents } from '../actions.ts'
import { searchInput } from '../event-conditions.ts'
import { eventRows } from '../event-rows.ts'
import { facetsOf } from '../event-facets.ts'
import { savedFilters } from '../saved-filters.ts'

export const metadata: Metadata = { title: 'Event history' }

export default async function EventsPage({ searchParams }: { searchParams: Query }) {
  const { region: asked, ...query } = await readQuery(searchParams, 'region', 'token', 'event', ...eventConditions)
  const region = await chosenRegion(asked)
  const context = await requestContext(region)
  const { token, event, ...conditions } = query
  const input = searchInput(conditions)
  const found = await eventRows(context, query)
  const records = found.ok ? found.output.rows : []
  const listed = records.map((record) => eventSummary(record, repositoryIdContextKey))
  // A link to an event outlives its place in the list.
  const beside = event === undefined || listed.some(({ eventId }) => eventId === event) ? undefined : await attempt(SearchEvents, context, { EventId: event })
  // The chart is of the conditions, not of the page. The list does not wait for it.
  const summary = found.ok ? attempt(SummarizeEvents, context, input) : undefined
  const names = repositoryNames(listed)
  return (
    <>
      <PageHeader
        title="Event history"
        description={`The last 90 days in ${regionName(region)}${region === globalRegion ? ', where IAM and signing in are recorded too' : ''}.`}
        actions={
          <>
            <SavedFilters region={region} query={query} saved={await savedFilters(context.principal.arn)} save={saveFilter} remove={removeFilter} />
            <EventExport region={region} query={query} />
          </>
        }
      />
      <EventFilters region={region} query={query} />
      {found.ok && summary ? (
        <>
          <Suspense key={`chart ${JSON.stringify(conditions)}`} fallback={<EventHistogramSkeleton />}>
            <Chart region={region} query={query} summary={summary} />
          </Suspense>
          <EventExplorer
            key={JSON.stringify([region, conditions, token])}
            region={region}
            query={query}
            url={paths.events(region, { ...conditions, token: token ?? '' })}
            first={found.output}
            shown={beside?.ok ? beside.output.Events[0]?.CloudTrailEvent : undefined}
            contextKey={repositoryIdContextKey}
            verify={verifyEvents}
            facets={
              <Suspense key={`facets ${JSON.stringify(conditions)}`} fallback={<EventFacetsSkeleton />}>
                <Facets region={region} query={query} names={names} summary={summary} />
              </Suspense>
            }
            empty={
              <EmptyState title="No events">
                {Object.keys(conditions).length === 0 ? 'Nothing has been asked for in this Region yet.' : 'None in this Region meets all of these conditions.'}
              </EmptyState>
            }
          />
        </>
      ) : (
        !found.ok && <ListProblem problem={found.problem} first={token && paths.events(region, conditions)} />
      )}
    </>
  )
}

type Part = Readonly<{ region: string; query: EventQuery; summary: Promise<Attempt<EventCounts>> }>

async function Chart({ region, query, summary }: Part) {
  const counted = await summary
  if (!counted.ok) return <ProblemMessage problem={counted.problem} />
  const { Buckets, BucketSeconds, CountedUntil } = counted.output
  return (
    <EventHistogram
      region={region}
      query={query}
      bucketSeconds={BucketSeconds}
      buckets={Buckets.map(({ StartTime, Succeeded, Failed }) => ({ start: StartTime.toISOString(), succeeded: Succeeded, failed: Failed }))}
      countedUntil={CountedUntil?.toISOString()}
    />
  )
}

async function Facets({ region, query, summary, names }: Part & { names: Readonly<Record<string, string>> }) {
  const counted = await summary
  return <EventFacets region={region} query={query} facets={counted.ok ? facetsOf(counted.output, names) : []} />
}
