import { SearchKeys } from '#lib/kms/api'
import { listPage, type ListQuery } from '../../list-page.ts'
import type { ConsoleContext } from '../../session.ts'
import { aliasName } from './alias-name.ts'

/** The keys of a Region, newest first, a page of them: those of the list of Encryption keys. */
export function keyRows(context: ConsoleContext, { filter, token }: ListQuery) {
  return rowsOf(context, { Text: filter, Marker: token })
}

/** A page of a list of KMS: AWS's keys of a Region or one's own, those with a text, in a state, in an order. */
export function managedKeyRows(manager: 'AWS' | 'CUSTOMER') {
  return (context: ConsoleContext, { filter, state, sort, token }: ListQuery<'filter' | 'state' | 'sort'>) =>
    rowsOf(context, {
      KeyManager: manager,
      Text: filter,
      KeyState: state !== undefined && states.includes(state) ? state : undefined,
      Sort: sorts[sort ?? ''] ?? (manager === 'AWS' ? 'Alias' : 'CreationDate'),
      Marker: token,
    })
}

function rowsOf(context: ConsoleContext, input: unknown) {
  return listPage(SearchKeys, context, input, ({ Keys, NextMarker }) => ({
    rows: Keys.map((key) => ({
      keyId: key.KeyId,
      aliases: key.Aliases.map(aliasName),
      state: key.KeyState,
      awsManaged: key.KeyManager === 'AWS',
      created: key.CreationDate.toISOString(),
      description: key.Description,
      spec: key.KeySpec,
      usage: key.KeyUsage,
    })),
    next: NextMarker,
  }))
}

const states = ['Enabled', 'Disabled', 'PendingDeletion']
const sorts: Readonly<Record<string, 'CreationDate' | 'KeyId' | 'Alias'>> = { alias: 'Alias', id: 'KeyId', created: 'CreationDate' }
