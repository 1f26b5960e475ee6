import type { Metadata } from 'next'
import { Suspense } from 'react'
import { RepositoryHeader } from '#components/codecommit/repository-header.tsx'
import { Copyable } from '#components/console/copyable.tsx'
import { ButtonLink, Link } from '#components/console/link.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Time } from '#components/console/time.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Properties } from '#components/ui/properties.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { GetDiff } from '#lib/codecommit/compare-commits'
import { GetCommit } from '#lib/codecommit/content'
import { attempt } from '../../../../../../attempt.ts'
import { paths, type DiffQuery } from '../../../../../../paths.ts'
import { readQuery, readSegment } from '../../../../../../query.ts'
import { chosenRegion, requestContext, type ConsoleContext } from '../../../../../../session.ts'
import { Diff, diffQuery } from '../../diff.tsx'
import type { RepositoryPageProps } from '../../repository-page.ts'

type Props = RepositoryPageProps<{ commitId: string }>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Commit ${readSegment((await params).commitId).slice(0, 8)}` }
}

export default async function CommitPage({ params, searchParams }: Props) {
  const { name, commitId } = await params
  const repositoryName = readSegment(name)
  const query = await readQuery(searchParams, 'region', 'view', 'space', 'file')
  const region = await chosenRegion(query.region)
  const context = await requestContext(region)
  const got = await attempt(GetCommit, context, { repositoryName, commitId: readSegment(commitId) })
  if (!got.ok) {
    return (
      <>
        <RepositoryHeader region={region} repositoryName={repositoryName} />
        <ProblemMessage problem={got.problem} />
      </>
    )
  }
  const { commit } = got.output
  const [subject = '', ...rest] = commit.message.trimEnd().split('\n')
  const body = rest.join('\n').trim()
  return (
    <>
      <RepositoryHeader region={region} repositoryName={repositoryName} />
      <Panel
        title={subject || 'No message'}
        actions={
          <ButtonLink href={paths.repository(region, repositoryName, { ref: commit.commitId })} icon="folder">
            Browse
          </ButtonLink>
        }
      >
        <div className="flex flex-col gap-4">
          {body !== '' && <pre className="wrap-anywhere whitespace-pre-wrap">{body}</pre>}
          <Properties
            items={[
              ['Commit ID', <Copyable key="id" text={commit.commitId} name="commit ID" />],
              [
                commit.parents.length === 1 ? 'Parent' : 'Parents',
                commit.parents.length === 0
                  ? 'None: the first commit'
                  : commit.parents.map((parent) => (
                      <Link key={parent} href={paths.commit(region, repositoryName, parent)} className="identifier mr-3">
                        {parent.slice(0, 8)}
                      </Link>
                    )),
              ],
              ['Author', <Person key="author" person={commit.author} />],
              ['Committer', <Person key="committer" person={commit.committer} />],
            ]}
          />
        </div>
      </Panel>
      {commit.parents.length > 1 && <p className="text-ink-2">A merge: what it changed against its first parent.</p>}
      <Suspense fallback={<Skeleton className="h-40" />}>
        <Changes context={context} repositoryName={repositoryName} commitId={commit.commitId} query={diffQuery(query)} />
      </Suspense>
    </>
  )
}

async function Changes({ context, repositoryName, commitId, query }: { context: ConsoleContext; repositoryName: string; commitId: string; query: DiffQuery }) {
  const { region } = context
  const diff = await attempt(GetDiff, context, { repositoryName, afterCommitSpecifier: commitId, filePath: query.file, ignoreWhitespace: query.space === 'ignore' })
  if (!diff.ok) return <ProblemMessage problem={diff.problem} />
  return <Diff region={region} repositoryName={repositoryName} diff={diff.output} query={query} here={(next) => paths.commit(region, repositoryName, commitId, next)} />
}

/** Git's date: seconds and the offset that the author's clock had. */
function Person({ person: { name, email, date } }: { person: { name: string; email: string; date: string } }) {
  const seconds = Number(/^(\d+)/.exec(date)?.[1])
  return (
    <>
      {name} &lt;{email}&gt;
      <br />
      {Number.isFinite(seconds) && seconds < 8.64e12 ? <Time at={new Date(seconds * 1000)} /> : date}
    </>
  )
}
