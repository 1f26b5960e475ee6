'use client'
import type { Action } from '#components/console/action-state.ts'
import { FormInDialog } from '#components/console/dialog-form.tsx'
import { useFieldError } from '#components/console/form.tsx'
import { DiffLines } from '#components/codecommit/diff-lines.tsx'
import { FieldError } from '#components/ui/field.tsx'
import { Message } from '#components/ui/message.tsx'
import type { Losses } from './check-document.ts'
import { LossesMessage } from './losses-message.tsx'
import { policyChanges, saysTheSame } from './policy-changes.ts'

/** A document that is about to be saved, and what is known of that. */
export type Reviewed = Readonly<{
  losses: Losses
  /** What is sent once it is confirmed. */
  fields: Readonly<Record<string, string>>
  document: string
  /** What stands in its place now; undefined where nothing does, or nobody may say. */
  before: string | undefined
  /** Why it cannot be said whether something stands there. */
  unreadable: string | undefined
  /** Whether it decides from the next request on. */
  counts: boolean
}>

/** The last look at a document before it is saved: what it replaces, line by line, and what whoever saves it would lose. */
export function PolicyReview({ reviewed: { losses, fields, document, before, unreadable, counts }, isNew, title, name, action, submit, onClose }: { reviewed: Reviewed; isNew: boolean; title: string; name: string; action: Action; submit: string; onClose: () => void }) {
  const replaces = isNew && before !== undefined
  const policy = fields['PolicyName']?.trim() ?? ''
  return (
    <FormInDialog
      open
      onOpenChange={onClose}
      title={replaces ? `Replace the policy ${policy}?` : isNew ? 'Create this policy?' : 'Save these changes?'}
      description={`${replaces ? `${title} has an inline policy of this name already: this one takes its place. ` : ''}${counts ? `${isNew ? 'It counts' : 'They count'} from the next request on.` : 'They count once this version is the default.'}`}
      action={action}
      hidden={fields}
      submit={replaces ? 'Replace policy' : submit}
      danger={losses.lockout}
      {...(losses.lockout && { confirm: title })}
    >
      {unreadable !== undefined && (
        <Message tone="warning" title={`If ${title} has an inline policy named ${policy}, this one replaces it`}>
          <p>Whether there is one cannot be shown: {unreadable}</p>
        </Message>
      )}
      {before !== undefined &&
        (saysTheSame(before, document) ? (
          <p className="text-ink-2">It says what the one in its place says.</p>
        ) : (
          <div className="rounded-control border border-line">
            <DiffLines hunks={policyChanges(before, document)} split={false} name={replaces ? policy : title} />
          </div>
        ))}
      <LossesMessage losses={losses} />
      <Refused name={name} />
    </FormInDialog>
  )
}

/** What was refused at the last moment, though the check had found nothing: a quota, a change in between. */
function Refused({ name }: { name: string }) {
  const refused = useFieldError(name)
  return refused === undefined ? null : <FieldError>{refused}</FieldError>
}
