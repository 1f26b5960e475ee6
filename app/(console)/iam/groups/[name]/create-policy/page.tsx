import type { Metadata } from 'next'
import { FormInput } from '#components/console/form.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { PolicyForm } from '#components/iam/policy-form.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { paths } from '../../../../../paths.ts'
import { readSegment } from '../../../../../query.ts'
import { requestContext } from '../../../../../session.ts'
import { putGroupPolicy } from '../../../actions.ts'
import { newPolicyDocument } from '../../../new-policy-document.ts'

export const metadata: Metadata = { title: 'Create inline policy' }

export default async function CreateGroupPolicyPage({ params }: { params: Promise<{ name: string }> }) {
  const GroupName = readSegment((await params).name)
  const { accountId } = await requestContext()
  return (
    <>
      <PageHeader
        title="Create inline policy"
        trail={[
          ['Groups', paths.groups()],
          [GroupName, paths.group(GroupName)],
        ]}
        description={`Part of ${GroupName} alone, and deleted with it. It speaks for every user of the group.`}
      />
      <div className="max-w-4xl">
        <Panel title="Policy">
          <PolicyForm
            isNew
            action={putGroupPolicy}
            hidden={{ GroupName }}
            submit="Create policy"
            cancel={paths.group(GroupName)}
            name="PolicyDocument"
            title={GroupName}
            document={newPolicyDocument(accountId)}
            edited={{ source: 'group-policy', policy: '', attachedTo: GroupName }}
            before={<FormInput name="PolicyName" label="Policy name" maxLength={128} required />}
          />
        </Panel>
      </div>
    </>
  )
}
