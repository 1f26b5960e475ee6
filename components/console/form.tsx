'use client'
import { useRouter } from 'next/navigation'
import { createContext, startTransition, use, useActionState, useState, useTransition, type ComponentProps, type ReactNode, type SubmitEvent } from 'react'
import { Button } from '#components/ui/button.tsx'
import type { ButtonVariant } from '#components/ui/button-class.ts'
import { Actions } from '#components/ui/dialog.tsx'
import { WithReason } from '#components/ui/disabled-reason.tsx'
import { Input, Select, Textarea } from '#components/ui/field.tsx'
import { Message } from '#components/ui/message.tsx'
import { ScriptsContext } from '#components/ui/scripts.ts'
import { useToast } from '#components/ui/toast.tsx'
import { takeBack, type Undo } from './act.ts'
import type { ActionState, FormAction } from './action-state.ts'
import { ButtonLink } from './link.tsx'
import { ProblemMessage } from './problem-message.tsx'
import { SecretDialog } from './secret-dialog.tsx'

/** A server action as React calls it: what it answered last, then the form. Ours take the form, wherever it stands. */
type PostedAction = (before: ActionState | undefined, form: FormData) => Promise<ActionState>

type FormState = Readonly<{ state: ActionState | undefined; pending: boolean }>

/**
 * A form over a server action. Refusals are shown at the field they name, else above the buttons; what was typed stays.
 *
 * The answer lives here alone: only the fields are sent, never an earlier answer, so a secret that was shown does not
 * travel again. Without scripts the form posts itself to its action (app/posted.ts), and the page that comes back shows the answer.
 */
export function Form({
  action,
  hidden = {},
  submit,
  variant = 'primary',
  cancel,
  onDone,
  undo,
  disabled = false,
  reason,
  wide = false,
  plain = false,
  className = 'flex flex-col gap-4',
  children,
}: {
  action: FormAction
  /** Values that the form carries unseen. */
  hidden?: Readonly<Record<string, string>>
  /** The name of the button: what it does. */
  submit: string
  variant?: ButtonVariant
  /** Where Cancel leads, or what it does; without one there is no such button. */
  cancel?: string | (() => void)
  onDone?: () => void
  /** What takes it back: the toast that says what was done offers it. */
  undo?: Undo | undefined
  disabled?: boolean
  /** Why it cannot be sent now. */
  reason?: string | undefined
  /** The button is as wide as the form: where the form is the page. */
  wide?: boolean
  /** It posts itself wherever it is sent before scripts have come: where nobody knows yet whether any will. */
  plain?: boolean
  className?: string
  children?: ReactNode
}) {
  const router = useRouter()
  const toast = useToast()
  const withoutScripts = !use(ScriptsContext)
  const [posted, post] = useActionState(action as unknown as PostedAction, undefined)
  const [state, setState] = useState(posted)
  const [pending, start] = useTransition()
  const blocked = disabled || reason !== undefined

  function send(form: FormData) {
    start(async () => {
      const answer = await action(form)
      if (answer.outcome === 'begun') {
        // At once: a transition would wait for what goes on.
        onDone?.()
        return
      }
      startTransition(() => {
        setState(answer)
        if (answer.outcome === 'refused') return
        if (answer.message !== undefined) toast(answer.message, undo && { undo: () => takeBack(undo, toast) })
        if (answer.to !== undefined) router.push(answer.to)
        // An answer is for the form to show: it goes on.
        if (answer.secret === undefined && answer.answer === undefined) onDone?.()
      })
    })
  }

  function onSubmit(event: SubmitEvent<HTMLFormElement>) {
    // React would empty the form after an action, refused or not.
    event.preventDefault()
    if (!pending && !blocked) send(new FormData(event.currentTarget))
  }

  return (
    // `action` as well: it replays what is submitted before the page has come alive.
    <form action={withoutScripts || plain ? post : send} onSubmit={onSubmit} className={className} noValidate>
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <FormContext value={{ state, pending }}>{children}</FormContext>
      {withoutScripts && state?.outcome === 'done' && state.message !== undefined && <Message tone="success" title={state.message} />}
      {state?.outcome === 'refused' && Object.keys(state.fields).length === 0 && <ProblemMessage problem={state.problem} live />}
      <Actions>
        {typeof cancel === 'string' && <ButtonLink href={cancel}>Cancel</ButtonLink>}
        {typeof cancel === 'function' && <Button onClick={cancel}>Cancel</Button>}
        <WithReason reason={reason}>
          <Button type="submit" variant={variant} busy={pending} disabled={blocked} className={wide ? 'min-h-9 w-full' : ''}>
            {submit}
          </Button>
        </WithReason>
      </Actions>
      {state?.outcome === 'done' && state.secret && (
        <SecretDialog
          secret={state.secret}
          onClose={() => {
            setState(undefined)
            onDone?.()
          }}
        />
      )}
    </form>
  )
}

export function FormInput({ name, ...rest }: ComponentProps<typeof Input> & { name: string }) {
  return <Input {...rest} name={name} error={useFieldError(name)} />
}

export function FormTextarea({ name, ...rest }: ComponentProps<typeof Textarea> & { name: string }) {
  return <Textarea {...rest} name={name} error={useFieldError(name)} />
}

export function FormSelect({ name, ...rest }: ComponentProps<typeof Select> & { name: string }) {
  return <Select {...rest} name={name} error={useFieldError(name)} />
}

/** Values that the last answer gave the form; undefined before one. */
export function useAnswer(): Readonly<Record<string, string>> | undefined {
  const { state } = use(FormContext)
  return state?.outcome === 'done' ? state.answer : undefined
}

/** What the last answer found wrong with a field. */
export function useFieldError(name: string): string | undefined {
  const { state } = use(FormContext)
  return state?.outcome === 'refused' ? state.fields[name] : undefined
}

const FormContext = createContext<FormState>({ state: undefined, pending: false })
