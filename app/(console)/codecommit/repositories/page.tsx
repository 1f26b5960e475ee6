import type { Metadata } from 'next'
import { RepositoryTable } from '#components/codecommit/repository-table.tsx'
import { FindField } from '#components/console/find-field.tsx'
import { ButtonLink } from '#components/console/link.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { Pager } from '#components/console/pager.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { SearchRepositories } from '#lib/codecommit/search-repositories'
import { regionName } from '#lib/operation/regions'
import { attempt } from '../../../attempt.ts'
import { paths } from '../../../paths.ts'
import { readQuery, type Query } from '../../../query.ts'
import { chosenRegion, requestContext } from '../../../session.ts'

export const metadata: Metadata = { title: 'Repositories' }

export default async function RepositoriesPage({ searchParams }: { searchParams: Query }) {
  const query = await readQuery(searchParams, 'region', 'filter', 'token')
  const region = await chosenRegion(query.region)
  const found = await attempt(SearchRepositories, await requestContext(region), { nameContains: query.filter, nextToken: query.token })
  const filter = query.filter === undefined ? {} : { filter: query.filter }
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
        <>
          <RepositoryTable
            region={region}
            regionName={regionName(region)}
            filtered={query.filter !== undefined}
            repositories={found.output.repositories.map((repository) => ({ ...repository, lastModifiedDate: repository.lastModifiedDate.toISOString() }))}
          />
          {(query.token !== undefined || found.output.nextToken !== undefined) && (
            <Pager
              shown={`${found.output.repositories.length} on this page`}
              first={query.token === undefined ? undefined : paths.repositories(region, filter)}
              next={found.output.nextToken === undefined ? undefined : paths.repositories(region, { ...filter, token: found.output.nextToken })}
            />
          )}
        </>
      ) : (
        <ProblemMessage problem={found.problem} />
      )}
    </>
  )
}
