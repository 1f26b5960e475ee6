import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { Copyable } from '#components/console/copyable.tsx'
import { Link } from '#components/console/link.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { Message } from '#components/ui/message.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Properties } from '#components/ui/properties.tsx'
import { ListGroups, ListPolicies, ListUsers } from '#lib/iam/api'
import { attempt } from '../../attempt.ts'
import { paths } from '../../paths.ts'
import { requestContext } from '../../session.ts'

export const metadata: Metadata = { title: 'IAM' }

export default async function IamPage() {
  const context = await requestContext()
  const { principal, accountId } = context
  const [users, groups, policies] = await Promise.all([
    attempt(ListUsers, context, { MaxItems: 1000 }),
    attempt(ListGroups, context, { MaxItems: 1000 }),
    attempt(ListPolicies, context, { Scope: 'Local', MaxItems: 1000 }),
  ])
  return (
    <>
      <PageHeader title="IAM dashboard" description="Who may do what. The same in every Region." />
      {principal.type === 'Root' && (
        <Message tone="warning" title="You are signed in as the root user">
          <p>
            No IAM policy limits the root user. For daily work <Link href={paths.createUser()}>create an IAM user</Link> with the policies it needs; only IAM users can clone and push.
          </p>
        </Message>
      )}
      <div className="grid gap-4 sm:grid-cols-3">
        <Count name="Users" href={paths.users()} count={users.ok ? counted(users.output.Users, users.output.IsTruncated) : undefined} />
        <Count name="Groups" href={paths.groups()} count={groups.ok ? counted(groups.output.Groups, groups.output.IsTruncated) : undefined} />
        <Count name="Customer managed policies" href={paths.policies()} count={policies.ok ? counted(policies.output.Policies, policies.output.IsTruncated) : undefined} />
      </div>
      <Panel title="You">
        <Properties
          items={[
            ['Signed in as', principal.type === 'Root' ? 'Root user' : principal.userName],
            ['ARN', <Copyable key="arn" text={principal.arn} name="ARN" />],
            ['Account ID', <Copyable key="account" text={accountId} name="account ID" />],
          ]}
        />
      </Panel>
      <Panel title="Encryption keys" description="The keys of each Region: those that AWS manages, and your own.">
        <p>
          Repositories are encrypted under the key <code>aws/codecommit</code> of their Region. <Link href={paths.encryptionKeys()}>Encryption keys</Link>
        </p>
      </Panel>
    </>
  )
}

function counted(items: readonly unknown[], more: boolean): string {
  return more ? `${items.length}+` : String(items.length)
}

function Count({ name, href, count }: { name: ReactNode; href: string; count: string | undefined }) {
  return (
    <div className="rounded-panel border border-line bg-surface px-4 py-3">
      <div className="text-small text-ink-3">{name}</div>
      <div className="flex items-baseline justify-between gap-4">
        <span className="tabular text-display font-semibold tracking-tight">{count ?? '–'}</span>
        {count === undefined ? <span className="text-small text-ink-3">You may not list these</span> : <Link href={href}>Open</Link>}
      </div>
    </div>
  )
}
