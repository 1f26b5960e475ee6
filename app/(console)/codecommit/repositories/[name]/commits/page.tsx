import type { Metadata } from 'next'
import { CommitHistoryTable } from '#components/codecommit/commit-history-table.tsx'
import { PathTrail } from '#components/codecommit/path-trail.tsx'
import { RefChooser } from '#components/codecommit/ref-chooser.tsx'
import { RepositoryHeader } from '#components/codecommit/repository-header.tsx'
import { ListProblem } from '#components/console/list-problem.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { paths } from '../../../../../paths.ts'
import { referenceNames } from '../../../actions.ts'
import { openPage, refQuery, type RepositoryPageProps } from '../repository-page.ts'
import { historyRows } from './history-rows.ts'

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
  const history = await historyRows(context, { ...query, ref: page.at }, repositoryName)
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
        <CommitHistoryTable region={region} repositoryName={repositoryName} url={paths.commits(region, repositoryName, { ...kept, token: query.token })} first={history.output} />
      ) : (
        <ListProblem problem={history.problem} first={query.token && paths.commits(region, repositoryName, kept)} />
      )}
    </>
  )
}
