import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { eventSummary } from '#components/cloudtrail/event-summary.ts'
import { EventTable } from '#components/cloudtrail/event-table.tsx'
import type { Problem } from '#components/console/action-state.ts'
import { ButtonLink, Link } from '#components/console/link.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { TimeAgo } from '#components/console/time.tsx'
import { AwsMark, KeyState } from '#components/kms/key-state.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { LookupEvents } from '#lib/cloudtrail/api'
import { SearchRepositories } from '#lib/codecommit/search-repositories'
import { ListServiceSpecificCredentials, ListSSHPublicKeys, ListUsers } from '#lib/iam/api'
import { SearchKeys } from '#lib/kms/api'
import { regionName } from '#lib/operation/regions'
import { repositoryIdContextKey } from '#lib/operation/repository-context'
import { attempt } from '../../attempt.ts'
import { paths } from '../../paths.ts'
import { readQuery, type Query } from '../../query.ts'
import { chosenRegion, requestContext, type ConsoleContext } from '../../session.ts'
import { aliasName } from '../kms/alias-name.ts'

export const metadata: Metadata = { title: 'Console home' }

export default async function HomePage({ searchParams }: { searchParams: Query }) {
  const region = await chosenRegion((await readQuery(searchParams, 'region')).region)
  const context = await requestContext(region)
  const [repositories, keys, events] = await Promise.all([
    attempt(SearchRepositories, context, {}),
    attempt(SearchKeys, context, { Limit: 10 }),
    attempt(LookupEvents, context, { LookupAttributes: [{ AttributeKey: 'ReadOnly', AttributeValue: 'false' }], MaxResults: 10 }),
  ])
  const latest = repositories.ok ? [...repositories.output.repositories].sort((a, b) => b.lastModifiedDate.getTime() - a.lastModifiedDate.getTime()).slice(0, 8) : []
  return (
    <>
      <PageHeader
        title="Console home"
        description={regionName(region)}
        actions={
          <ButtonLink href={paths.createRepository(region)} variant="primary">
            Create repository
          </ButtonLink>
        }
      />
      <FirstSteps context={context} hasRepository={latest.length > 0} />
      <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-2">
        <Panel title="Repositories" flush actions={<Link href={paths.repositories(region)}>All repositories</Link>}>
          {!repositories.ok ? (
            <Padded>
              <NotShown problem={repositories.problem} />
            </Padded>
          ) : latest.length === 0 ? (
            <Padded>
              <p className="text-ink-2">None in {regionName(region)}. The first one makes this Region’s aws/codecommit key.</p>
            </Padded>
          ) : (
            <ul>
              {latest.map(({ repositoryName, repositoryId, lastModifiedDate }) => (
                <li key={repositoryId} className={rowClass}>
                  <Link href={paths.repository(region, repositoryName)} className="min-w-0 grow font-medium wrap-anywhere">
                    {repositoryName}
                  </Link>
                  <span className="text-small text-ink-3">
                    <TimeAgo at={lastModifiedDate} />
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Panel>
        <Panel title="Encryption keys" flush actions={<Link href={paths.encryptionKeys(region)}>All keys</Link>}>
          {!keys.ok ? (
            <Padded>
              <NotShown problem={keys.problem} />
            </Padded>
          ) : keys.output.Keys.length === 0 ? (
            <Padded>
              <p className="text-ink-2">None in {regionName(region)} yet.</p>
            </Padded>
          ) : (
            <ul>
              {keys.output.Keys.slice(0, 8).map((key) => (
                <li key={key.KeyId} className={rowClass}>
                  <span className="flex min-w-0 grow flex-wrap items-center gap-2">
                    <Link href={paths.key(region, key.KeyId)} className="font-medium wrap-anywhere">
                      {key.Aliases[0] === undefined ? key.KeyId : aliasName(key.Aliases[0])}
                    </Link>
                    {key.KeyManager === 'AWS' && <AwsMark />}
                  </span>
                  <span className="text-small">
                    <KeyState state={key.KeyState} />
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Panel>
        <div className="xl:col-span-2">
          <Panel title="Latest changes" description={`What changed, or was to change, something in ${regionName(region)}.`} flush actions={<Link href={paths.events(region)}>Event history</Link>}>
            {events.ok ? (
              <div className="[&>div]:rounded-t-none [&>div]:border-0">
                <EventTable events={events.output.Events.map(({ CloudTrailEvent }) => eventSummary(CloudTrailEvent, repositoryIdContextKey))} empty={<p className="p-4 text-ink-2">Nothing yet.</p>} />
              </div>
            ) : (
              <Padded>
                <NotShown problem={events.problem} />
              </Padded>
            )}
          </Panel>
        </div>
      </div>
    </>
  )
}

/** What is still missing before the first clone; nothing once all of it is there. */
async function FirstSteps({ context, hasRepository }: { context: ConsoleContext; hasRepository: boolean }) {
  const { principal, region } = context
  const steps: { done: boolean; title: string; link: ReactNode }[] = []
  if (principal.type === 'Root') {
    const users = await attempt(ListUsers, context, { MaxItems: 1 })
    steps.push({ done: users.ok && users.output.Users.length > 0, title: 'Create an IAM user: only users can clone and push', link: <Link href={paths.createUser()}>Create user</Link> })
  } else {
    const [git, ssh] = await Promise.all([
      attempt(ListServiceSpecificCredentials, context, { UserName: principal.userName }),
      attempt(ListSSHPublicKeys, context, { UserName: principal.userName }),
    ])
    const has = (git.ok && git.output.ServiceSpecificCredentials.length > 0) || (ssh.ok && ssh.output.SSHPublicKeys.length > 0)
    steps.push({ done: has, title: 'Make Git credentials, or upload an SSH public key', link: <Link href={paths.user(principal.userName, 'security-credentials')}>Security credentials</Link> })
  }
  steps.push({ done: hasRepository, title: `Create a repository in ${regionName(region)}`, link: <Link href={paths.createRepository(region)}>Create repository</Link> })
  if (steps.every(({ done }) => done)) return null
  return (
    <Panel title="First steps" flush>
      <ol>
        {steps.map(({ done, title, link }) => (
          <li key={title} className={rowClass}>
            <Icon name={done ? 'success' : 'commit'} className={done ? 'text-success' : 'text-ink-3'} />
            <span className="grow">
              {title}
              {done && <span className="sr-only"> (done)</span>}
            </span>
            {!done && link}
          </li>
        ))}
      </ol>
    </Panel>
  )
}

/** A part that this user may not see is no fault of the page: it says so, quietly. */
function NotShown({ problem }: { problem: Problem }) {
  if (!problem.refusal) return <ProblemMessage problem={problem} />
  return (
    <p className="text-ink-2">
      Not shown: <span className="identifier">{problem.refusal.action}</span> is refused to you.
    </p>
  )
}

function Padded({ children }: { children: ReactNode }) {
  return <div className="p-4">{children}</div>
}

const rowClass = 'flex items-center gap-3 border-b border-line px-4 py-1.75 last:border-b-0'
