import type { ReactNode } from 'react'
import { FormSelect } from '#components/console/form.tsx'
import { ButtonLink } from '#components/console/link.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { GuardedForm } from '#components/iam/guarded-form.tsx'
import { PolicyRows, type PolicyRow } from '#components/iam/policy-rows.tsx'
import { Panel } from '#components/ui/panel.tsx'
import type { Attempt } from '../../attempt.ts'
import { paths } from '../../paths.ts'
import { managedKind } from './managed-kind.ts'
import type { PolicyHolder } from './policy-holder.ts'

type Attached = Readonly<{ PolicyName: string; PolicyArn: string }>

/** What a user or a group holds, inline and attached, with what can be done about each; `inherited` stands below. */
export function PoliciesPanel({
  holder,
  description,
  inline,
  attached,
  managed,
  inherited = [],
  empty,
}: {
  holder: PolicyHolder
  description: string
  inline: Attempt<Readonly<{ PolicyNames: readonly string[] }>>
  attached: Attempt<Readonly<{ AttachedPolicies: readonly Attached[] }>>
  /** Those that could be attached. */
  managed: Attempt<Readonly<{ Policies: readonly Readonly<{ Arn: string; PolicyName: string }>[] }>>
  inherited?: readonly PolicyRow[]
  empty: ReactNode
}) {
  const attachedPolicies = attached.ok ? attached.output.AttachedPolicies : []
  const held = new Set(attachedPolicies.map(({ PolicyArn }) => PolicyArn))
  const rows = [...inlineRows(holder, inline.ok ? inline.output.PolicyNames : []), ...attachedRows(holder, attachedPolicies), ...inherited]
  const problem = [inline, attached].find((each) => !each.ok)
  return (
    <Panel
      title="Permissions policies"
      description={description}
      flush
      actions={
        <>
          <GuardedForm operation={`Attach${holder.kind}Policy`} name={holder.name} button="Attach policy" title={`Attach a policy to ${holder.name}`} action={holder.attach} hidden={holder.hidden} submit="Attach policy" reason={managed.ok ? undefined : 'You may not list policies: iam:ListPolicies is refused to you.'}>
            <FormSelect name="PolicyArn" label="Managed policy" defaultValue="">
              <option value="">Choose a policy</option>
              {(managed.ok ? managed.output.Policies : [])
                .filter(({ Arn }) => !held.has(Arn))
                .map(({ Arn, PolicyName }) => (
                  <option key={Arn} value={Arn}>
                    {PolicyName}
                    {managedKind(Arn).kind === 'AWS managed' ? ' (AWS managed)' : ''}
                  </option>
                ))}
            </FormSelect>
          </GuardedForm>
          <ButtonLink href={holder.createHref}>Create inline policy</ButtonLink>
        </>
      }
    >
      <div className="[&>div]:rounded-t-none [&>div]:border-0">{problem?.ok === false ? <ProblemMessage problem={problem.problem} /> : <PolicyRows rows={rows} empty={empty} />}</div>
    </Panel>
  )
}

function inlineRows({ kind, hidden, whom, inlineHref, deleteInline }: PolicyHolder, names: readonly string[]): PolicyRow[] {
  return names.map((PolicyName) => ({
    id: `inline ${PolicyName}`,
    name: PolicyName,
    kind: 'Customer inline',
    tone: 'neutral' as const,
    href: inlineHref(PolicyName),
    from: 'Directly',
    actions: (
      <GuardedForm
        operation={`Delete${kind}Policy`}
        name={PolicyName}
        button="Delete"
        variant="quiet"
        title={`Delete ${PolicyName}`}
        description={`What this policy allows or denies ${whom} ends at once.`}
        action={deleteInline}
        hidden={{ ...hidden, PolicyName }}
        danger
        submit="Delete policy"
      />
    ),
  }))
}

function attachedRows({ kind, hidden, whom, attach, detach }: PolicyHolder, policies: readonly Attached[]): PolicyRow[] {
  return policies.map(({ PolicyName, PolicyArn }) => ({
    id: PolicyArn,
    name: PolicyName,
    ...managedKind(PolicyArn),
    href: paths.policy(PolicyArn),
    from: 'Directly',
    actions: (
      <GuardedForm
        operation={`Detach${kind}Policy`}
        name={PolicyName}
        button="Detach"
        variant="quiet"
        title={`Detach ${PolicyName}`}
        description={`What this policy allows or denies ${whom} ends at once. The policy itself stays.`}
        action={detach}
        hidden={{ ...hidden, PolicyArn }}
        danger
        submit="Detach policy"
        undo={{ action: attach, values: { ...hidden, PolicyArn } }}
      />
    ),
  }))
}
