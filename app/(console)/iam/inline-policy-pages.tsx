import { FormInput } from '#components/console/form.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { PolicyForm } from '#components/iam/policy-form.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { requestContext } from '../../session.ts'
import { storedInlinePolicy } from './check-policy/actions.ts'
import { newPolicyDocument, readableDocument } from './new-policy-document.ts'
import type { PolicyHolder } from './policy-holder.ts'

/** Writes an inline policy of a user or a group; where there is one of the name, what differs from it is shown first. */
export async function CreateInlinePolicy({ holder: { name, hidden, ofNew, source, trail, href, put } }: { holder: PolicyHolder }) {
  const { accountId } = await requestContext()
  return (
    <>
      <PageHeader title="Create inline policy" trail={trail} description={ofNew} />
      <div className="max-w-4xl">
        <Panel title="Policy">
          <PolicyForm
            isNew
            stored={storedInlinePolicy}
            action={put}
            hidden={hidden}
            submit="Create policy"
            cancel={href}
            name="PolicyDocument"
            title={name}
            document={newPolicyDocument(accountId)}
            edited={{ source, policy: '', attachedTo: name }}
            before={<FormInput name="PolicyName" label="Policy name" maxLength={128} required />}
          />
        </Panel>
      </div>
    </>
  )
}

/** Shows an inline policy of a user or a group, to change it. */
export async function InlinePolicy({ holder: { name, hidden, source, trail, href, put, read }, policyName }: { holder: PolicyHolder; policyName: string }) {
  const got = await read(await requestContext(), policyName)
  return (
    <>
      <PageHeader title={policyName} trail={trail} description={`Inline policy of ${name}`} />
      {got.ok ? (
        <div className="max-w-4xl">
          <Panel title="Policy document">
            <PolicyForm
              action={put}
              hidden={{ ...hidden, PolicyName: policyName }}
              submit="Save changes"
              cancel={href}
              name="PolicyDocument"
              title={policyName}
              document={readableDocument(decodeURIComponent(got.output.PolicyDocument))}
              edited={{ source, policy: policyName, attachedTo: name }}
            />
          </Panel>
        </div>
      ) : (
        <ProblemMessage problem={got.problem} />
      )}
    </>
  )
}
