import type { Metadata } from 'next'
import { CloneBox } from '#components/codecommit/clone-box.tsx'
import { CredentialSteps } from '#components/codecommit/credential-steps.tsx'
import { EmptyRepository } from '#components/codecommit/empty-repository.tsx'
import { RepositoryHeader } from '#components/codecommit/repository-header.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { GetFolder } from '#lib/codecommit/content'
import { sshHostKeyFingerprints } from '#lib/codecommit/ssh-host-keys'
import { ownCredentials } from '#lib/iam/own-credentials'
import { attempt } from '../../../../attempt.ts'
import { readSegment } from '../../../../query.ts'
import { CodeBar } from './code-bar.tsx'
import { Folder } from './folder.tsx'
import { openPage, type RepositoryPageProps } from './repository-page.ts'

export async function generateMetadata({ params }: RepositoryPageProps): Promise<Metadata> {
  return { title: readSegment((await params).name) }
}

export default async function RepositoryPage(props: RepositoryPageProps) {
  const page = await openPage(props)
  const { region, repositoryName, context, query } = page
  if (page.problem) {
    return (
      <>
        <RepositoryHeader region={region} repositoryName={repositoryName} />
        <ProblemMessage problem={page.problem} />
      </>
    )
  }
  const { at, repository } = page
  const { repositoryDescription, defaultBranch, cloneUrlHttp, cloneUrlSsh } = repository
  const sshHostKeys = sshHostKeyFingerprints().map(({ type, sha256 }) => ({ type, sha256 }))
  const { principal } = context
  const own = await ownCredentials(principal)
  const viewer = own && principal.type === 'IAMUser' ? { userName: principal.userName, credentials: own } : null
  const urls = { cloneUrlHttp, cloneUrlSsh, sshHostKeys, sshUserName: own?.sshPublicKeyId, region, repositoryName }
  const credentials = {
    https: <CredentialSteps transport="https" viewer={viewer} />,
    ssh: <CredentialSteps transport="ssh" viewer={viewer} />,
    grc: <CredentialSteps transport="grc" viewer={viewer} />,
  }
  const folder = at === undefined ? undefined : await attempt(GetFolder, context, { repositoryName, commitSpecifier: at, folderPath: '/' })
  return (
    <>
      <RepositoryHeader region={region} repositoryName={repositoryName} description={repositoryDescription} />
      {at === undefined || folder === undefined ? (
        <EmptyRepository urls={urls} credentials={credentials} />
      ) : (
        <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
          <div className="flex min-w-0 flex-col gap-4">
            <CodeBar region={region} repositoryName={repositoryName} at={at} asked={query.ref} defaultBranch={defaultBranch} path="" commitId={folder.ok ? folder.output.commitId : undefined} />
            {folder.ok ? <Folder context={context} repositoryName={repositoryName} folder={folder.output} asked={query.ref} /> : <ProblemMessage problem={folder.problem} />}
          </div>
          <Panel title="Clone">
            <CloneBox urls={urls} credentials={credentials} />
          </Panel>
        </div>
      )}
    </>
  )
}
