import type { Metadata } from 'next'
import { RepositoryTable } from '#components/codecommit/repository-table.tsx'
import { FindField } from '#components/console/find-field.tsx'
import { ButtonLink } from '#components/console/link.tsx'
import { ListProblem } from '#components/console/list-problem.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { regionName } from '#lib/operation/regions'
import { paths } from '../../../paths.ts'
import { readQuery, type Query } from '../../../query.ts'
import { chosenRegion, requestContext } from '../../../session.ts'
import { repositoryRows } from './repository-rows.ts'

export const metadata: Metadata = { title: 'Repositories' }

export default async function RepositoriesPage({ searchParams }: { searchParams: Query }) {
  const { region: asked, ...query } = await readQuery(searchParams, 'region', 'filter', 'token')
  const region = await chosenRegion(asked)
  const found = await repositoryRows(await requestContext(region), query)
  return (
    <>
      <PageHeader
        title="Repositories"
        description={`In ${regionName(region)}`}
        actions={
          <>
            <ButtonLink href={paths.lookup()} icon="search">
              Find in all Regions
            </ButtonLink>
            <ButtonLink href={paths.createImport(region)}>Import repository</ButtonLink>
            <ButtonLink href={paths.createRepository(region)} variant="primary">
              Create repository
            </ButtonLink>
          </>
        }
      />
      <FindField label="Find repositories by name" placeholder="Find by name" value={query.filter} hidden={{ region }} />
      {found.ok ? (
        <RepositoryTable region={region} regionName={regionName(region)} filtered={query.filter !== undefined} url={paths.repositories(region, query)} first={found.output} />
      ) : (
        <ListProblem problem={found.problem} first={query.token && paths.repositories(region, { ...query, token: '' })} />
      )}
    </>
  )
}
