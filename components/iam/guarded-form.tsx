'use client'
import { use, useState } from 'react'
import type { FormAction } from '#components/console/action-state.ts'
import { DialogForm, type DialogFormProps } from '#components/console/dialog-form.tsx'
import { lossesOf, type Losses } from './check-document.ts'
import { LossesMessage } from './losses-message.tsx'
import { PolicyToolsContext } from './policy-tools.tsx'

/**
 * A dialog's form over one of IAM's operations that its caller may lose something by. What that is is asked for before it is
 * done, and shown where it is something; who is about to lock themselves out confirms it a second time, by a name.
 */
export function GuardedForm({ operation, name, action, confirm, children, onClose, ...form }: DialogFormProps & { /** Without one nothing is asked. */ operation: string | undefined; /** Typed to confirm a lockout. */ name: string }) {
  const tools = use(PolicyToolsContext)
  const [asked, setAsked] = useState<Losses & Readonly<{ about: string }>>()

  const guarded: FormAction = async (fields) => {
    const about = JSON.stringify([...fields])
    if (!tools?.checkAct || operation === undefined || asked?.about === about) return action(fields)
    const question = new FormData()
    for (const [field, value] of fields) question.append(field, value)
    question.set('operation', operation)
    const losses = lossesOf(await tools.checkAct(question))
    if (losses.warnings.length === 0) return action(fields)
    setAsked({ ...losses, about })
    // The form stays, to be sent again.
    return { outcome: 'done', answer: {} }
  }

  const typed = asked?.lockout ? name : confirm
  return (
    <DialogForm
      {...form}
      action={guarded}
      {...(typed !== undefined && { confirm: typed })}
      onClose={() => {
        setAsked(undefined)
        onClose?.()
      }}
    >
      {children}
      {asked && <LossesMessage losses={asked} by="You" />}
    </DialogForm>
  )
}
