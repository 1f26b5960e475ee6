'use client'
import { useState } from 'react'
import { FormInput, useAnswer } from '#components/console/form.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { Message } from '#components/ui/message.tsx'

/** The two steps to an MFA device: it is made and its secret shown once; two codes that follow one another prove that it is held. */
export function MfaSteps({ deviceName }: { deviceName: string }) {
  const answered = useAnswer()
  // A wrong code answers with a refusal: the secret that was shown stays until the codes are right.
  const [answer, keep] = useState(answered)
  if (answered?.['Seed'] !== undefined && answered !== answer) keep(answered)
  if (answer?.['SerialNumber'] === undefined) return <FormInput name="VirtualMFADeviceName" label="Device name" defaultValue={deviceName} maxLength={226} required />
  const { SerialNumber: serialNumber, Seed: seed = '', Uri: uri = '', QrPath: path = '', QrSize: size = '0' } = answer
  return (
    <>
      <input type="hidden" name="SerialNumber" value={serialNumber} />
      <div className="flex flex-wrap items-start gap-4">
        {/* Dark on light in both themes: many readers know no other. */}
        <svg role="img" aria-label="QR code of the secret key, which stands beside it as text" viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges" className="size-44 shrink-0 rounded-control border border-line">
          <rect width="100%" height="100%" fill="#fff" />
          <path d={path} fill="#000" />
        </svg>
        <div className="flex min-w-52 grow basis-0 flex-col gap-1">
          <span className="font-medium">Secret key</span>
          <p className="text-small text-ink-2">Read the code with the authenticator app, or type the key into it. Neither is shown again.</p>
          <CodeBlock code={seed} label="secret key" className="[&_pre]:wrap-anywhere [&_pre]:whitespace-pre-wrap" />
          <details>
            <summary className="min-h-6 py-1 text-small text-ink-2">otpauth address</summary>
            <CodeBlock code={uri} label="otpauth address" className="[&_pre]:wrap-anywhere [&_pre]:whitespace-pre-wrap" />
          </details>
        </div>
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        <FormInput name="AuthenticationCode1" label="MFA code 1" inputMode="numeric" autoComplete="one-time-code" maxLength={6} required />
        <FormInput name="AuthenticationCode2" label="MFA code 2" description="The one after it, 30 seconds later" inputMode="numeric" autoComplete="off" maxLength={6} required />
      </div>
      <Message tone="info" title="Two codes that follow one another prove that the app holds the key" />
    </>
  )
}
