'use client'
import { useState } from 'react'
import { paths } from '#app/paths.ts'
import { Copyable } from '#components/console/copyable.tsx'
import { ButtonLink, Link } from '#components/console/link.tsx'
import type { ListPage } from '#components/console/list-page.ts'
import { MoreRows } from '#components/console/more-rows.tsx'
import { usePagedList } from '#components/console/paged-list.ts'
import { TimeAgo } from '#components/console/time.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Table, type Column } from '#components/ui/table.tsx'
import { KeyActions, type KeyActionSet } from './key-actions.tsx'
import { ShownKeys, ShownKeyState } from './shown-keys.tsx'

type Key = Readonly<{ keyId: string; aliases: readonly string[]; state: string; created: string; spec: string; usage: string }>

/** A list of KMS, as far as it has been loaded: AWS's keys to look at, or one's own and what can be done with those selected. */
export function KmsKeyTable({ region, regionName, manager, url, first, filtered, actions }: { region: string; regionName: string; manager: 'AWS' | 'CUSTOMER'; url: string; first: ListPage<Key>; filtered: boolean; actions: KeyActionSet }) {
  const [selected, setSelected] = useState<readonly string[]>([])
  const list = usePagedList(url, first, keyIdOf)
  const chosen = list.rows.filter(({ keyId }) => selected.includes(keyId))
  const own = manager === 'CUSTOMER'
  const columns: Column<Key>[] = [
    {
      id: 'aliases',
      header: 'Aliases',
      value: ({ aliases }) => aliases[0] ?? '',
      className: 'min-w-28',
      cell: ({ keyId, aliases }) => (
        <span className="flex flex-wrap items-center gap-x-2">
          <Link href={paths.kmsKey(region, keyId)} className="font-medium wrap-anywhere">
            {aliases[0] ?? 'No alias'}
          </Link>
          {aliases.length > 1 && (
            <span className="text-small text-ink-3" title={aliases.join(', ')}>
              +{aliases.length - 1} more
            </span>
          )}
        </span>
      ),
    },
    { id: 'id', header: 'Key ID', value: keyIdOf, width: 'w-80', cell: ({ keyId }) => <Copyable text={keyId} name="key ID" />, secondary: true },
    { id: 'state', header: 'Status', value: ({ state }) => state, width: 'w-40', cell: ({ keyId, state }) => <ShownKeyState keyId={keyId} state={state} /> },
    ...(own
      ? ([
          { id: 'spec', header: 'Key spec', value: ({ spec }) => spec, width: 'w-44', secondary: true },
          { id: 'usage', header: 'Key usage', value: ({ usage }) => (usage === 'ENCRYPT_DECRYPT' ? 'Encrypt and decrypt' : usage), width: 'w-42', secondary: true },
          { id: 'created', header: 'Created', value: ({ created }) => created, width: 'w-32', cell: ({ created }) => <TimeAgo at={created} />, secondary: true },
        ] satisfies Column<Key>[])
      : []),
  ]
  return (
    <ShownKeys reading={list.busy}>
      {own && (
        <div className="flex flex-wrap items-center gap-2">
          <KeyActions region={region} keys={chosen} actions={actions} />
          <span role="status" className="text-small text-ink-3">
            {chosen.length > 0 && `${chosen.length} selected`}
          </span>
        </div>
      )}
      <Table
        label={own ? 'Customer managed keys' : 'AWS managed keys'}
        columns={columns}
        rows={list.rows}
        rowId={keyIdOf}
        growing={list.growing}
        // The server orders the whole list; sorting one page of it would mislead.
        sortable={false}
        {...(own && {
          selection: {
            selected: chosen.map(({ keyId }) => keyId),
            onChange: setSelected,
            name: ({ aliases, keyId }: Key) => `Select ${aliases[0] ?? keyId}`,
          },
        })}
        empty={filtered ? <EmptyState title={`No such key in ${regionName}`} /> : <Empty region={region} regionName={regionName} own={own} />}
      />
      <MoreRows list={list} noun="keys" />
    </ShownKeys>
  )
}

function keyIdOf({ keyId }: Key): string {
  return keyId
}

function Empty({ region, regionName, own }: { region: string; regionName: string; own: boolean }) {
  return own ? (
    <EmptyState
      title={`No customer managed keys in ${regionName}`}
      actions={
        <ButtonLink href={paths.createCustomerManagedKey(region)} variant="primary">
          Create key
        </ButtonLink>
      }
    >
      A key of your own is for your own data. Repositories are encrypted under aws/codecommit.
    </EmptyState>
  ) : (
    <EmptyState
      title={`No AWS managed keys in ${regionName}`}
      actions={
        <ButtonLink href={paths.createRepository(region)} variant="primary">
          Create repository
        </ButtonLink>
      }
    >
      Creating the first repository in this Region makes aws/codecommit.
    </EmptyState>
  )
}
