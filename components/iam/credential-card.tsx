import type { ReactNode } from 'react'
import { Copyable } from '#components/console/copyable.tsx'
import { Status } from '#components/ui/badge.tsx'

/** One credential of a user: its ID, its state, facts about it, and what can be done with it. */
export function CredentialRow({ id, name, active, facts, actions, children }: { id: string; name: string; active: boolean; facts: readonly (readonly [string, ReactNode])[]; actions: ReactNode; /** Under it. */ children?: ReactNode }) {
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-2 border-b border-line px-4 py-2.5 last:border-b-0">
      <div className="flex min-w-52 grow flex-col">
        <Copyable text={id} name={name} />
        <dl className="flex flex-wrap gap-x-4 text-small text-ink-2">
          {facts.map(([fact, value]) => (
            <div key={fact} className="flex gap-1">
              <dt className="text-ink-3">{fact}</dt>
              <dd className="wrap-anywhere">{value}</dd>
            </div>
          ))}
        </dl>
      </div>
      <span className="w-20">
        <Status tone={active ? 'success' : 'neutral'}>{active ? 'Active' : 'Inactive'}</Status>
      </span>
      <div className="flex flex-wrap gap-1">{actions}</div>
      {children !== undefined && <div className="w-full">{children}</div>}
    </li>
  )
}
