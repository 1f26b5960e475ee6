import type { Metadata } from 'next'
import { FormInput } from '#components/console/form.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { PolicyForm } from '#components/iam/policy-form.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { paths } from '../../../../../paths.ts'
import { readSegment } from '../../../../../query.ts'
import { requestContext } from '../../../../../session.ts'
import { putUserPolicy } from '../../../actions.ts'
import { newPolicyDocument } from '../../../new-policy-document.ts'

export const metadata: Metadata = { title: 'Create inline policy' }

export default async function CreateUserPolicyPage({ params }: { params: Promise<{ name: string }> }) {
  const UserName = readSegment((await params).name)
  const { accountId } = await requestContext()
  return (
    <>
      <PageHeader
        title="Create inline policy"
        trail={[
          ['Users', paths.users()],
          [UserName, paths.user(UserName)],
        ]}
        description={`Part of ${UserName} alone, and deleted with it.`}
      />
      <div className="max-w-4xl">
        <Panel title="Policy">
          <PolicyForm
            isNew
            action={putUserPolicy}
            hidden={{ UserName }}
            submit="Create policy"
            cancel={paths.user(UserName)}
            name="PolicyDocument"
            title={UserName}
            document={newPolicyDocument(accountId)}
            edited={{ source: 'identity-policy', policy: '', attachedTo: UserName }}
            before={<FormInput name="PolicyName" label="Policy name" maxLength={128} required />}
          />
        </Panel>
      </div>
    </>
  )
}
