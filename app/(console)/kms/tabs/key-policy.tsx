import { ProblemMessage } from '#components/console/problem-message.tsx'
import { PolicyForm } from '#components/iam/policy-form.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { GetKeyPolicy } from '#lib/kms/api'
import { attempt } from '../../../attempt.ts'
import { readableDocument } from '../../iam/new-policy-document.ts'
import { putKeyPolicy } from '../actions.ts'
import { keyHref, type FoundKey } from '../key-frame.tsx'
import { refusals } from '../key-page.ts'

/** The key policy, to read or to change. */
export async function KeyPolicyTab({ found }: { found: FoundKey }) {
  const { region, context, key } = found
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
          <PolicyForm
            key={document}
            action={putKeyPolicy}
            hidden={{ region, KeyId: key.KeyId }}
            submit="Save changes"
            cancel={keyHref(found)}
            name="Policy"
            title={found.name}
            document={document}
            kind="resource"
            edited={{ source: 'resource-policy', policy: 'key policy', attachedTo: key.Arn }}
          />
        </div>
      ) : (
        <CodeBlock code={document} label="key policy" />
      )}
    </Panel>
  )
}
