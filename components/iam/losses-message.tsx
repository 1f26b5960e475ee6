import { Message } from '#components/ui/message.tsx'
import type { Losses } from './check-document.ts'

/** What whoever saves a document, or does something else (`by`: You), would lose by it; nothing where that is nothing. */
export function LossesMessage({ losses: { warnings, lockout }, by = 'With this policy you' }: { losses: Losses; by?: string }) {
  if (warnings.length === 0) return null
  return (
    <Message tone="warning" title={`${by} would ${lockout ? 'lock yourself out' : 'lose access'}`} live>
      {warnings.map((warning) => (
        <p key={warning}>{warning}</p>
      ))}
    </Message>
  )
}
