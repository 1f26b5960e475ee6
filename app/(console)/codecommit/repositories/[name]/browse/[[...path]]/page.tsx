import type { Metadata } from 'next'
import { RepositoryHeader } from '#components/codecommit/repository-header.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { readSegment } from '../../../../../../query.ts'
import { CodeBar } from '../../code-bar.tsx'
import { fileOrFolder } from '../../file-or-folder.ts'
import { File, LargeFile } from '../../file.tsx'
import { Folder } from '../../folder.tsx'
import { openPage, type RepositoryPageProps } from '../../repository-page.ts'

type Props = RepositoryPageProps<{ path?: string[] }>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name, path = [] } = await params
  return { title: [...path.map(readSegment)].at(-1) ?? readSegment(name) }
}

export default async function BrowsePage(props: Props) {
  const page = await openPage(props, 'plain')
  const { region, repositoryName, context, query } = page
  const path = ((await props.params).path ?? []).map(readSegment).join('/')
  if (page.problem || page.at === undefined) {
    return (
      <>
        <RepositoryHeader region={region} repositoryName={repositoryName} />
        {page.problem && <ProblemMessage problem={page.problem} />}
      </>
    )
  }
  const { at } = page
  const { folder, file } = await fileOrFolder(context, { repositoryName, commitSpecifier: at, path })
  const commitId = folder?.ok ? folder.output.commitId : file?.ok ? file.output.commitId : undefined
  const missing = folder ?? file
  return (
    <>
      <RepositoryHeader region={region} repositoryName={repositoryName} />
      <CodeBar region={region} repositoryName={repositoryName} at={at} asked={query.ref} defaultBranch={page.repository.defaultBranch} path={path} commitId={commitId} />
      {folder?.ok ? (
        <Folder context={context} repositoryName={repositoryName} folder={folder.output} asked={query.ref} />
      ) : file?.ok ? (
        <File region={region} repositoryName={repositoryName} file={file.output} asked={query.ref} plain={query.plain !== undefined} />
      ) : file?.problem.code === 'FileTooLargeException' ? (
        <LargeFile region={region} repositoryName={repositoryName} path={path} asked={query.ref} />
      ) : (
        !missing.ok && <ProblemMessage problem={missing.problem} />
      )}
    </>
  )
}
