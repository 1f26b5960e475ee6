import type { Metadata } from 'next'
import { FileFinder } from '#components/codecommit/file-finder.tsx'
import { RefChooser } from '#components/codecommit/ref-chooser.tsx'
import { RepositoryHeader } from '#components/codecommit/repository-header.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { GetTree } from '#lib/codecommit/search-files'
import { attempt } from '../../../../../attempt.ts'
import { referenceNames } from '../../../actions.ts'
import { openPage, type RepositoryPageProps } from '../repository-page.ts'

export const metadata: Metadata = { title: 'Find file' }

export default async function FindFilePage(props: RepositoryPageProps) {
  const page = await openPage(props)
  const { region, repositoryName, context, query } = page
  if (page.problem || page.at === undefined) {
    return (
      <>
        <RepositoryHeader region={region} repositoryName={repositoryName} />
        {page.problem && <ProblemMessage problem={page.problem} />}
      </>
    )
  }
  const tree = await attempt(GetTree, context, { repositoryName, commitSpecifier: page.at })
  return (
    <>
      <RepositoryHeader region={region} repositoryName={repositoryName} />
      <div>
        <RefChooser region={region} repositoryName={repositoryName} current={page.at} defaultBranch={page.repository.defaultBranch} names={referenceNames} />
      </div>
      {tree.ok ? (
        <FileFinder region={region} repositoryName={repositoryName} paths={tree.output.paths} truncated={tree.output.truncated} at={query.ref} />
      ) : (
        <ProblemMessage problem={tree.problem} />
      )}
    </>
  )
}
