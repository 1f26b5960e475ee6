import type { Metadata } from 'next'
import { BlameView } from '#components/codecommit/blame-view.tsx'
import { mostLines } from '#components/codecommit/file-view.tsx'
import { highlight } from '#components/codecommit/highlight.ts'
import { RepositoryHeader } from '#components/codecommit/repository-header.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { GetBlame } from '#lib/codecommit/file-history'
import { attempt } from '../../../../../../attempt.ts'
import { readSegment } from '../../../../../../query.ts'
import { CodeBar } from '../../code-bar.tsx'
import { FileFrame } from '../../file.tsx'
import { openPage, type RepositoryPageProps } from '../../repository-page.ts'

export const metadata: Metadata = { title: 'Blame' }

export default async function BlamePage(props: RepositoryPageProps<{ path: string[] }>) {
  const page = await openPage(props)
  const path = (await props.params).path.map(readSegment).join('/')
  const { region, repositoryName, context, query } = page
  if (page.problem || page.at === undefined) {
    return (
      <>
        <RepositoryHeader region={region} repositoryName={repositoryName} />
        {page.problem && <ProblemMessage problem={page.problem} />}
      </>
    )
  }
  const found = await attempt(GetBlame, context, { repositoryName, commitSpecifier: page.at, path })
  const texts = found.ok ? found.output.ranges.flatMap(({ lines }) => lines.map((line) => line.replace(/\r$/, ''))) : []
  const lines = await highlight(texts.join('\n'), path)
  return (
    <>
      <RepositoryHeader region={region} repositoryName={repositoryName} />
      <CodeBar
        region={region}
        repositoryName={repositoryName}
        at={page.at}
        asked={query.ref}
        defaultBranch={page.repository.defaultBranch}
        path={path}
        commitId={found.ok ? found.output.commitId : undefined}
      />
      {found.ok ? (
        <FileFrame region={region} repositoryName={repositoryName} path={path} asked={query.ref} blame facts={[`${texts.length.toLocaleString('en')} lines`, `${found.output.commits.length.toLocaleString('en')} commits`]}>
          {texts.length > mostLines && <p className="px-4 py-2 text-ink-2">The first {mostLines.toLocaleString('en')} lines.</p>}
          <BlameView
            region={region}
            repositoryName={repositoryName}
            name={path}
            lines={lines.slice(0, mostLines)}
            ranges={found.output.ranges.map(({ commitId, line, lines: { length } }) => ({ commitId, line, count: length }))}
            commits={found.output.commits}
          />
        </FileFrame>
      ) : (
        <ProblemMessage problem={found.problem} />
      )}
    </>
  )
}
