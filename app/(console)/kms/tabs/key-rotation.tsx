import { DialogForm } from '#components/console/dialog-form.tsx'
import { FormInput } from '#components/console/form.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Time } from '#components/console/time.tsx'
import { RefusalList } from '#components/kms/refusal-list.tsx'
import { RotationTable } from '#components/kms/rotation-table.tsx'
import { Status } from '#components/ui/badge.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Properties } from '#components/ui/properties.tsx'
import { GetKeyRotationStatus, ListKeyRotations } from '#lib/kms/api'
import { keyCan } from '#lib/kms/key-state'
import { attempt } from '../../../attempt.ts'
import { disableRotation, enableRotation, rotateNow } from '../actions.ts'
import type { FoundKey } from '../key-frame.tsx'
import { refusals } from '../key-page.ts'

/** Automatic rotation, and every version of the key material. */
export async function KeyRotationTab({ found: { region, context, key, awsManaged } }: { found: FoundKey }) {
  const [status, rotations, refused] = await Promise.all([
    attempt(GetKeyRotationStatus, context, { KeyId: key.KeyId }),
    attempt(ListKeyRotations, context, { KeyId: key.KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL', Limit: 1000 }),
    refusals(context, key.KeyId, ['enableRotation', 'disableRotation', 'rotate']),
  ])
  const can = keyCan.rotateKeyOnDemand({ keyState: key.KeyState })
  const state = can.allowed ? undefined : `The key ${can.reason}`
  const hidden = { region, KeyId: key.KeyId }
  const enabled = status.ok && status.output.KeyRotationEnabled
  return (
    <>
      <Panel
        title="Automatic rotation"
        description="New key material encrypts from then on; old material stays, to decrypt what is under it."
        actions={
          <>
            {enabled && (
              <DialogForm button="Disable rotation" title="Disable automatic rotation" action={disableRotation} hidden={hidden} submit="Disable rotation" danger reason={refused.disableRotation ?? state} />
            )}
            <DialogForm
              button={enabled ? 'Change period' : 'Enable rotation'}
              title={enabled ? 'Change the rotation period' : 'Enable automatic rotation'}
              action={enableRotation}
              hidden={hidden}
              submit={enabled ? 'Change period' : 'Enable rotation'}
              reason={refused.enableRotation ?? state}
            >
              <FormInput
                name="RotationPeriodInDays"
                label="Rotation period (in days)"
                description="90 to 2560"
                type="number"
                min={90}
                max={2560}
                defaultValue={status.ok && status.output.RotationPeriodInDays !== undefined ? status.output.RotationPeriodInDays : 365}
                required
              />
            </DialogForm>
            <DialogForm
              button="Rotate now"
              title="Rotate now"
              description="The key gets new key material at once. Nothing that is encrypted under it need be changed."
              action={rotateNow}
              hidden={hidden}
              submit="Rotate now"
              reason={refused.rotate ?? state}
            />
          </>
        }
      >
        {Object.keys(refused).length > 0 && (
          <div className="mb-4">
            <RefusalList
              refusals={[
                ['Disable rotation', enabled ? refused.disableRotation : undefined] as const,
                [enabled ? 'Change the period' : 'Enable rotation', refused.enableRotation] as const,
                ['Rotate now', refused.rotate] as const,
              ].flatMap(([what, why]) => (why === undefined ? [] : [[what, why] as const]))}
            />
          </div>
        )}
        {status.ok ? (
          <Properties
            items={[
              [
                'Status',
                <Status key="status" tone={enabled ? 'success' : 'neutral'}>
                  {enabled ? 'Enabled' : 'Disabled'}
                </Status>,
              ],
              ['Period', status.output.RotationPeriodInDays === undefined ? '–' : `${status.output.RotationPeriodInDays} days`],
              ['Next rotation', status.output.NextRotationDate === undefined ? '–' : <Time key="next" at={status.output.NextRotationDate} />],
              ...(awsManaged ? [['Who decides', 'AWS rotates it every year; nobody can change that.'] as const] : []),
            ]}
          />
        ) : (
          <ProblemMessage problem={status.problem} />
        )}
      </Panel>
      <Panel title="Key material" description="Every version of it, the first one first. The ciphertext names the one it is under." flush>
        {rotations.ok ? (
          <RotationTable
            created={key.CreationDate.toISOString()}
            rotations={rotations.output.Rotations.map((rotation) => ({
              materialId: rotation.KeyMaterialId,
              current: rotation.KeyMaterialState === 'CURRENT',
              type: 'RotationType' in rotation ? rotation.RotationType : null,
              date: 'RotationDate' in rotation ? rotation.RotationDate.toISOString() : null,
            }))}
          />
        ) : (
          <div className="p-4">
            <ProblemMessage problem={rotations.problem} />
          </div>
        )}
      </Panel>
    </>
  )
}
