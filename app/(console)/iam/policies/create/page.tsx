import type { Metadata } from 'next'
import { Form, FormInput } from '#components/console/form.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { PolicyEditor } from '#components/iam/policy-editor.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { paths } from '../../../../paths.ts'
import { requestContext } from '../../../../session.ts'
import { createPolicy } from '../../actions.ts'
import { newPolicyDocument } from '../../new-policy-document.ts'

export const metadata: Metadata = { title: 'Create policy' }

export default async function CreatePolicyPage() {
  const { accountId } = await requestContext()
  return (
    <>
      <PageHeader title="Create policy" trail={[['Policies', paths.policies()]]} description="A customer managed policy, to attach to users and groups." />
      <div className="max-w-4xl">
        <Panel title="Policy">
          <Form action={createPolicy} submit="Create policy" cancel={paths.policies()}>
            <FormInput name="PolicyName" label="Policy name" maxLength={128} required />
            <FormInput name="Description" label="Description" optional maxLength={1000} />
            <PolicyEditor name="PolicyDocument" label="Policy document" document={newPolicyDocument(accountId)} />
          </Form>
        </Panel>
      </div>
    </>
  )
}
