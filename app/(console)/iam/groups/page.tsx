import type { Metadata } from 'next'
import { DialogForm } from '#components/console/dialog-form.tsx'
import { FormInput } from '#components/console/form.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { NamedRows } from '#components/iam/named-rows.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { ListGroups } from '#lib/iam/api'
import { attempt } from '../../../attempt.ts'
import { paths } from '../../../paths.ts'
import { requestContext } from '../../../session.ts'
import { createGroup } from '../actions.ts'

export const metadata: Metadata = { title: 'Groups' }

export default async function GroupsPage() {
  // An account has at most 300 groups: one page holds them all.
  const found = await attempt(ListGroups, await requestContext(), { MaxItems: 1000 })
  return (
    <>
      <PageHeader
        title="Groups"
        description="Users who share policies."
        actions={
          <DialogForm button="Create group" variant="primary" title="Create group" action={createGroup} submit="Create group">
            <FormInput name="GroupName" label="Group name" maxLength={128} required />
          </DialogForm>
        }
      />
      {found.ok ? (
        <NamedRows
          label="Groups"
          header="Group name"
          rows={found.output.Groups.map(({ GroupName, Arn, CreateDate }) => ({ name: GroupName, href: paths.group(GroupName), arn: Arn, created: CreateDate.toISOString() }))}
          empty={<EmptyState title="No groups yet">Policies that several users need are attached once, to a group.</EmptyState>}
        />
      ) : (
        <ProblemMessage problem={found.problem} />
      )}
    </>
  )
}
