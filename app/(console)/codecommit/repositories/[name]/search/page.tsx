import type { Metadata } from 'next'
import { CodeShortcuts } from '#components/codecommit/code-shortcuts.tsx'
import { RefChooser } from '#components/codecommit/ref-chooser.tsx'
import { RepositoryHeader } from '#components/codecommit/repository-header.tsx'
import { SearchResults } from '#components/codecommit/search-results.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Checkbox, Input } from '#components/ui/field.tsx'
import { SearchFiles } from '#lib/codecommit/search-files'
import { attempt } from '../../../../../attempt.ts'
import { paths } from '../../../../../paths.ts'
import { referenceNames } from '../../../actions.ts'
import { openPage, refQuery, type RepositoryPageProps } from '../repository-page.ts'

export const metadata: Metadata = { title: 'Search' }

export default async function SearchPage(props: RepositoryPageProps) {
  const page = await openPage(props, 'text', 'regexp', 'case')
  const { region, repositoryName, context, query } = page
  if (page.problem || page.at === undefined) {
    return (
      <>
        <RepositoryHeader region={region} repositoryName={repositoryName} />
        {page.problem && <ProblemMessage problem={page.problem} />}
      </>
    )
  }
  const found =
    query.text === undefined
      ? undefined
      : await attempt(SearchFiles, context, { repositoryName, commitSpecifier: page.at, text: query.text, regularExpression: query.regexp === '1', matchCase: query.case === '1' })
  return (
    <>
      <RepositoryHeader region={region} repositoryName={repositoryName} />
      <form method="get" role="search" className="flex flex-wrap items-end gap-x-4 gap-y-2">
        <RefChooser region={region} repositoryName={repositoryName} current={page.at} defaultBranch={page.repository.defaultBranch} names={referenceNames} />
        <input type="hidden" name="region" value={region} />
        {query.ref !== undefined && <input type="hidden" name="ref" value={query.ref} />}
        <div className="min-w-60 grow sm:max-w-lg">
          <Input key={query.text} name="text" label="Search in the files" type="search" defaultValue={query.text ?? ''} maxLength={1000} data-find="" required />
        </div>
        <Checkbox name="regexp" value="1" defaultChecked={query.regexp === '1'} label="Regular expression" className="min-h-8 items-center" />
        <Checkbox name="case" value="1" defaultChecked={query.case === '1'} label="Match case" className="min-h-8 items-center" />
        <Button type="submit" variant="primary" className="min-h-8">
          Search
        </Button>
      </form>
      <CodeShortcuts find={paths.findFile(region, repositoryName, refQuery(page))} />
      {found?.ok === false && <ProblemMessage problem={found.problem} />}
      {found?.ok && found.output.matches.length === 0 && <EmptyState title="No line has that">Text files are searched; binary files are left out.</EmptyState>}
      {found?.ok && found.output.matches.length > 0 && (
        <>
          <p role="status" className="text-ink-2">
            {found.output.truncated
              ? `The first ${found.output.matches.length} lines; there are more. Look for a longer text to see them.`
              : `${found.output.matches.length} ${found.output.matches.length === 1 ? 'line' : 'lines'} in ${new Set(found.output.matches.map(({ path }) => path)).size} files`}
          </p>
          <SearchResults region={region} repositoryName={repositoryName} matches={found.output.matches} at={query.ref} />
        </>
      )}
    </>
  )
}
