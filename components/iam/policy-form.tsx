'use client'
import { use, useState, type ReactNode } from 'react'
import type { Action } from '#components/console/action-state.ts'
import { FormInDialog } from '#components/console/dialog-form.tsx'
import { Form, useFieldError } from '#components/console/form.tsx'
import { DiffLines } from '#components/codecommit/diff-lines.tsx'
import { FieldError } from '#components/ui/field.tsx'
import { checkDocument, nothingLost, type EditedPolicy, type Losses } from './check-document.ts'
import { LossesMessage } from './losses-message.tsx'
import { policyChanges, saysTheSame } from './policy-changes.ts'
import { PolicyEditor } from './policy-editor.tsx'
import { PolicyToolsContext } from './policy-tools.tsx'

type Asked = Losses & Readonly<{ fields: Readonly<Record<string, string>>; document: string }>

/**
 * A policy document to save. What has changed is shown before it is saved, and what whoever saves it would lose; who is about to
 * lock themselves out confirms it a second time, by the policy's name. A new one is asked about only where something would be lost.
 */
export function PolicyForm({
  action,
  hidden,
  submit,
  cancel,
  name,
  title,
  document,
  description,
  kind = 'identity',
  edited,
  isNew = false,
  countsWith,
  before,
  children,
}: {
  action: Action
  hidden: Readonly<Record<string, string>>
  submit: string
  cancel?: string
  /** The form's field for the document. */
  name: string
  /** What the policy is called: it is typed to confirm a lockout. */
  title: string
  document: string
  description?: string
  kind?: 'identity' | 'resource'
  edited: EditedPolicy
  isNew?: boolean
  /** The checkbox without which the document does not count yet. */
  countsWith?: string
  /** Fields over the editor. */
  before?: ReactNode
  /** Fields under it. */
  children?: ReactNode
}) {
  const tools = use(PolicyToolsContext)
  const [text, setText] = useState(document)
  const [asked, setAsked] = useState<Asked>()

  const review: Action = async (form) => {
    const fields = Object.fromEntries([...form].flatMap(([field, value]) => (typeof value === 'string' ? [[field, value]] : [])))
    const written = fields[name] ?? ''
    const policy = edited.policy === '' ? (fields['PolicyName'] ?? '').trim() : edited.policy
    const { state, ...lost } = tools ? await checkDocument(tools.check, written, kind, { ...edited, policy }) : { state: undefined, ...nothingLost }
    if (state?.outcome === 'refused') return { ...state, fields: { [name]: state.problem.message } }
    if (state?.to !== undefined) return state
    const losses = countsWith === undefined || fields[countsWith] !== undefined ? lost : nothingLost
    if (isNew && losses.warnings.length === 0) return action(form)
    setAsked({ ...losses, fields: { ...fields, ...(losses.refusedByKms && { BypassPolicyLockoutSafetyCheck: 'true' }) }, document: written })
    return { outcome: 'done', answer: {} }
  }

  return (
    <>
      <Form action={review} hidden={hidden} submit={submit} {...(cancel !== undefined && { cancel })} reason={!isNew && saysTheSame(document, text) ? 'The document is as it was: there is nothing to save.' : undefined}>
        {before}
        <PolicyEditor name={name} label="Policy document" document={document} description={description} kind={kind} edited={edited} onChange={setText} />
        {children}
      </Form>
      {asked && (
        <FormInDialog
          open
          onOpenChange={() => setAsked(undefined)}
          title={isNew ? 'Create this policy?' : 'Save these changes?'}
          description={countsWith === undefined || asked.fields[countsWith] !== undefined ? `They count from the next request on.` : 'They count once this version is the default.'}
          action={action}
          hidden={asked.fields}
          submit={submit}
          danger={asked.lockout}
          {...(asked.lockout && { confirm: title })}
        >
          {!isNew && (
            <div className="rounded-control border border-line">
              <DiffLines hunks={policyChanges(document, asked.document)} split={false} name={title} />
            </div>
          )}
          <LossesMessage losses={asked} />
          <Refused name={name} />
        </FormInDialog>
      )}
    </>
  )
}

/** What was refused at the last moment, though the check had found nothing: a quota, a change in between. */
function Refused({ name }: { name: string }) {
  const refused = useFieldError(name)
  return refused === undefined ? null : <FieldError>{refused}</FieldError>
}
