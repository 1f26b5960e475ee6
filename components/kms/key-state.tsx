import { Badge, Status } from '#components/ui/badge.tsx'

/** The state of a KMS key. */
export function KeyState({ state }: { state: string }) {
  return <Status tone={state === 'Enabled' ? 'success' : state === 'PendingDeletion' ? 'danger' : 'neutral'}>{names[state] ?? state}</Status>
}

/** AWS's mark on the keys that it manages. */
export function AwsMark() {
  return (
    <span title="AWS manages this key">
      <Badge tone="managed">AWS managed</Badge>
    </span>
  )
}

const names: Readonly<Record<string, string>> = { PendingDeletion: 'Pending deletion' }
