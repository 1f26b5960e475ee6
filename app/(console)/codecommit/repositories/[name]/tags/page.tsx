import type { Metadata } from 'next'
import { GitTagTable } from '#components/codecommit/git-tag-table.tsx'
import { RepositoryHeader } from '#components/codecommit/repository-header.tsx'
import { FindField } from '#components/console/find-field.tsx'
import { ListProblem } from '#components/console/list-problem.tsx'
import { paths } from '../../../../../paths.ts'
import { readQuery, readSegment } from '../../../../../query.ts'
import { chosenRegion, requestContext } from '../../../../../session.ts'
import type { RepositoryPageProps } from '../repository-page.ts'
import { gitTagRows } from './git-tag-rows.ts'

export const metadata: Metadata = { title: 'Git tags' }

export default async function GitTagsPage({ params, searchParams }: RepositoryPageProps) {
  const repositoryName = readSegment((await params).name)
  const { region: asked, ...query } = await readQuery(searchParams, 'region', 'filter', 'token')
  const region = await chosenRegion(asked)
  const found = await gitTagRows(await requestContext(region), query, repositoryName)
  return (
    <>
      <RepositoryHeader region={region} repositoryName={repositoryName} />
      {found.ok ? (
        <>
          {found.output.total > 0 && <FindField label="Find Git tags by name" placeholder="Find by name" value={query.filter} hidden={{ region }} />}
          <GitTagTable region={region} repositoryName={repositoryName} filtered={query.filter !== undefined} url={paths.gitTags(region, repositoryName, query)} first={found.output} />
        </>
      ) : (
        <ListProblem problem={found.problem} first={query.token && paths.gitTags(region, repositoryName, { ...query, token: '' })} />
      )}
    </>
  )
}
