import type { Metadata } from 'next'
import { PageHeader } from '#components/console/page-header.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { PolicyForm } from '#components/iam/policy-form.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { GetUserPolicy } from '#lib/iam/api'
import { attempt } from '../../../../../../attempt.ts'
import { paths } from '../../../../../../paths.ts'
import { readSegment } from '../../../../../../query.ts'
import { requestContext } from '../../../../../../session.ts'
import { putUserPolicy } from '../../../../actions.ts'
import { readableDocument } from '../../../../new-policy-document.ts'

type Props = { params: Promise<{ name: string; policy: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: readSegment((await params).policy) }
}

export default async function UserPolicyPage({ params }: Props) {
  const { name, policy } = await params
  const UserName = readSegment(name)
  const PolicyName = readSegment(policy)
  const got = await attempt(GetUserPolicy, await requestContext(), { UserName, PolicyName })
  return (
    <>
      <PageHeader
        title={PolicyName}
        trail={[
          ['Users', paths.users()],
          [UserName, paths.user(UserName)],
        ]}
        description={`Inline policy of ${UserName}`}
      />
      {got.ok ? (
        <div className="max-w-4xl">
          <Panel title="Policy document">
            <PolicyForm
              action={putUserPolicy}
              hidden={{ UserName, PolicyName }}
              submit="Save changes"
              cancel={paths.user(UserName)}
              name="PolicyDocument"
              title={PolicyName}
              document={readableDocument(decodeURIComponent(got.output.PolicyDocument))}
              edited={{ source: 'identity-policy', policy: PolicyName, attachedTo: UserName }}
            />
          </Panel>
        </div>
      ) : (
        <ProblemMessage problem={got.problem} />
      )}
    </>
  )
}
