import { Copyable } from '#components/console/copyable.tsx'
import { Time } from '#components/console/time.tsx'
import { KeyState } from '#components/kms/key-state.tsx'
import { PendingDeletion } from '#components/kms/pending-deletion.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Properties } from '#components/ui/properties.tsx'
import { regionName } from '#lib/operation/regions'
import { EditDescription } from './edit-description.tsx'
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
          <EditDescription button="Edit description" region={region} keyId={key.KeyId} description={key.Description} reason={refused.updateDescription} />
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
