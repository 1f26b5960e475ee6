'use client'
import { useOptimistic, type ReactNode } from 'react'
import { fieldOf, useAct } from '#components/console/act.ts'
import type { Action } from '#components/console/action-state.ts'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Button } from '#components/ui/button.tsx'
import { CredentialRow } from './credential-card.tsx'
import { GuardedForm } from './guarded-form.tsx'

type SwitchedCredentialProps = Readonly<{
  id: string
  /** What the ID is, for its copy button: `access key ID`. */
  name: string
  /** What it is, in sentences: `access key`. */
  what: string
  active: boolean
  facts: readonly (readonly [string, ReactNode])[]
  /** Makes it active or inactive: the form's `Status`. */
  update: Action
  hidden: Readonly<Record<string, string>>
  /** IAM's operation of that, asked about first; credentials for git need not be. */
  operation?: string
  /** What else can be done with it: before the switch, and after it. */
  before?: ReactNode
  after?: ReactNode
}>

/**
 * A credential that can be made active and inactive, and what else can be done with it. Its new state is shown at once; where that is
 * refused it is as it was, and under it stands why.
 */
export function SwitchedCredential({ id, name, what, active, facts, update, hidden, operation, before, after }: SwitchedCredentialProps) {
  const { act, begin, problem } = useAct()
  const [shown, show] = useOptimistic(active)
  const values = (status: 'Active' | 'Inactive') => ({ ...hidden, Status: status })
  return (
    <CredentialRow
      id={id}
      name={name}
      active={shown}
      facts={facts}
      actions={
        <>
          {before}
          {shown ? (
            <GuardedForm
              operation={operation}
              name={id}
              button="Make inactive"
              variant="quiet"
              title={`Make the ${what} inactive`}
              description="Whatever uses it is refused from now on. It can be made active again."
              action={begin(update, (form) => ({ before: () => show(fieldOf(form, 'Status') === 'Active'), undo: { action: update, values: values('Active') } }))}
              hidden={values('Inactive')}
              submit="Make inactive"
            />
          ) : (
            <Button variant="quiet" onClick={() => act(update, values('Active'), { before: () => show(true), undo: { action: update, values: values('Inactive') } })}>
              Make active
            </Button>
          )}
          {after}
        </>
      }
    >
      {problem && <ProblemMessage problem={problem} live />}
    </CredentialRow>
  )
}
