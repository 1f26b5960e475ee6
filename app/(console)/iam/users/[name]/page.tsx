import type { Metadata } from 'next'
import { Copyable } from '#components/console/copyable.tsx'
import { DialogForm } from '#components/console/dialog-form.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Time } from '#components/console/time.tsx'
import type { PolicyRow } from '#components/iam/policy-rows.tsx'
import { UserHeader } from '#components/iam/user-header.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Properties } from '#components/ui/properties.tsx'
import { GetUser, ListAttachedGroupPolicies, ListAttachedUserPolicies, ListGroupPolicies, ListGroupsForUser, ListPolicies, ListUserPolicies } from '#lib/iam/api'
import type { RequestContext } from '#lib/operation/context'
import { attempt } from '../../../../attempt.ts'
import { paths } from '../../../../paths.ts'
import { readSegment } from '../../../../query.ts'
import { requestContext } from '../../../../session.ts'
import { deleteUser } from '../../actions.ts'
import { managedKind } from '../../managed-kind.ts'
import { PoliciesPanel } from '../../policies-panel.tsx'
import { userHolder } from '../../policy-holder.ts'

type Props = { params: Promise<{ name: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: readSegment((await params).name) }
}

export default async function UserPage({ params }: Props) {
  const UserName = readSegment((await params).name)
  const context = await requestContext()
  const got = await attempt(GetUser, context, { UserName })
  if (!got.ok) {
    return (
      <>
        <UserHeader userName={UserName} />
        <ProblemMessage problem={got.problem} />
      </>
    )
  }
  const user = got.output.User
  const [inline, attached, groups, managed] = await Promise.all([
    attempt(ListUserPolicies, context, { UserName, MaxItems: 1000 }),
    attempt(ListAttachedUserPolicies, context, { UserName, MaxItems: 1000 }),
    attempt(ListGroupsForUser, context, { UserName, MaxItems: 1000 }),
    attempt(ListPolicies, context, { Scope: 'All', MaxItems: 1000 }),
  ])
  const inherited = await ofGroups(context, groups.ok ? groups.output.Groups.map(({ GroupName }) => GroupName) : [])
  return (
    <>
      <UserHeader
        userName={user.UserName ?? UserName}
        actions={
          <DialogForm
            button="Delete user"
            title={`Delete ${UserName}`}
            description="Policies, credentials and group memberships have to be removed first."
            action={deleteUser}
            hidden={{ UserName }}
            confirm={UserName}
            danger
            submit="Delete user"
          />
        }
      />
      <Panel title="Summary">
        <Properties
          items={[
            ['ARN', <Copyable key="arn" text={user.Arn} name="ARN" />],
            ['User ID', <Copyable key="id" text={user.UserId} name="user ID" />],
            ['Path', user.Path],
            ['Created', <Time key="created" at={user.CreateDate} />],
            ['Last console sign-in', user.PasswordLastUsed === undefined ? 'Never' : <Time key="used" at={user.PasswordLastUsed} />],
          ]}
        />
      </Panel>
      <PoliciesPanel
        holder={userHolder(UserName)}
        description="What these say together: a Deny anywhere outweighs every Allow; what none allows is refused."
        inline={inline}
        attached={attached}
        managed={managed}
        inherited={inherited}
        empty={<EmptyState title="No policies">This user may do nothing yet but be asked who it is.</EmptyState>}
      />
    </>
  )
}

async function ofGroups(context: RequestContext, groups: readonly string[]): Promise<PolicyRow[]> {
  const perGroup = await Promise.all(
    groups.map(async (GroupName) => {
      const [inline, attached] = await Promise.all([
        attempt(ListGroupPolicies, context, { GroupName, MaxItems: 1000 }),
        attempt(ListAttachedGroupPolicies, context, { GroupName, MaxItems: 1000 }),
      ])
      return [
        ...(inline.ok ? inline.output.PolicyNames : []).map((name) => ({
          id: `${GroupName} inline ${name}`,
          name,
          kind: 'Group inline',
          tone: 'neutral' as const,
          href: paths.groupPolicy(GroupName, name),
          from: `By group ${GroupName}`,
        })),
        ...(attached.ok ? attached.output.AttachedPolicies : []).map(({ PolicyName, PolicyArn }) => ({
          id: `${GroupName} ${PolicyArn}`,
          name: PolicyName,
          ...managedKind(PolicyArn),
          href: paths.policy(PolicyArn),
          from: `By group ${GroupName}`,
        })),
      ]
    }),
  )
  return perGroup.flat()
}
