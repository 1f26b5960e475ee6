import type { Metadata } from 'next'
import { PageHeader } from '#components/console/page-header.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { PolicyForm } from '#components/iam/policy-form.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { GetGroupPolicy } from '#lib/iam/api'
import { attempt } from '../../../../../../attempt.ts'
import { paths } from '../../../../../../paths.ts'
import { readSegment } from '../../../../../../query.ts'
import { requestContext } from '../../../../../../session.ts'
import { putGroupPolicy } from '../../../../actions.ts'
import { readableDocument } from '../../../../new-policy-document.ts'

type Props = { params: Promise<{ name: string; policy: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: readSegment((await params).policy) }
}

export default async function GroupPolicyPage({ params }: Props) {
  const { name, policy } = await params
  const GroupName = readSegment(name)
  const PolicyName = readSegment(policy)
  const got = await attempt(GetGroupPolicy, await requestContext(), { GroupName, PolicyName })
  return (
    <>
      <PageHeader
        title={PolicyName}
        trail={[
          ['Groups', paths.groups()],
          [GroupName, paths.group(GroupName)],
        ]}
        description={`Inline policy of ${GroupName}`}
      />
      {got.ok ? (
        <div className="max-w-4xl">
          <Panel title="Policy document">
            <PolicyForm
              action={putGroupPolicy}
              hidden={{ GroupName, PolicyName }}
              submit="Save changes"
              cancel={paths.group(GroupName)}
              name="PolicyDocument"
              title={PolicyName}
              document={readableDocument(decodeURIComponent(got.output.PolicyDocument))}
              edited={{ source: 'group-policy', policy: PolicyName, attachedTo: GroupName }}
            />
          </Panel>
        </div>
      ) : (
        <ProblemMessage problem={got.problem} />
      )}
    </>
  )
}
