import { ButtonLink } from '#components/console/link.tsx'
import { ListProblem } from '#components/console/list-problem.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { KeyListFilter } from '#components/kms/key-list-filter.tsx'
import { KmsKeyTable } from '#components/kms/kms-key-table.tsx'
import { regionName } from '#lib/operation/regions'
import { paths } from '../../paths.ts'
import { readQuery, type Query } from '../../query.ts'
import { chosenRegion, requestContext } from '../../session.ts'
import { cancelDeletion, disableKeys, enableKeys, scheduleDeletion } from './actions.ts'
import { managedKeyRows } from './key-rows.ts'

/** A list of KMS: AWS's keys of a Region, or one's own; what narrows and orders it is in the URL. */
export async function KeyListPage({ manager, title, description, searchParams }: { manager: 'AWS' | 'CUSTOMER'; title: string; description: string; searchParams: Query }) {
  const { region: asked, ...query } = await readQuery(searchParams, 'region', 'filter', 'state', 'sort', 'token')
  const region = await chosenRegion(asked)
  const context = await requestContext(region)
  const list = manager === 'AWS' ? paths.awsManagedKeys : paths.customerManagedKeys
  const found = await managedKeyRows(manager)(context, query)
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
      <KeyListFilter region={region} manager={manager} query={{ ...query, token: '', sort: query.sort ?? '' }} />
      {found.ok ? (
        <KmsKeyTable
          // What was selected in one Region is none of another's.
          key={region}
          region={region}
          regionName={regionName(region)}
          manager={manager}
          filtered={query.filter !== undefined || query.state !== undefined}
          url={list(region, query)}
          first={found.output}
          actions={{ enable: enableKeys, disable: disableKeys, scheduleDeletion, cancelDeletion }}
        />
      ) : (
        <ListProblem problem={found.problem} first={query.token && list(region, { ...query, token: '' })} />
      )}
    </>
  )
}
