import type { Metadata } from 'next'
import { FormSelect } from '#components/console/form.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { GuardedForm } from '#components/iam/guarded-form.tsx'
import { NamedRows } from '#components/iam/named-rows.tsx'
import { UserHeader } from '#components/iam/user-header.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { ListGroups, ListGroupsForUser } from '#lib/iam/api'
import { attempt } from '../../../../../attempt.ts'
import { paths } from '../../../../../paths.ts'
import { readSegment } from '../../../../../query.ts'
import { requestContext } from '../../../../../session.ts'
import { addUserToGroup, removeUserFromGroup } from '../../../actions.ts'

export const metadata: Metadata = { title: 'Groups of a user' }

export default async function UserGroupsPage({ params }: { params: Promise<{ name: string }> }) {
  const UserName = readSegment((await params).name)
  const context = await requestContext()
  const [mine, all] = await Promise.all([attempt(ListGroupsForUser, context, { UserName, MaxItems: 1000 }), attempt(ListGroups, context, { MaxItems: 1000 })])
  const names = mine.ok ? mine.output.Groups.map(({ GroupName }) => GroupName) : []
  const others = (all.ok ? all.output.Groups : []).map(({ GroupName }) => GroupName).filter((name) => !names.includes(name))
  return (
    <>
      <UserHeader
        userName={UserName}
        actions={
          <GuardedForm
            operation="AddUserToGroup"
            name={UserName}
            button="Add to group"
            title={`Add ${UserName} to a group`}
            action={addUserToGroup}
            hidden={{ UserName }}
            submit="Add to group"
            reason={others.length === 0 ? 'There is no group that this user is not in.' : undefined}
          >
            <FormSelect name="GroupName" label="Group" defaultValue="">
              <option value="">Choose a group</option>
              {others.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </FormSelect>
          </GuardedForm>
        }
      />
      {mine.ok ? (
        <NamedRows
          label="Groups"
          header="Group name"
          rows={mine.output.Groups.map(({ GroupName, Arn, CreateDate }) => ({
            name: GroupName,
            href: paths.group(GroupName),
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
          empty={<EmptyState title="In no group">A group gives its policies to all its users.</EmptyState>}
        />
      ) : (
        <ProblemMessage problem={mine.problem} />
      )}
    </>
  )
}
