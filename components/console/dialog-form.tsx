'use client'
import { useState, type ReactNode } from 'react'
import { Button } from '#components/ui/button.tsx'
import type { ButtonVariant } from '#components/ui/button-class.ts'
import { Dialog } from '#components/ui/dialog.tsx'
import { WithReason } from '#components/ui/disabled-reason.tsx'
import { Input } from '#components/ui/field.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import type { Undo } from './act.ts'
import type { FormAction } from './action-state.ts'
import { Form } from './form.tsx'

type DialogFormContent = Readonly<{
  title: string
  description?: ReactNode
  action: FormAction
  hidden?: Readonly<Record<string, string>>
  /** The name of the button that acts: what it does. */
  submit: string
  danger?: boolean
  /** What must be typed before it can be done: the name of what is lost. */
  confirm?: string
  /** What takes it back, where that is safe. */
  undo?: Undo | undefined
  children?: ReactNode
}>

export type DialogFormProps = DialogFormContent & { button: string; icon?: IconName; variant?: ButtonVariant; reason?: string | undefined; onClose?: () => void }

/** A button that opens a form in a dialog. `reason` says why it cannot be pressed now. */
export function DialogForm({ button, icon, variant, reason, onClose, ...content }: DialogFormProps) {
  const [open, setOpen] = useState(false)
  function change(next: boolean) {
    setOpen(next)
    if (!next) onClose?.()
  }
  return (
    <>
      <WithReason reason={reason}>
        <Button variant={variant ?? 'secondary'} {...(icon && { icon })} disabled={reason !== undefined} onClick={() => setOpen(true)}>
          {button}
        </Button>
      </WithReason>
      <FormInDialog {...content} open={open} onOpenChange={change} />
    </>
  )
}

/** The dialog alone, for a menu that opens one of several. */
export function FormInDialog({
  title,
  description,
  action,
  hidden,
  submit,
  danger = false,
  confirm,
  undo,
  open,
  onOpenChange,
  children,
}: DialogFormContent & { open: boolean; onOpenChange: (open: boolean) => void }) {
  const [typed, setTyped] = useState('')
  function change(next: boolean) {
    if (!next) setTyped('')
    onOpenChange(next)
  }
  return (
    <Dialog title={title} {...(description !== undefined && { description })} open={open} onOpenChange={change}>
      <Form
        action={action}
        {...(hidden && { hidden })}
        submit={submit}
        variant={danger ? 'danger' : 'primary'}
        cancel={() => change(false)}
        disabled={confirm !== undefined && typed !== confirm}
        onDone={() => change(false)}
        undo={undo}
      >
        {children}
        {confirm !== undefined && (
          <Input
            label={
              <>
                To confirm, type <code className="wrap-anywhere">{confirm}</code>
              </>
            }
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
      </Form>
    </Dialog>
  )
}
