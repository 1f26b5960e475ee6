import { DialogForm } from '#components/console/dialog-form.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Time } from '#components/console/time.tsx'
import { CredentialRow } from '#components/iam/credential-card.tsx'
import { GuardedForm } from '#components/iam/guarded-form.tsx'
import { MfaSteps } from '#components/iam/mfa-steps.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { ListMFADevices } from '#lib/iam/api'
import type { RequestContext } from '#lib/operation/context'
import { attempt } from '../../attempt.ts'
import { assignMfaDevice, removeMfaDevice } from './actions.ts'

/** The MFA devices of a user, or with no name of the root user: whose codes are asked for at sign-in. */
export async function MfaDevices({ context, UserName }: { context: RequestContext; UserName: string | undefined }) {
  const got = await attempt(ListMFADevices, context, { UserName })
  const owner = UserName === undefined ? {} : { UserName }
  const who = UserName ?? 'the root user'
  return (
    <Panel
      title="Multi-factor authentication (MFA)"
      description="An authenticator app whose six digits are asked for at every sign-in to the console."
      flush
      actions={
        <DialogForm button="Assign MFA device" title={`Assign an MFA device to ${who}`} action={assignMfaDevice} hidden={owner} submit="Continue" reason={got.ok && got.output.MFADevices.length >= 8 ? 'A user may have eight. Remove one first.' : undefined}>
          <MfaSteps deviceName={`${UserName ?? 'root'}-app`} />
        </DialogForm>
      }
    >
      {!got.ok ? (
        <div className="p-4">
          <ProblemMessage problem={got.problem} />
        </div>
      ) : got.output.MFADevices.length === 0 ? (
        <p className="p-4 text-ink-2">No MFA device: the password alone signs in.</p>
      ) : (
        <ul>
          {got.output.MFADevices.map(({ SerialNumber, EnableDate }) => (
            <CredentialRow
              key={SerialNumber}
              id={SerialNumber}
              name="serial number"
              active
              facts={EnableDate === undefined ? [] : [['Assigned', <Time key="assigned" at={EnableDate} />]]}
              actions={
                <GuardedForm
                  operation="DeactivateMFADevice"
                  name={SerialNumber}
                  button="Remove"
                  variant="quiet"
                  title="Remove the MFA device"
                  description={`Without another device, the password alone signs ${who} in.`}
                  action={removeMfaDevice}
                  hidden={{ ...owner, SerialNumber }}
                  danger
                  submit="Remove"
                />
              }
            />
          ))}
        </ul>
      )}
    </Panel>
  )
}
