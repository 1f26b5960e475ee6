'use client'
import { FormInput, useAnswer } from './form.tsx'

/** Asks for the code of the user's MFA device, once it is known that there is one. */
export function MfaField() {
  if (useAnswer()?.['mfa'] !== 'required') return null
  return <FormInput name="mfaCode" label="MFA code" description="The six digits that the user’s device shows now" inputMode="numeric" autoComplete="one-time-code" autoFocus required />
}
