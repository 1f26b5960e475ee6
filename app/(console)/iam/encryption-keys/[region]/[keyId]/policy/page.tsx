import type { Metadata } from 'next'
import { Form } from '#components/console/form.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { PolicyEditor } from '#components/iam/policy-editor.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { GetKeyPolicy } from '#lib/kms/api'
import { attempt } from '../../../../../../attempt.ts'
import { paths } from '../../../../../../paths.ts'
import { readableDocument } from '../../../../new-policy-document.ts'
import { putKeyPolicy } from '../../../../../kms/actions.ts'
import { KeyFrame } from '../key-frame.tsx'
import { refusals, type KeyParams } from '../key-page.ts'

export const metadata: Metadata = { title: 'Key policy' }

export default function KeyPolicyPage({ params }: { params: KeyParams }) {
  return (
    <KeyFrame params={params}>
      {async ({ region, context, key }) => {
        const [policy, refused] = await Promise.all([
          attempt(GetKeyPolicy, context, { KeyId: key.KeyId, PolicyName: 'default' }),
          refusals(context, key.KeyId, ['putPolicy']),
        ])
        if (!policy.ok) return <ProblemMessage problem={policy.problem} />
        const document = readableDocument(policy.output.Policy)
        return (
          <Panel title="Key policy" description={refused.putPolicy ?? 'Who may use and administer this key. Without its leave, no IAM policy counts.'}>
            {refused.putPolicy === undefined ? (
              <div className="max-w-4xl">
                <Form action={putKeyPolicy} hidden={{ region, KeyId: key.KeyId }} submit="Save changes" cancel={paths.key(region, key.KeyId)}>
                  <PolicyEditor name="Policy" label="Policy document" document={document} description="One that would leave nobody able to change it again is refused." />
                </Form>
              </div>
            ) : (
              <CodeBlock code={document} label="key policy" />
            )}
          </Panel>
        )
      }}
    </KeyFrame>
  )
}
