import { Copyable } from '#components/console/copyable.tsx'
import { Time } from '#components/console/time.tsx'
import { EditDescription } from '#components/kms/edit-description.tsx'
import { PendingDeletion } from '#components/kms/pending-deletion.tsx'
import { ShownDescription, ShownKeyState } from '#components/kms/shown-keys.tsx'
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
      {key.DeletionDate && <PendingDeletion at={key.DeletionDate} />}
      <Panel
        title="General configuration"
        actions={
          <EditDescription button="Edit description" region={region} keyId={key.KeyId} description={key.Description} reason={refused.updateDescription} update={updateDescription} />
        }
      >
        <Properties
          items={[
            ['Alias', aliases.length === 0 ? '–' : aliases.length === 1 ? aliases[0] : `${aliases[0]} (+${aliases.length - 1} more)`],
            ['Status', <ShownKeyState key="state" keyId={key.KeyId} state={key.KeyState} />],
            ['Creation date', <Time key="created" at={key.CreationDate} />],
            ['ARN', <Copyable key="arn" text={key.Arn} name="ARN" />],
            ['Description', <ShownDescription key="description" keyId={key.KeyId} description={key.Description} empty="–" />],
            ['Regionality', `Single Region: ${regionName(region)}`],
          ]}
        />
      </Panel>
    </>
  )
}
