'use client'
import { useState } from 'react'
import { FormInput, useAnswer } from './form.tsx'

/** Asks for the code of the user's MFA device, once it is known that there is one. */
export function MfaField() {
  const asked = useAnswer()?.['mfa'] === 'required'
  // A wrong code answers with a refusal: it is asked for all the same.
  const [required, require] = useState(asked)
  if (asked && !required) require(true)
  if (!required) return null
  return <FormInput name="mfaCode" label="MFA code" description="The six digits that the user’s device shows now" inputMode="numeric" autoComplete="one-time-code" autoFocus required />
}
