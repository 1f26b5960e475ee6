import type { Metadata } from 'next'
import { CommitTable } from '#components/codecommit/commit-table.tsx'
import { PathTrail } from '#components/codecommit/path-trail.tsx'
import { RefChooser } from '#components/codecommit/ref-chooser.tsx'
import { RepositoryHeader } from '#components/codecommit/repository-header.tsx'
import { Pager } from '#components/console/pager.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { GetCommitHistory } from '#lib/codecommit/commit-history'
import { attempt } from '../../../../../attempt.ts'
import { paths } from '../../../../../paths.ts'
import { referenceNames } from '../../../actions.ts'
import { commitRows } from '../commit-rows.ts'
import { openPage, refQuery, type RepositoryPageProps } from '../repository-page.ts'

export const metadata: Metadata = { title: 'Commits' }

export default async function CommitsPage(props: RepositoryPageProps) {
  const page = await openPage(props, 'token', 'path')
  const { region, repositoryName, context, query } = page
  if (page.problem || page.at === undefined) {
    return (
      <>
        <RepositoryHeader region={region} repositoryName={repositoryName} />
        {page.problem ? <ProblemMessage problem={page.problem} /> : <EmptyState title="No commits yet">The first push brings them.</EmptyState>}
      </>
    )
  }
  const history = await attempt(GetCommitHistory, context, { repositoryName, commitSpecifier: page.at, filePath: query.path, nextToken: query.token })
  const kept = { ...refQuery(page), ...(query.path !== undefined && { path: query.path }) }
  return (
    <>
      <RepositoryHeader region={region} repositoryName={repositoryName} />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <RefChooser region={region} repositoryName={repositoryName} current={page.at} defaultBranch={page.repository.defaultBranch} names={referenceNames} />
        {query.path !== undefined && (
          <>
            <span className="text-ink-2">History of</span>
            <PathTrail region={region} repositoryName={repositoryName} path={query.path} at={query.ref} />
          </>
        )}
      </div>
      {history.ok ? (
        <>
          <CommitTable region={region} repositoryName={repositoryName} commits={commitRows(history.output.commits)} />
          {(query.token !== undefined || history.output.nextToken !== undefined) && (
            <Pager
              shown={`${history.output.commits.length} on this page`}
              first={query.token === undefined ? undefined : paths.commits(region, repositoryName, kept)}
              next={history.output.nextToken === undefined ? undefined : paths.commits(region, repositoryName, { ...kept, token: history.output.nextToken })}
            />
          )}
        </>
      ) : (
        <ProblemMessage problem={history.problem} />
      )}
    </>
  )
}
