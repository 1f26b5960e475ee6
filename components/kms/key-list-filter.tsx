'use client'
import type { KeyListQuery } from '#app/paths.ts'
import { useAskedUrl } from '#components/console/asked-url.ts'
import { FindField } from '#components/console/find-field.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { controlClass, selectClass } from '#components/ui/field.tsx'

/** What narrows and orders a list of keys: a text, a state, an order. All of it is in the URL. */
export function KeyListFilter({ region, manager, query }: { region: string; manager: 'AWS' | 'CUSTOMER'; query: KeyListQuery }) {
  const { change, pending } = useAskedUrl()
  const hidden = Object.fromEntries(Object.entries({ region, state: query.state, sort: query.sort }).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value] as const])))

  return (
    <div className="flex flex-wrap items-center gap-2" aria-busy={pending || undefined}>
      <FindField label="Find keys by alias or key ID" placeholder="Alias or key ID" value={query.filter} hidden={hidden} />
      <select aria-label="Status" value={query.state ?? ''} onChange={(event) => change({ state: event.currentTarget.value }, { given: { region } })} className={classNames(controlClass, selectClass)}>
        <option value="">Any status</option>
        <option value="Enabled">Enabled</option>
        <option value="Disabled">Disabled</option>
        <option value="PendingDeletion">Pending deletion</option>
      </select>
      <select
        aria-label="Order"
        value={query.sort ?? ''}
        // What a text finds comes newest first.
        disabled={query.filter !== undefined && manager === 'CUSTOMER'}
        title={query.filter !== undefined && manager === 'CUSTOMER' ? 'What a text finds comes newest first.' : undefined}
        onChange={(event) => change({ sort: event.currentTarget.value }, { given: { region } })}
        className={classNames(controlClass, selectClass)}
      >
        {manager === 'AWS' ? <option value="">By alias</option> : <option value="">Newest first</option>}
        {manager === 'AWS' ? <option value="created">Newest first</option> : <option value="alias">By alias</option>}
        <option value="id">By key ID</option>
      </select>
    </div>
  )
}
