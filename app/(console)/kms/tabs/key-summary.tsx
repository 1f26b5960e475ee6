import { Copyable } from '#components/console/copyable.tsx'
import { ButtonLink } from '#components/console/link.tsx'
import { Time } from '#components/console/time.tsx'
import { EditDescription } from '#components/kms/edit-description.tsx'
import { KeyActions } from '#components/kms/key-actions.tsx'
import { PendingDeletion } from '#components/kms/pending-deletion.tsx'
import { RefusalList } from '#components/kms/refusal-list.tsx'
import { ShownDescription, ShownKeyState } from '#components/kms/shown-keys.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Properties } from '#components/ui/properties.tsx'
import { regionName } from '#lib/operation/regions'
import { paths } from '../../../paths.ts'
import { cancelDeletion, disableKeys, enableKeys, scheduleDeletion, updateDescription } from '../actions.ts'
import type { FoundKey } from '../key-frame.tsx'
import { refusals, type Offered } from '../key-page.ts'

/** What a key is, and what cannot be done with it. */
export async function KeySummaryTab({ found: { region, context, key, name, aliases, awsManaged } }: { found: FoundKey }) {
  const refused = await refusals(context, key.KeyId, Object.keys(what) as Offered[])
  return (
    <>
      {key.DeletionDate && <PendingDeletion at={key.DeletionDate} />}
      <Panel
        title="Summary"
        actions={
          <>
            <ButtonLink href={paths.events(region, { ResourceName: key.Arn })} icon="trail">
              Event history of this key
            </ButtonLink>
            <KeyActions
              region={region}
              keys={[{ keyId: key.KeyId, aliases: [name], state: key.KeyState, refusal: refused }]}
              actions={{ enable: enableKeys, disable: disableKeys, scheduleDeletion, cancelDeletion }}
            />
          </>
        }
      >
        <Properties
          items={[
            ['Alias', aliases.length === 0 ? 'None' : aliases.join(', ')],
            ['Status', <ShownKeyState key="state" keyId={key.KeyId} state={key.KeyState} />],
            ['Region', `${regionName(region)} ${region}`],
            ['Key ID', <Copyable key="id" text={key.KeyId} name="key ID" />],
            ['ARN', <Copyable key="arn" text={key.Arn} name="ARN" />],
            ['Creation date', <Time key="created" at={key.CreationDate} />],
            ['Key manager', awsManaged ? 'AWS' : 'Customer'],
            ['Key spec and usage', `${key.KeySpec}, ${key.KeyUsage}`],
            ['Origin', key.Origin],
          ]}
        />
      </Panel>
      <Panel
        title="Description"
        actions={
          <EditDescription button="Edit" region={region} keyId={key.KeyId} description={key.Description} reason={refused.updateDescription} update={updateDescription} />
        }
      >
        <p>
          <ShownDescription keyId={key.KeyId} description={key.Description} empty="None" />
        </p>
      </Panel>
      {Object.keys(refused).length > 0 && (
        <Panel title="What you cannot do with this key" description="And why: the answer that each call would get, from the policies as they are now.">
          <RefusalList refusals={(Object.keys(what) as (keyof typeof what)[]).flatMap((offer) => (refused[offer] === undefined ? [] : [[what[offer], refused[offer]] as const]))} />
        </Panel>
      )}
    </>
  )
}

const what = {
  enable: 'Enable',
  disable: 'Disable',
  scheduleDeletion: 'Schedule its deletion',
  cancelDeletion: 'Cancel its deletion',
  updateDescription: 'Change the description',
  putPolicy: 'Change the key policy',
  rotate: 'Rotate it now',
  enableRotation: 'Enable automatic rotation',
  disableRotation: 'Disable automatic rotation',
  tag: 'Add or edit tags',
  encrypt: 'Encrypt with it directly',
} satisfies Partial<Record<Offered, string>>
