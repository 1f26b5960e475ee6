import type { Metadata } from 'next'
import { CloneBox } from '#components/codecommit/clone-box.tsx'
import { EmptyRepository } from '#components/codecommit/empty-repository.tsx'
import { FileTable } from '#components/codecommit/file-table.tsx'
import { readContent } from '#components/codecommit/file-view.tsx'
import { Markdown } from '#components/codecommit/markdown.tsx'
import { RefChooser } from '#components/codecommit/ref-chooser.tsx'
import { RepositoryHeader } from '#components/codecommit/repository-header.tsx'
import { Link } from '#components/console/link.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { ListBranches } from '#lib/codecommit/branches'
import { GetFile, GetFolder } from '#lib/codecommit/content'
import { GetRepository } from '#lib/codecommit/repositories'
import { sshHostKeyFingerprints } from '#lib/codecommit/ssh-host-keys'
import type { RequestContext } from '#lib/operation/context'
import { attempt } from '../../../../attempt.ts'
import { paths } from '../../../../paths.ts'
import { readQuery, readSegment, type Query } from '../../../../query.ts'
import { chosenRegion, requestContext } from '../../../../session.ts'
import { folderEntries } from './folder-entries.ts'

type Props = { params: Promise<{ name: string }>; searchParams: Query }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: readSegment((await params).name) }
}

export default async function RepositoryPage({ params, searchParams }: Props) {
  const repositoryName = readSegment((await params).name)
  const query = await readQuery(searchParams, 'region', 'ref')
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
  const { repositoryDescription, defaultBranch, cloneUrlHttp, cloneUrlSsh } = got.output.repositoryMetadata
  const at = query.ref ?? defaultBranch
  const sshHostKeys = sshHostKeyFingerprints().map(({ type, sha256 }) => ({ type, sha256 }))
  const urls = { cloneUrlHttp, cloneUrlSsh, sshHostKeys, region, repositoryName }
  const credentials =
    context.principal.type === 'IAMUser' ? (
      <Link href={paths.user(context.principal.userName, 'security-credentials')}>Your credentials</Link>
    ) : (
      <>
        The root user has none: <Link href={paths.users()}>choose or create a user</Link>.
      </>
    )
  return (
    <>
      <RepositoryHeader region={region} repositoryName={repositoryName} description={repositoryDescription} />
      {at === undefined ? (
        <EmptyRepository urls={urls} credentials={credentials} />
      ) : (
        <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
          <div className="flex min-w-0 flex-col gap-4">
            <Files context={context} repositoryName={repositoryName} at={at} asked={query.ref} defaultBranch={defaultBranch} />
          </div>
          <Panel title="Clone">
            <CloneBox urls={urls} credentials={credentials} />
          </Panel>
        </div>
      )}
    </>
  )
}

async function Files({ context, repositoryName, at, asked, defaultBranch }: { context: RequestContext; repositoryName: string; at: string; asked: string | undefined; defaultBranch: string | undefined }) {
  const { region } = context
  const [folder, branches] = await Promise.all([
    attempt(GetFolder, context, { repositoryName, commitSpecifier: at, folderPath: '/' }),
    attempt(ListBranches, context, { repositoryName }),
  ])
  if (!folder.ok) return <ProblemMessage problem={folder.problem} />
  const entries = folderEntries(folder.output)
  const readme = entries.find(({ kind, name }) => kind === 'file' && /^readme(\.(md|markdown|txt|rst))?$/i.test(name))
  return (
    <>
      <div>
        <RefChooser branches={branches.ok ? branches.output.branches : [at]} current={at} defaultBranch={defaultBranch} />
      </div>
      <FileTable region={region} repositoryName={repositoryName} entries={entries} at={asked} />
      {readme && <Readme context={context} repositoryName={repositoryName} commitId={folder.output.commitId} path={readme.path} asked={asked} />}
    </>
  )
}

async function Readme({ context, repositoryName, commitId, path, asked }: { context: RequestContext; repositoryName: string; commitId: string; path: string; asked: string | undefined }) {
  const file = await attempt(GetFile, context, { repositoryName, commitSpecifier: commitId, filePath: path })
  if (!file.ok) return <ProblemMessage problem={file.problem} />
  const content = readContent(file.output.fileContent)
  if (content.kind !== 'text') return null
  return (
    <Panel title={path} flush>
      {/\.(md|markdown)$/i.test(path) ? (
        <Markdown text={content.text} folder="" resolve={(target) => paths.browse(context.region, repositoryName, target, asked === undefined ? {} : { ref: asked })} />
      ) : (
        <pre className="p-4 text-small wrap-anywhere whitespace-pre-wrap">{content.text}</pre>
      )}
    </Panel>
  )
}
