'use client'
import { fieldOf } from '#components/console/act.ts'
import type { Action } from '#components/console/action-state.ts'
import { DialogForm } from '#components/console/dialog-form.tsx'
import { FormTextarea } from '#components/console/form.tsx'
import { useShownKeys } from './shown-keys.tsx'

/** The description of a key, to be changed; `reason` says why it cannot be. */
export function EditDescription({ button, region, keyId, description, reason, update }: { button: string; region: string; keyId: string; description: string; reason: string | undefined; update: Action }) {
  const { begin } = useShownKeys()
  const hidden = { region, KeyId: keyId }
  return (
    <DialogForm
      button={button}
      title="Edit description"
      action={begin(update, (form) => ({ description: fieldOf(form, 'Description') }), { action: update, values: { ...hidden, Description: description } })}
      hidden={hidden}
      submit="Save changes"
      reason={reason}
    >
      <FormTextarea name="Description" label="Description" defaultValue={description} maxLength={8192} rows={3} />
    </DialogForm>
  )
}
