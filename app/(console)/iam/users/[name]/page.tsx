import type { Metadata } from 'next'
import { Copyable } from '#components/console/copyable.tsx'
import { DialogForm } from '#components/console/dialog-form.tsx'
import { FormSelect } from '#components/console/form.tsx'
import { ButtonLink } from '#components/console/link.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Time } from '#components/console/time.tsx'
import { PolicyRows, type PolicyRow } from '#components/iam/policy-rows.tsx'
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
import { attachUserPolicy, deleteUser, deleteUserPolicy, detachUserPolicy } from '../../actions.ts'
import { managedKind } from '../../managed-kind.ts'

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
  const [inline, attached, groups, policies] = await Promise.all([
    attempt(ListUserPolicies, context, { UserName, MaxItems: 1000 }),
    attempt(ListAttachedUserPolicies, context, { UserName, MaxItems: 1000 }),
    attempt(ListGroupsForUser, context, { UserName, MaxItems: 1000 }),
    attempt(ListPolicies, context, { Scope: 'All', MaxItems: 1000 }),
  ])
  const held = new Set(attached.ok ? attached.output.AttachedPolicies.map(({ PolicyArn }) => PolicyArn) : [])
  const rows: PolicyRow[] = [
    ...(inline.ok ? inline.output.PolicyNames : []).map((PolicyName) => ({
      id: `inline ${PolicyName}`,
      name: PolicyName,
      kind: 'Customer inline',
      tone: 'neutral' as const,
      href: paths.userPolicy(UserName, PolicyName),
      from: 'Directly',
      actions: (
        <DialogForm
          button="Delete"
          variant="quiet"
          title={`Delete ${PolicyName}`}
          description={`What this policy allows or denies ${UserName} ends at once.`}
          action={deleteUserPolicy}
          hidden={{ UserName, PolicyName }}
          danger
          submit="Delete policy"
        />
      ),
    })),
    ...(attached.ok ? attached.output.AttachedPolicies : []).map(({ PolicyName, PolicyArn }) => ({
      id: PolicyArn,
      name: PolicyName,
      ...managedKind(PolicyArn),
      href: paths.policy(PolicyArn),
      from: 'Directly',
      actions: (
        <DialogForm
          button="Detach"
          variant="quiet"
          title={`Detach ${PolicyName}`}
          description={`What this policy allows or denies ${UserName} ends at once. The policy itself stays.`}
          action={detachUserPolicy}
          hidden={{ UserName, PolicyArn }}
          danger
          submit="Detach policy"
          undo={{ action: attachUserPolicy, values: { UserName, PolicyArn } }}
        />
      ),
    })),
    ...(await ofGroups(context, groups.ok ? groups.output.Groups.map(({ GroupName }) => GroupName) : [])),
  ]
  const problem = [inline, attached].find((each) => !each.ok)
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
      <Panel
        title="Permissions policies"
        description="What these say together: a Deny anywhere outweighs every Allow; what none allows is refused."
        flush
        actions={
          <>
            <DialogForm button="Attach policy" title={`Attach a policy to ${UserName}`} action={attachUserPolicy} hidden={{ UserName }} submit="Attach policy" reason={policies.ok ? undefined : 'You may not list policies: iam:ListPolicies is refused to you.'}>
              <FormSelect name="PolicyArn" label="Managed policy">
                {(policies.ok ? policies.output.Policies : [])
                  .filter(({ Arn }) => !held.has(Arn))
                  .map(({ Arn, PolicyName }) => (
                    <option key={Arn} value={Arn}>
                      {PolicyName}
                      {managedKind(Arn).kind === 'AWS managed' ? ' (AWS managed)' : ''}
                    </option>
                  ))}
              </FormSelect>
            </DialogForm>
            <ButtonLink href={paths.createUserPolicy(UserName)}>Create inline policy</ButtonLink>
          </>
        }
      >
        <div className="[&>div]:rounded-t-none [&>div]:border-0">
          {problem?.ok === false ? (
            <ProblemMessage problem={problem.problem} />
          ) : (
            <PolicyRows rows={rows} empty={<EmptyState title="No policies">This user may do nothing yet but be asked who it is.</EmptyState>} />
          )}
        </div>
      </Panel>
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
