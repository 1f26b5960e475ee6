'use client'
import { useState } from 'react'
import { paths } from '#app/paths.ts'
import { Link } from '#components/console/link.tsx'
import type { ListPage } from '#components/console/list-page.ts'
import { MoreRows } from '#components/console/more-rows.tsx'
import { usePagedList } from '#components/console/paged-list.ts'
import { Time } from '#components/console/time.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Table, type Column } from '#components/ui/table.tsx'
import { KeyActions, type KeyActionSet } from './key-actions.tsx'
import { AwsMark } from './key-state.tsx'
import { ShownKeys, ShownKeyState } from './shown-keys.tsx'

/** A key as the list shows it. */
export type KeyRow = Readonly<{ keyId: string; aliases: readonly string[]; state: string; awsManaged: boolean; created: string; description: string }>

/** The keys of a Region, AWS's and one's own, as far as they have been loaded, and what can be done with those selected. */
export function KeyTable({ region, regionName, url, first, filtered, actions }: { region: string; regionName: string; url: string; first: ListPage<KeyRow>; filtered: boolean; actions: KeyActionSet }) {
  const [selected, setSelected] = useState<readonly string[]>([])
  const list = usePagedList(url, first, keyIdOf)
  const chosen = list.rows.filter(({ keyId }) => selected.includes(keyId))
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
    { id: 'id', header: 'Key ID', value: keyIdOf, width: 'w-80', cell: ({ keyId }) => <Link href={paths.key(region, keyId)} className="identifier">{keyId}</Link>, secondary: true },
    { id: 'state', header: 'Status', value: ({ state }) => state, width: 'w-40', cell: ({ keyId, state }) => <ShownKeyState keyId={keyId} state={state} /> },
    { id: 'created', header: 'Creation date', value: ({ created }) => created, width: 'w-56', cell: ({ created }) => <Time at={created} />, secondary: true },
  ]
  return (
    <ShownKeys reading={list.busy}>
      <div className="flex flex-wrap items-center gap-2">
        <KeyActions region={region} keys={chosen} actions={actions} />
        <span role="status" className="text-small text-ink-3">
          {chosen.length > 0 && `${chosen.length} selected`}
        </span>
      </div>
      <Table
        label="Encryption keys"
        columns={columns}
        rows={list.rows}
        rowId={keyIdOf}
        growing={list.growing}
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
      <MoreRows list={list} noun="keys" />
    </ShownKeys>
  )
}

function keyIdOf({ keyId }: KeyRow): string {
  return keyId
}
