import type { Metadata } from 'next'
import { RepositoryHeader } from '#components/codecommit/repository-header.tsx'
import { Copyable } from '#components/console/copyable.tsx'
import { ButtonLink, Link } from '#components/console/link.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Time } from '#components/console/time.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Properties } from '#components/ui/properties.tsx'
import { GetCommit } from '#lib/codecommit/content'
import { attempt } from '../../../../../../attempt.ts'
import { paths } from '../../../../../../paths.ts'
import { readQuery, readSegment, type Query } from '../../../../../../query.ts'
import { chosenRegion, requestContext } from '../../../../../../session.ts'

type Props = { params: Promise<{ name: string; commitId: string }>; searchParams: Query }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Commit ${readSegment((await params).commitId).slice(0, 8)}` }
}

export default async function CommitPage({ params, searchParams }: Props) {
  const { name, commitId } = await params
  const repositoryName = readSegment(name)
  const region = await chosenRegion((await readQuery(searchParams, 'region')).region)
  const got = await attempt(GetCommit, await requestContext(region), { repositoryName, commitId: readSegment(commitId) })
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
              ['Tree ID', <Copyable key="tree" text={commit.treeId} name="tree ID" />],
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
    </>
  )
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
