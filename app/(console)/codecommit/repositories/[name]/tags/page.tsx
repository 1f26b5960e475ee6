import type { Metadata } from 'next'
import { GitTagTable } from '#components/codecommit/git-tag-table.tsx'
import { RepositoryHeader } from '#components/codecommit/repository-header.tsx'
import { FindField } from '#components/console/find-field.tsx'
import { Pager } from '#components/console/pager.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { GetReferences } from '#lib/codecommit/references'
import { attempt } from '../../../../../attempt.ts'
import { paths } from '../../../../../paths.ts'
import { readQuery, readSegment } from '../../../../../query.ts'
import { chosenRegion, requestContext } from '../../../../../session.ts'
import { commitRows } from '../commit-rows.ts'
import type { RepositoryPageProps } from '../repository-page.ts'

export const metadata: Metadata = { title: 'Git tags' }

export default async function GitTagsPage({ params, searchParams }: RepositoryPageProps) {
  const repositoryName = readSegment((await params).name)
  const query = await readQuery(searchParams, 'region', 'filter', 'token')
  const region = await chosenRegion(query.region)
  const context = await requestContext(region)
  const found = await attempt(GetReferences, context, { repositoryName, kind: 'tags', nameContains: query.filter, nextToken: query.token })
  const filter = query.filter === undefined ? {} : { filter: query.filter }
  return (
    <>
      <RepositoryHeader region={region} repositoryName={repositoryName} />
      {found.ok ? (
        <>
          {found.output.total > 0 && <FindField label="Find Git tags by name" placeholder="Find by name" value={query.filter} hidden={{ region }} />}
          <GitTagTable
            region={region}
            repositoryName={repositoryName}
            filtered={query.filter !== undefined}
            tags={found.output.references.map(({ name, objectId, commit, annotation }) => {
              const [row] = commitRows(commit ? [commit] : [])
              return {
                name,
                objectId,
                ...(row && { commit: row }),
                ...(annotation && { message: annotation.message }),
                ...(annotation?.tagger && { tagger: annotation.tagger, date: annotation.date.toISOString() }),
              }
            })}
          />
          {(query.token !== undefined || found.output.nextToken !== undefined) && (
            <Pager
              shown={`${found.output.references.length} of ${found.output.total} tags`}
              first={query.token === undefined ? undefined : paths.gitTags(region, repositoryName, filter)}
              next={found.output.nextToken === undefined ? undefined : paths.gitTags(region, repositoryName, { ...filter, token: found.output.nextToken })}
            />
          )}
        </>
      ) : (
        <ProblemMessage problem={found.problem} />
      )}
    </>
  )
}
