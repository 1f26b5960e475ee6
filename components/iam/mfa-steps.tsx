'use client'
import { useState } from 'react'
import { FormInput, useAnswer } from '#components/console/form.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { Message } from '#components/ui/message.tsx'

/** The two steps to an MFA device: it is made and its secret shown once; two codes that follow one another prove that it is held. */
export function MfaSteps({ deviceName, accountId }: { deviceName: string; accountId: string }) {
  const answered = useAnswer()
  // A wrong code answers with a refusal: the secret that was shown stays until the codes are right.
  const [answer, keep] = useState(answered)
  if (answered?.['Seed'] !== undefined && answered !== answer) keep(answered)
  const serialNumber = answer?.['SerialNumber']
  const seed = answer?.['Seed']
  if (serialNumber === undefined || seed === undefined) {
    return <FormInput name="VirtualMFADeviceName" label="Device name" defaultValue={deviceName} maxLength={226} required />
  }
  const uri = `otpauth://totp/Codekeep:${encodeURIComponent(`${deviceName}@${accountId}`)}?secret=${seed}&issuer=Codekeep`
  return (
    <>
      <input type="hidden" name="SerialNumber" value={serialNumber} />
      <div className="flex flex-col gap-1">
        <span className="font-medium">Secret key</span>
        <p className="text-small text-ink-2">Type it into the authenticator app, or give it the address below. It is not shown again.</p>
        <CodeBlock code={seed} label="secret key" />
        <CodeBlock code={uri} label="otpauth address" className="[&_pre]:wrap-anywhere [&_pre]:whitespace-pre-wrap" />
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        <FormInput name="AuthenticationCode1" label="MFA code 1" inputMode="numeric" autoComplete="one-time-code" maxLength={6} required />
        <FormInput name="AuthenticationCode2" label="MFA code 2" description="The one after it, 30 seconds later" inputMode="numeric" autoComplete="off" maxLength={6} required />
      </div>
      <Message tone="info" title="Two codes that follow one another prove that the app holds the key" />
    </>
  )
}
