import { ButtonLink } from '#components/console/link.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { Pager } from '#components/console/pager.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { KeyListFilter } from '#components/kms/key-list-filter.tsx'
import { KmsKeyTable } from '#components/kms/kms-key-table.tsx'
import { SearchKeys } from '#lib/kms/api'
import { regionName } from '#lib/operation/regions'
import { attempt } from '../../attempt.ts'
import { paths, type KeyListQuery } from '../../paths.ts'
import { readQuery, type Query } from '../../query.ts'
import { chosenRegion, requestContext } from '../../session.ts'
import { cancelDeletion, disableKeys, enableKeys, scheduleDeletion } from './actions.ts'
import { aliasName } from './alias-name.ts'

/** A list of KMS: AWS's keys of a Region, or one's own; what narrows and orders it is in the URL. */
export async function KeyListPage({ manager, title, description, searchParams }: { manager: 'AWS' | 'CUSTOMER'; title: string; description: string; searchParams: Query }) {
  const { region: asked, token, ...query } = await readQuery(searchParams, 'region', 'filter', 'state', 'sort', 'token')
  const region = await chosenRegion(asked)
  const context = await requestContext(region)
  const list = manager === 'AWS' ? paths.awsManagedKeys : paths.customerManagedKeys
  const sort = sorts[query.sort ?? ''] ?? (manager === 'AWS' ? 'Alias' : 'CreationDate')
  const found = await attempt(SearchKeys, context, {
    KeyManager: manager,
    Text: query.filter,
    KeyState: query.state !== undefined && states.includes(query.state) ? query.state : undefined,
    Sort: sort,
    Marker: token,
  })
  const narrowed: KeyListQuery = query
  return (
    <>
      <PageHeader
        title={title}
        description={description}
        actions={
          manager === 'CUSTOMER' && (
            <ButtonLink href={paths.createCustomerManagedKey(region)} variant="primary">
              Create key
            </ButtonLink>
          )
        }
      />
      <KeyListFilter region={region} manager={manager} query={{ ...narrowed, sort: query.sort ?? '' }} />
      {found.ok ? (
        <>
          <KmsKeyTable
            // What was selected in one Region is none of another's.
            key={region}
            region={region}
            regionName={regionName(region)}
            manager={manager}
            filtered={query.filter !== undefined || query.state !== undefined}
            keys={found.output.Keys.map((key) => ({
              keyId: key.KeyId,
              aliases: key.Aliases.map(aliasName),
              state: key.KeyState,
              created: key.CreationDate.toISOString(),
              spec: key.KeySpec,
              usage: key.KeyUsage,
            }))}
            actions={{ enable: enableKeys, disable: disableKeys, scheduleDeletion, cancelDeletion }}
          />
          {(token !== undefined || found.output.NextMarker !== undefined) && (
            <Pager
              shown={`${found.output.Keys.length} on this page`}
              first={token === undefined ? undefined : list(region, narrowed)}
              next={found.output.NextMarker === undefined ? undefined : list(region, { ...narrowed, token: found.output.NextMarker })}
            />
          )}
        </>
      ) : (
        <ProblemMessage problem={found.problem} />
      )}
    </>
  )
}

const states = ['Enabled', 'Disabled', 'PendingDeletion']
const sorts: Readonly<Record<string, 'CreationDate' | 'KeyId' | 'Alias'>> = { alias: 'Alias', id: 'KeyId', created: 'CreationDate' }
