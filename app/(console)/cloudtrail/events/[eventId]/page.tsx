import type { Metadata } from 'next'
import { EventSentence } from '#components/cloudtrail/event-sentence.tsx'
import { explainHref } from '#components/cloudtrail/explain-href.ts'
import { eventSummary, repositoryNames } from '#components/cloudtrail/event-summary.ts'
import { Copyable } from '#components/console/copyable.tsx'
import { ButtonLink, Link } from '#components/console/link.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Time } from '#components/console/time.tsx'
import { Status } from '#components/ui/badge.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Message } from '#components/ui/message.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Properties } from '#components/ui/properties.tsx'
import { SearchEvents } from '#lib/cloudtrail/history'
import { parseArn } from '#lib/operation/arn'
import { repositoryIdContextKey } from '#lib/operation/repository-context'
import { attempt } from '../../../../attempt.ts'
import { paths } from '../../../../paths.ts'
import { readQuery, readSegment, type Query } from '../../../../query.ts'
import { chosenRegion, requestContext } from '../../../../session.ts'

export const metadata: Metadata = { title: 'Event' }

export default async function EventPage({ params, searchParams }: { params: Promise<{ eventId: string }>; searchParams: Query }) {
  const EventId = readSegment((await params).eventId)
  const region = await chosenRegion((await readQuery(searchParams, 'region')).region)
  const found = await attempt(SearchEvents, await requestContext(region), { EventId })
  const trail = [['Event history', paths.events(region)]] as const
  if (!found.ok) {
    return (
      <>
        <PageHeader title="Event" trail={trail} />
        <ProblemMessage problem={found.problem} />
      </>
    )
  }
  const [event] = found.output.Events
  if (!event) {
    return (
      <>
        <PageHeader title="Event" trail={trail} />
        <EmptyState title="No event of this ID in this Region">It may be of another Region, or older than 90 days.</EmptyState>
      </>
    )
  }
  const summary = eventSummary(event.CloudTrailEvent, repositoryIdContextKey)
  const { repositoryId } = summary
  const why = explainHref(summary)
  return (
    <>
      <PageHeader
        title={event.EventName}
        trail={trail}
        description={<EventSentence event={summary} names={repositoryNames([summary])} />}
        actions={
          repositoryId !== undefined && (
            <>
              <ButtonLink href={paths.lookup(repositoryId)}>Repository</ButtonLink>
              <ButtonLink href={paths.events(region, { RepositoryId: repositoryId })}>Its other events</ButtonLink>
            </>
          )
        }
      />
      {summary.errorCode !== undefined && (
        <Message tone="danger" title={summary.errorCode} actions={why !== undefined && <ButtonLink href={why}>Why was this refused?</ButtonLink>}>
          <p>{event.ErrorMessage ?? 'The service gave no message.'}</p>
        </Message>
      )}
      <Panel title="Details">
        <Properties
          items={[
            ['Event time', <Time key="time" at={summary.time} />],
            ['User name', <Link key="user" href={paths.events(region, { Username: summary.user })}>{summary.user}</Link>],
            ['Called by', event.InvokedBy ?? 'The user'],
            ['Event source', event.EventSource],
            [
              'Outcome',
              <Status key="outcome" tone={summary.errorCode === undefined ? 'success' : 'danger'}>
                {summary.errorCode === undefined ? 'Done' : summary.denied ? 'Refused by policy' : 'Failed'}
              </Status>,
            ],
            ['Read-only', event.ReadOnly],
            ['Source IP address', event.SourceIPAddress],
            ['AWS access key', event.AccessKeyId === undefined ? '–' : <Copyable key="key" text={event.AccessKeyId} name="access key ID" />],
            ['Event ID', <Copyable key="id" text={event.EventId} name="event ID" />],
            ...(repositoryId === undefined ? [] : [['Repository ID', <Copyable key="repository" text={repositoryId} name="repository ID" />] as const]),
          ]}
        />
      </Panel>
      {event.Resources.length > 0 && (
        <Panel title="Resources">
          <ul className="flex flex-col gap-1.5">
            {event.Resources.map(({ ResourceName, ResourceType }) => (
              <li key={ResourceName} className="flex flex-wrap items-center gap-x-4">
                <span className="w-56 text-ink-2">{ResourceType}</span>
                <Copyable text={ResourceName} name="ARN" />
                {resourcePath(ResourceName) !== undefined && <Link href={resourcePath(ResourceName) ?? ''}>Open</Link>}
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel title="Event record">
        <CodeBlock code={JSON.stringify(JSON.parse(event.CloudTrailEvent), null, 2)} label="event record" />
      </Panel>
    </>
  )
}

/** The page of what an event names, where the console has one. */
function resourcePath(arn: string): string | undefined {
  const { service, region = '', resource = '' } = parseArn(arn) ?? {}
  if (service === 'kms' && resource.startsWith('key/')) return paths.key(region, resource.slice('key/'.length))
  if (service === 'codecommit') return paths.repository(region, resource)
  if (service === 'iam' && resource.startsWith('user/')) return paths.user(resource.split('/').at(-1) ?? '')
  return undefined
}
