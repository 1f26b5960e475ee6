import type { Metadata } from 'next'
import { CommitTable } from '#components/codecommit/commit-table.tsx'
import { RefChooser } from '#components/codecommit/ref-chooser.tsx'
import { RepositoryHeader } from '#components/codecommit/repository-header.tsx'
import { Pager } from '#components/console/pager.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { ListBranches } from '#lib/codecommit/branches'
import { GetCommitHistory } from '#lib/codecommit/commit-history'
import { GetRepository } from '#lib/codecommit/repositories'
import { attempt } from '../../../../../attempt.ts'
import { paths } from '../../../../../paths.ts'
import { readQuery, readSegment, type Query } from '../../../../../query.ts'
import { chosenRegion, requestContext } from '../../../../../session.ts'

export const metadata: Metadata = { title: 'Commits' }

export default async function CommitsPage({ params, searchParams }: { params: Promise<{ name: string }>; searchParams: Query }) {
  const repositoryName = readSegment((await params).name)
  const query = await readQuery(searchParams, 'region', 'ref', 'token')
  const region = await chosenRegion(query.region)
  const context = await requestContext(region)
  const got = await attempt(GetRepository, context, { repositoryName })
  if (!got.ok) {
    return (
      <>
        <RepositoryHeader region={region} repositoryName={repositoryName} />
        <ProblemMessage problem={got.problem} />
      </>
    )
  }
  const { defaultBranch } = got.output.repositoryMetadata
  const at = query.ref ?? defaultBranch
  if (at === undefined) {
    return (
      <>
        <RepositoryHeader region={region} repositoryName={repositoryName} />
        <EmptyState title="No commits yet">The first push brings them.</EmptyState>
      </>
    )
  }
  const [branches, history] = await Promise.all([
    attempt(ListBranches, context, { repositoryName }),
    attempt(GetCommitHistory, context, { repositoryName, commitSpecifier: at, nextToken: query.token }),
  ])
  const ref = query.ref === undefined ? {} : { ref: query.ref }
  return (
    <>
      <RepositoryHeader region={region} repositoryName={repositoryName} />
      <div>
        <RefChooser branches={branches.ok ? branches.output.branches : [at]} current={at} defaultBranch={defaultBranch} />
      </div>
      {history.ok ? (
        <>
          <CommitTable
            region={region}
            repositoryName={repositoryName}
            commits={history.output.commits.map(({ commitId, subject, parents, author }) => ({ commitId, subject, merge: parents.length > 1, author: author.name, date: author.date.toISOString() }))}
          />
          {(query.token !== undefined || history.output.nextToken !== undefined) && (
            <Pager
              shown={`${history.output.commits.length} on this page`}
              first={query.token === undefined ? undefined : paths.commits(region, repositoryName, ref)}
              next={history.output.nextToken === undefined ? undefined : paths.commits(region, repositoryName, { ...ref, token: history.output.nextToken })}
            />
          )}
        </>
      ) : (
        <ProblemMessage problem={history.problem} />
      )}
    </>
  )
}
