'use client'
import { use, useState, type ReactNode } from 'react'
import type { Action } from '#components/console/action-state.ts'
import { Form } from '#components/console/form.tsx'
import { checkDocument, nothingLost, type EditedPolicy } from './check-document.ts'
import { saysTheSame } from './policy-changes.ts'
import { PolicyEditor } from './policy-editor.tsx'
import { PolicyReview, type Reviewed } from './policy-review.tsx'
import { PolicyToolsContext } from './policy-tools.tsx'

/**
 * A policy document to save. What has changed is shown before it is saved, and what whoever saves it would lose; who is about to
 * lock themselves out confirms it a second time, by the policy's name. A new one is asked about only where something would be lost,
 * or where it would be put in the place of another.
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
  stored,
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
  /** Finds what a new one of the name that was typed would replace. */
  stored?: Action
  /** The checkbox without which the document does not count yet. */
  countsWith?: string
  /** Fields over the editor. */
  before?: ReactNode
  /** Fields under it. */
  children?: ReactNode
}) {
  const tools = use(PolicyToolsContext)
  const [text, setText] = useState(document)
  const [asked, setAsked] = useState<Reviewed>()

  const review: Action = async (form) => {
    const fields = Object.fromEntries([...form].flatMap(([field, value]) => (typeof value === 'string' ? [[field, value]] : [])))
    const written = fields[name] ?? ''
    const policy = edited.policy === '' ? (fields['PolicyName'] ?? '').trim() : edited.policy
    const { state, ...lost } = tools ? await checkDocument(tools.check, written, kind, { ...edited, policy }) : { state: undefined, ...nothingLost }
    if (state?.outcome === 'refused') return { ...state, fields: { [name]: state.problem.message } }
    if (state?.to !== undefined) return state
    const losses = countsWith === undefined || fields[countsWith] !== undefined ? lost : nothingLost
    const found = isNew ? await stored?.(form) : undefined
    if (found?.outcome === 'refused') return found
    const { document: replaced, unreadable } = found?.answer ?? {}
    if (isNew && losses.warnings.length === 0 && replaced === undefined && unreadable === undefined) return action(form)
    setAsked({
      losses,
      fields: { ...fields, ...(losses.refusedByKms && { BypassPolicyLockoutSafetyCheck: 'true' }) },
      document: written,
      before: isNew ? replaced : document,
      unreadable,
      counts: countsWith === undefined || fields[countsWith] !== undefined,
    })
    return { outcome: 'done', answer: {} }
  }

  return (
    <>
      <Form action={review} hidden={hidden} submit={submit} {...(cancel !== undefined && { cancel })} reason={!isNew && saysTheSame(document, text) ? 'The document is as it was: there is nothing to save.' : undefined}>
        {before}
        <PolicyEditor name={name} label="Policy document" document={document} description={description} kind={kind} edited={edited} onChange={setText} />
        {children}
      </Form>
      {asked && <PolicyReview reviewed={asked} isNew={isNew} title={title} name={name} action={action} submit={submit} onClose={() => setAsked(undefined)} />}
    </>
  )
}
