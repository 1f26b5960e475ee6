import { ButtonLink, Link } from '#components/console/link.tsx'
import { ListProblem } from '#components/console/list-problem.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { EventHistogram } from '#components/cloudtrail/event-histogram.tsx'
import { CountTable } from '#components/kms/count-table.tsx'
import { KeyRepositoryTable } from '#components/kms/key-repository-table.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { SummarizeEvents } from '#lib/cloudtrail/history'
import { attempt } from '../../../attempt.ts'
import { paths } from '../../../paths.ts'
import type { FoundKey } from '../key-frame.tsx'
import { keyRepositoryRows } from './key-repository-rows.ts'

/** Who used a key and how often, over time; and what is encrypted under it. From the event history, as far back as that goes. */
export async function KeyUsageTab({ found: { region, context, key }, token }: { found: FoundKey; token: string | undefined }) {
  const bucketSeconds = 86_400
  const [used, under] = await Promise.all([
    attempt(SummarizeEvents, context, { ResourceName: key.Arn, BucketSeconds: bucketSeconds }),
    keyRepositoryRows(context, { token }, key.KeyId),
  ])
  const events = (query: object) => paths.events(region, { ResourceName: key.Arn, ...query })
  return (
    <>
      <Panel
        title="Who used it"
        description="Every operation that names this key, allowed or refused, in the last 90 days."
        actions={
          <ButtonLink href={events({})} icon="trail">
            Event history of this key
          </ButtonLink>
        }
      >
        {!used.ok ? (
          <ProblemMessage problem={used.problem} />
        ) : used.output.Count === 0 ? (
          <EmptyState title="Not used yet">What is done with this key from now on is counted here.</EmptyState>
        ) : (
          <div className="flex flex-col gap-4">
            <EventHistogram
              region={region}
              query={{ ResourceName: key.Arn }}
              bucketSeconds={bucketSeconds}
              countedUntil={used.output.CountedUntil?.toISOString()}
              buckets={used.output.Buckets.map(({ StartTime, Succeeded, Failed }) => ({ start: StartTime.toISOString(), succeeded: Succeeded, failed: Failed }))}
            />
            <div className="grid items-start gap-4 lg:grid-cols-3">
              <CountTable label="Callers" header="Caller" rows={used.output.Usernames.map(({ Value, Count }) => ({ name: Value, count: Count, href: events({ Username: Value }) }))} />
              <CountTable label="Operations" header="Operation" rows={used.output.EventNames.map(({ Value, Count }) => ({ name: Value, count: Count, href: events({ EventName: Value }) }))} />
              <CountTable label="Refusals and errors" header="Error" rows={used.output.ErrorCodes.map(({ Value, Count }) => ({ name: Value, count: Count, href: events({ Outcome: 'Failed' }) }))} />
            </div>
            {used.output.CountedUntil && <p className="text-small text-ink-3">There are very many: counted back to {used.output.CountedUntil.toISOString().slice(0, 10)}.</p>}
          </div>
        )}
      </Panel>
      <Panel title="Where it is used" description="Repositories whose data keys are encrypted under this key." flush>
        {!under.ok ? (
          <div className="flex flex-col gap-4 p-4">
            <ListProblem problem={under.problem} first={token && paths.kmsKey(region, key.KeyId, 'usage')} />
          </div>
        ) : (
          <KeyRepositoryTable
            region={region}
            keyArn={key.Arn}
            url={paths.kmsKey(region, key.KeyId, 'usage', { token })}
            first={under.output}
            empty={
              <EmptyState title="No repository">
                {key.KeyManager === 'AWS' ? (
                  'The next repository of this Region will be encrypted under it.'
                ) : (
                  <>
                    Repositories are encrypted under <Link href={paths.awsManagedKeys(region)}>aws/codecommit</Link>; a customer managed key is for your own data.
                  </>
                )}
              </EmptyState>
            }
          />
        )}
      </Panel>
    </>
  )
}
