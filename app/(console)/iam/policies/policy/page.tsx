import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Copyable } from '#components/console/copyable.tsx'
import { DialogForm } from '#components/console/dialog-form.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Time } from '#components/console/time.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { PolicyForm } from '#components/iam/policy-form.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { Checkbox } from '#components/ui/field.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Properties } from '#components/ui/properties.tsx'
import { GetPolicy, GetPolicyVersion } from '#lib/iam/api'
import { attempt } from '../../../../attempt.ts'
import { paths } from '../../../../paths.ts'
import { readQuery, type Query } from '../../../../query.ts'
import { requestContext } from '../../../../session.ts'
import { createPolicyVersion, deletePolicy } from '../../actions.ts'
import { managedKind } from '../../managed-kind.ts'
import { readableDocument } from '../../new-policy-document.ts'
import { PolicyEntities } from '../policy-entities.tsx'
import { PolicyVersions } from '../policy-versions.tsx'

export const metadata: Metadata = { title: 'Policy' }

export default async function PolicyPage({ searchParams }: { searchParams: Query }) {
  const { arn, version: shownVersion } = await readQuery(searchParams, 'arn', 'version')
  if (arn === undefined) notFound()
  const context = await requestContext()
  const got = await attempt(GetPolicy, context, { PolicyArn: arn })
  const trail = [['Policies', paths.policies()]] as const
  if (!got.ok) {
    return (
      <>
        <PageHeader title={arn} trail={trail} />
        <ProblemMessage problem={got.problem} />
      </>
    )
  }
  const { Policy } = got.output
  const version = await attempt(GetPolicyVersion, context, { PolicyArn: arn, VersionId: shownVersion ?? Policy.DefaultVersionId })
  const { kind, tone } = managedKind(arn)
  return (
    <>
      <PageHeader
        title={Policy.PolicyName}
        trail={trail}
        description={Policy.Description}
        actions={
          <DialogForm
            button="Delete policy"
            title={`Delete ${Policy.PolicyName}`}
            description="It has to be detached from every user and group first."
            action={deletePolicy}
            hidden={{ PolicyArn: arn }}
            confirm={Policy.PolicyName}
            danger
            submit="Delete policy"
            reason={kind === 'AWS managed' ? 'AWS manages this policy: it cannot be changed or deleted.' : undefined}
          />
        }
      />
      <Panel title="Summary">
        <Properties
          items={[
            [
              'Type',
              <Badge key="kind" tone={tone}>
                {kind}
              </Badge>,
            ],
            ['ARN', <Copyable key="arn" text={Policy.Arn} name="ARN" />],
            ['Attached to', `${Policy.AttachmentCount} ${Policy.AttachmentCount === 1 ? 'user or group' : 'users and groups'}`],
            ['Default version', Policy.DefaultVersionId],
            ['Updated', <Time key="updated" at={Policy.UpdateDate} />],
          ]}
        />
      </Panel>
      <Panel title={`Policy document, ${shownVersion ?? Policy.DefaultVersionId}`} description={kind === 'AWS managed' ? undefined : 'What is saved is a new version; five are kept.'}>
        {!version.ok ? (
          <ProblemMessage problem={version.problem} />
        ) : kind === 'AWS managed' ? (
          <CodeBlock code={readableDocument(decodeURIComponent(version.output.PolicyVersion.Document))} label="policy document" />
        ) : (
          <div className="max-w-4xl">
            <PolicyForm
              key={`${shownVersion ?? Policy.DefaultVersionId} ${Policy.UpdateDate.toISOString()}`}
              action={createPolicyVersion}
              hidden={{ PolicyArn: arn }}
              submit="Create version"
              name="PolicyDocument"
              title={Policy.PolicyName}
              document={readableDocument(decodeURIComponent(version.output.PolicyVersion.Document))}
              edited={{ source: 'identity-policy', policy: arn, attachedTo: '' }}
              countsWith="SetAsDefault"
            >
              <Checkbox name="SetAsDefault" value="true" defaultChecked label="Set as the default version" description="It counts from the next request on, for everyone it is attached to." />
            </PolicyForm>
          </div>
        )}
      </Panel>
      <PolicyVersions context={context} policyArn={arn} own={kind !== 'AWS managed'} />
      <PolicyEntities context={context} policyArn={arn} />
    </>
  )
}
