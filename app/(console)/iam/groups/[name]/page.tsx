import type { Metadata } from 'next'
import { Copyable } from '#components/console/copyable.tsx'
import { DialogForm } from '#components/console/dialog-form.tsx'
import { FormInput, FormSelect } from '#components/console/form.tsx'
import { ButtonLink } from '#components/console/link.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Time } from '#components/console/time.tsx'
import { NamedRows } from '#components/iam/named-rows.tsx'
import { PolicyRows, type PolicyRow } from '#components/iam/policy-rows.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Properties } from '#components/ui/properties.tsx'
import { GetGroup, ListAttachedGroupPolicies, ListGroupPolicies, ListPolicies } from '#lib/iam/api'
import { attempt } from '../../../../attempt.ts'
import { paths } from '../../../../paths.ts'
import { readSegment } from '../../../../query.ts'
import { requestContext } from '../../../../session.ts'
import { addUserToGroup, attachGroupPolicy, deleteGroup, deleteGroupPolicy, detachGroupPolicy, removeUserFromGroup } from '../../actions.ts'
import { managedKind } from '../../managed-kind.ts'

type Props = { params: Promise<{ name: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: readSegment((await params).name) }
}

export default async function GroupPage({ params }: Props) {
  const GroupName = readSegment((await params).name)
  const context = await requestContext()
  const [got, inline, attached, policies] = await Promise.all([
    attempt(GetGroup, context, { GroupName, MaxItems: 1000 }),
    attempt(ListGroupPolicies, context, { GroupName, MaxItems: 1000 }),
    attempt(ListAttachedGroupPolicies, context, { GroupName, MaxItems: 1000 }),
    attempt(ListPolicies, context, { Scope: 'All', MaxItems: 1000 }),
  ])
  const trail = [['Groups', paths.groups()]] as const
  if (!got.ok) {
    return (
      <>
        <PageHeader title={GroupName} trail={trail} />
        <ProblemMessage problem={got.problem} />
      </>
    )
  }
  const { Group, Users } = got.output
  const held = new Set(attached.ok ? attached.output.AttachedPolicies.map(({ PolicyArn }) => PolicyArn) : [])
  const rows: PolicyRow[] = [
    ...(inline.ok ? inline.output.PolicyNames : []).map((PolicyName) => ({
      id: `inline ${PolicyName}`,
      name: PolicyName,
      kind: 'Customer inline',
      tone: 'neutral' as const,
      href: paths.groupPolicy(GroupName, PolicyName),
      from: 'Directly',
      actions: (
        <DialogForm
          button="Delete"
          variant="quiet"
          title={`Delete ${PolicyName}`}
          description="What this policy allows or denies the users of the group ends at once."
          action={deleteGroupPolicy}
          hidden={{ GroupName, PolicyName }}
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
          description="What this policy allows or denies the users of the group ends at once. The policy itself stays."
          action={detachGroupPolicy}
          hidden={{ GroupName, PolicyArn }}
          danger
          submit="Detach policy"
          undo={{ action: attachGroupPolicy, values: { GroupName, PolicyArn } }}
        />
      ),
    })),
  ]
  const problem = [inline, attached].find((each) => !each.ok)
  return (
    <>
      <PageHeader
        title={Group.GroupName}
        trail={trail}
        actions={
          <DialogForm
            button="Delete group"
            title={`Delete ${GroupName}`}
            description="Its users and policies have to be removed first. The users themselves stay."
            action={deleteGroup}
            hidden={{ GroupName }}
            confirm={GroupName}
            danger
            submit="Delete group"
          />
        }
      />
      <Panel title="Summary">
        <Properties
          items={[
            ['ARN', <Copyable key="arn" text={Group.Arn} name="ARN" />],
            ['Group ID', <Copyable key="id" text={Group.GroupId} name="group ID" />],
            ['Created', <Time key="created" at={Group.CreateDate} />],
          ]}
        />
      </Panel>
      <Panel
        title="Users"
        flush
        actions={
          <DialogForm button="Add user" title={`Add a user to ${GroupName}`} action={addUserToGroup} hidden={{ GroupName }} submit="Add user">
            <FormInput name="UserName" label="User name" autoCapitalize="none" required />
          </DialogForm>
        }
      >
        <div className="[&>div]:rounded-t-none [&>div]:border-0">
          <NamedRows
            label="Users"
            header="User name"
            rows={Users.map(({ UserName, Arn, CreateDate }) => ({
              name: UserName,
              href: paths.user(UserName),
              arn: Arn,
              created: CreateDate.toISOString(),
              actions: (
                <DialogForm
                  button="Remove"
                  variant="quiet"
                  title={`Remove ${UserName} from ${GroupName}`}
                  description="What the group's policies allow or deny this user ends at once."
                  action={removeUserFromGroup}
                  hidden={{ UserName, GroupName }}
                  danger
                  submit="Remove from group"
                  undo={{ action: addUserToGroup, values: { UserName, GroupName } }}
                />
              ),
            }))}
            empty={<EmptyState title="No users in this group" />}
          />
        </div>
      </Panel>
      <Panel
        title="Permissions policies"
        description="They speak for every user of the group, beside the user’s own: a Deny anywhere outweighs every Allow."
        flush
        actions={
          <>
            <DialogForm button="Attach policy" title={`Attach a policy to ${GroupName}`} action={attachGroupPolicy} hidden={{ GroupName }} submit="Attach policy" reason={policies.ok ? undefined : 'You may not list policies: iam:ListPolicies is refused to you.'}>
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
            <ButtonLink href={paths.createGroupPolicy(GroupName)}>Create inline policy</ButtonLink>
          </>
        }
      >
        <div className="[&>div]:rounded-t-none [&>div]:border-0">{problem?.ok === false ? <ProblemMessage problem={problem.problem} /> : <PolicyRows rows={rows} empty={<EmptyState title="No policies" />} />}</div>
      </Panel>
    </>
  )
}
