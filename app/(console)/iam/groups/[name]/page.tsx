import type { Metadata } from 'next'
import { Copyable } from '#components/console/copyable.tsx'
import { DialogForm } from '#components/console/dialog-form.tsx'
import { FormInput } from '#components/console/form.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Time } from '#components/console/time.tsx'
import { GuardedForm } from '#components/iam/guarded-form.tsx'
import { NamedRows } from '#components/iam/named-rows.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Properties } from '#components/ui/properties.tsx'
import { GetGroup, ListAttachedGroupPolicies, ListGroupPolicies, ListPolicies } from '#lib/iam/api'
import { attempt } from '../../../../attempt.ts'
import { paths } from '../../../../paths.ts'
import { readSegment } from '../../../../query.ts'
import { requestContext } from '../../../../session.ts'
import { addUserToGroup, deleteGroup, removeUserFromGroup } from '../../actions.ts'
import { PoliciesPanel } from '../../policies-panel.tsx'
import { groupHolder } from '../../policy-holder.ts'

type Props = { params: Promise<{ name: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: readSegment((await params).name) }
}

export default async function GroupPage({ params }: Props) {
  const GroupName = readSegment((await params).name)
  const context = await requestContext()
  const [got, inline, attached, managed] = await Promise.all([
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
          <GuardedForm operation="AddUserToGroup" name={GroupName} button="Add user" title={`Add a user to ${GroupName}`} action={addUserToGroup} hidden={{ GroupName }} submit="Add user">
            <FormInput name="UserName" label="User name" autoCapitalize="none" required />
          </GuardedForm>
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
                <GuardedForm
                  operation="RemoveUserFromGroup"
                  name={GroupName}
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
      <PoliciesPanel
        holder={groupHolder(GroupName)}
        description="They speak for every user of the group, beside the user’s own: a Deny anywhere outweighs every Allow."
        inline={inline}
        attached={attached}
        managed={managed}
        empty={<EmptyState title="No policies" />}
      />
    </>
  )
}
