import { DialogForm } from '#components/console/dialog-form.tsx'
import { FormTextarea } from '#components/console/form.tsx'
import { updateDescription } from './actions.ts'

/** The description of a key, to be changed; `reason` says why it cannot be. */
export function EditDescription({ button, region, keyId, description, reason }: { button: string; region: string; keyId: string; description: string; reason: string | undefined }) {
  return (
    <DialogForm button={button} title="Edit description" action={updateDescription} hidden={{ region, KeyId: keyId }} submit="Save changes" reason={reason}>
      <FormTextarea name="Description" label="Description" defaultValue={description} maxLength={8192} rows={3} />
    </DialogForm>
  )
}
