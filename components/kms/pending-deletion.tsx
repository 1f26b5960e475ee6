import { Time } from '#components/console/time.tsx'
import { Message } from '#components/ui/message.tsx'

/** What becomes of a key that is scheduled for deletion, and until when it can be kept from it. */
export function PendingDeletion({ at }: { at: Date }) {
  return (
    <Message tone="danger" title="Pending deletion">
      <p>
        Its key material is destroyed on <Time at={at} />, and whatever is encrypted under it is then lost. Until that moment the deletion can be cancelled.
      </p>
    </Message>
  )
}
