'use client'
import { useState } from 'react'
import { paths } from '#app/paths.ts'
import { Link } from '#components/console/link.tsx'
import { Time } from '#components/console/time.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Table, type Column } from '#components/ui/table.tsx'
import { KeyActions, type KeyActionSet } from './key-actions.tsx'
import { AwsMark, KeyState } from './key-state.tsx'

/** A key as the list shows it. */
export type KeyRow = Readonly<{ keyId: string; aliases: readonly string[]; state: string; awsManaged: boolean; created: string; description: string }>

/** The keys of a Region, AWS's and one's own, and what can be done with those selected. */
export function KeyTable({ region, regionName, keys, filtered, actions }: { region: string; regionName: string; keys: readonly KeyRow[]; filtered: boolean; actions: KeyActionSet }) {
  const [selected, setSelected] = useState<readonly string[]>([])
  const chosen = keys.filter(({ keyId }) => selected.includes(keyId))
  const columns: Column<KeyRow>[] = [
    {
      id: 'alias',
      header: 'Alias',
      value: ({ aliases }) => aliases[0] ?? '',
      cell: ({ keyId, aliases, awsManaged }) => (
        <span className="flex flex-wrap items-center gap-x-2">
          <Link href={paths.key(region, keyId)} className="font-medium wrap-anywhere">
            {aliases[0] ?? 'No alias'}
          </Link>
          {aliases.length > 1 && <span className="text-small text-ink-3">+{aliases.length - 1} more</span>}
          {awsManaged && <AwsMark />}
        </span>
      ),
    },
    { id: 'id', header: 'Key ID', value: ({ keyId }) => keyId, cell: ({ keyId }) => <Link href={paths.key(region, keyId)} className="identifier">{keyId}</Link>, secondary: true },
    { id: 'state', header: 'Status', value: ({ state }) => state, cell: ({ state }) => <KeyState state={state} /> },
    { id: 'created', header: 'Creation date', value: ({ created }) => created, cell: ({ created }) => <Time at={created} />, secondary: true },
  ]
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <KeyActions region={region} keys={chosen} actions={actions} />
        <span role="status" className="text-small text-ink-3">
          {chosen.length > 0 && `${chosen.length} selected`}
        </span>
      </div>
      <Table
        label="Encryption keys"
        columns={columns}
        rows={keys}
        rowId={({ keyId }) => keyId}
        selection={{
          selected: chosen.map(({ keyId }) => keyId),
          onChange: setSelected,
          reason: ({ awsManaged }) => (awsManaged ? 'AWS manages this key: it cannot be changed or deleted.' : undefined),
          name: ({ aliases, keyId }) => `Select ${aliases[0] ?? keyId}`,
        }}
        empty={
          filtered ? (
            <EmptyState title={`No key in ${regionName} has that in its alias or ID`} />
          ) : (
            <EmptyState title={`No keys in ${regionName}`}>Creating the first repository in this Region makes aws/codecommit. A key of your own is for your own data.</EmptyState>
          )
        }
      />
    </>
  )
}
