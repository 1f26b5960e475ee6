import type { Metadata } from 'next'
import { CommitTable } from '#components/codecommit/commit-table.tsx'
import { RefChooser } from '#components/codecommit/ref-chooser.tsx'
import { RepositoryHeader } from '#components/codecommit/repository-header.tsx'
import { ButtonLink, Link } from '#components/console/link.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { GetCommitsFromMergeBase, GetDiff } from '#lib/codecommit/compare-commits'
import { attempt } from '../../../../../attempt.ts'
import { paths } from '../../../../../paths.ts'
import { referenceNames } from '../../../actions.ts'
import { commitRows } from '../commit-rows.ts'
import { Diff, diffQuery } from '../diff.tsx'
import { openPage, type RepositoryPageProps } from '../repository-page.ts'

export const metadata: Metadata = { title: 'Compare' }

export default async function ComparePage(props: RepositoryPageProps) {
  const page = await openPage(props, 'source', 'destination', 'view', 'space', 'file')
  const { region, repositoryName, context, query } = page
  const defaultBranch = page.problem ? undefined : page.repository.defaultBranch
  if (page.problem || defaultBranch === undefined) {
    return (
      <>
        <RepositoryHeader region={region} repositoryName={repositoryName} />
        {page.problem ? <ProblemMessage problem={page.problem} /> : <EmptyState title="Nothing to compare yet">The first push brings a commit.</EmptyState>}
      </>
    )
  }
  const { destination = defaultBranch, source = defaultBranch } = query
  const shown = diffQuery(query)
  const standing = await attempt(GetCommitsFromMergeBase, context, { repositoryName, sourceCommitSpecifier: source, destinationCommitSpecifier: destination })
  // What the source would bring: against where they part; unrelated histories against each other.
  const diff = standing.ok
    ? await attempt(GetDiff, context, {
        repositoryName,
        beforeCommitSpecifier: standing.output.mergeBase ?? standing.output.destinationCommitId,
        afterCommitSpecifier: standing.output.sourceCommitId,
        filePath: shown.file,
        ignoreWhitespace: shown.space === 'ignore',
      })
    : undefined
  const chooser = { region, repositoryName, defaultBranch, names: referenceNames }
  return (
    <>
      <RepositoryHeader region={region} repositoryName={repositoryName} />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="text-ink-2">Destination</span>
        <RefChooser {...chooser} current={destination} parameter="destination" label="Destination" />
        <span className="text-ink-2">Source</span>
        <RefChooser {...chooser} current={source} parameter="source" label="Source" />
        <ButtonLink href={paths.compare(region, repositoryName, { source: destination, destination: source, ...shown })}>Swap</ButtonLink>
      </div>
      {!standing.ok ? (
        <ProblemMessage problem={standing.problem} />
      ) : destination === source ? (
        <EmptyState title="Choose what to compare">The source is the branch, tag or commit whose changes are shown; the destination is what they would come to.</EmptyState>
      ) : (
        <>
          <p className="text-ink-2">
            <strong className="text-ink">{source}</strong> is {standing.output.ahead.toLocaleString('en')} {standing.output.ahead === 1 ? 'commit' : 'commits'} ahead of and {standing.output.behind.toLocaleString('en')} behind{' '}
            <strong className="text-ink">{destination}</strong>.{' '}
            {standing.output.mergeBase === null ? (
              'They have no commit in common.'
            ) : (
              <>
                They part at{' '}
                <Link href={paths.commit(region, repositoryName, standing.output.mergeBase)} className="identifier">
                  {standing.output.mergeBase.slice(0, 8)}
                </Link>
                .
              </>
            )}
          </p>
          {standing.output.commits.length > 0 && <CommitTable region={region} repositoryName={repositoryName} commits={commitRows(standing.output.commits)} label="Commits of the source" />}
          {standing.output.ahead > standing.output.commits.length && <p className="text-ink-3">The newest {standing.output.commits.length} of them.</p>}
        </>
      )}
      {diff && destination !== source && (diff.ok ? <Diff region={region} repositoryName={repositoryName} diff={diff.output} query={shown} here={(next) => paths.compare(region, repositoryName, { source, destination, ...next })} /> : <ProblemMessage problem={diff.problem} />)}
    </>
  )
}
