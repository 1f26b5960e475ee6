import { Copyable } from '#components/console/copyable.tsx'
import { DialogForm } from '#components/console/dialog-form.tsx'
import { FormTextarea } from '#components/console/form.tsx'
import { Time } from '#components/console/time.tsx'
import { KeyState } from '#components/kms/key-state.tsx'
import { Message } from '#components/ui/message.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Properties } from '#components/ui/properties.tsx'
import { regionName } from '#lib/operation/regions'
import { updateDescription } from './actions.ts'
import type { FoundKey } from './key-frame.tsx'
import { refusals } from './key-page.ts'

/** What stands over the tabs of a key in KMS's manner. */
export async function GeneralConfiguration({ found: { region, context, key, aliases } }: { found: FoundKey }) {
  const refused = await refusals(context, key.KeyId, ['updateDescription'])
  return (
    <>
      {key.DeletionDate && (
        <Message tone="danger" title="Pending deletion">
          <p>
            Its key material is destroyed on <Time at={key.DeletionDate} />, and whatever is encrypted under it is then lost. Until that moment the deletion can be cancelled.
          </p>
        </Message>
      )}
      <Panel
        title="General configuration"
        actions={
          <DialogForm button="Edit description" title="Edit description" action={updateDescription} hidden={{ region, KeyId: key.KeyId }} submit="Save changes" reason={refused.updateDescription}>
            <FormTextarea name="Description" label="Description" defaultValue={key.Description} maxLength={8192} rows={3} />
          </DialogForm>
        }
      >
        <Properties
          items={[
            ['Alias', aliases.length === 0 ? '–' : aliases.length === 1 ? aliases[0] : `${aliases[0]} (+${aliases.length - 1} more)`],
            ['Status', <KeyState key="state" state={key.KeyState} />],
            ['Creation date', <Time key="created" at={key.CreationDate} />],
            ['ARN', <Copyable key="arn" text={key.Arn} name="ARN" />],
            ['Description', key.Description === '' ? '–' : key.Description],
            ['Regionality', `Single Region: ${regionName(region)}`],
          ]}
        />
      </Panel>
    </>
  )
}
