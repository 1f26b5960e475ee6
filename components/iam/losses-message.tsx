import { Message } from '#components/ui/message.tsx'
import type { Losses } from './check-document.ts'

/** What whoever saves a document would lose by it; nothing where that is nothing. */
export function LossesMessage({ losses: { warnings, lockout } }: { losses: Losses }) {
  if (warnings.length === 0) return null
  return (
    <Message tone="warning" title={lockout ? 'With this policy you would lock yourself out' : 'With this policy you would lose access'} live>
      {warnings.map((warning) => (
        <p key={warning}>{warning}</p>
      ))}
    </Message>
  )
}
