import type { Metadata } from 'next'
import { Fragment } from 'react'
import { FileTable } from '#components/codecommit/file-table.tsx'
import { FileView, readContent } from '#components/codecommit/file-view.tsx'
import { RefChooser } from '#components/codecommit/ref-chooser.tsx'
import { RepositoryHeader } from '#components/codecommit/repository-header.tsx'
import { Link } from '#components/console/link.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { ListBranches } from '#lib/codecommit/branches'
import { GetFile, GetFolder } from '#lib/codecommit/content'
import { GetRepository } from '#lib/codecommit/repositories'
import type { RequestContext } from '#lib/operation/context'
import { attempt } from '../../../../../../attempt.ts'
import { paths } from '../../../../../../paths.ts'
import { readQuery, readSegment, type Query } from '../../../../../../query.ts'
import { chosenRegion, requestContext } from '../../../../../../session.ts'
import { folderEntries } from '../../folder-entries.ts'

type Props = { params: Promise<{ name: string; path?: string[] }>; searchParams: Query }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name, path = [] } = await params
  return { title: [...path.map(readSegment)].at(-1) ?? readSegment(name) }
}

export default async function BrowsePage({ params, searchParams }: Props) {
  const { name, path: segments = [] } = await params
  const repositoryName = readSegment(name)
  const path = segments.map(readSegment).join('/')
  const query = await readQuery(searchParams, 'region', 'ref')
  const region = await chosenRegion(query.region)
  const context = await requestContext(region)
  const got = await attempt(GetRepository, context, { repositoryName })
  const defaultBranch = got.ok ? got.output.repositoryMetadata.defaultBranch : undefined
  const at = query.ref ?? defaultBranch
  const branches = at === undefined ? undefined : await attempt(ListBranches, context, { repositoryName })
  return (
    <>
      <RepositoryHeader region={region} repositoryName={repositoryName} />
      {!got.ok && <ProblemMessage problem={got.problem} />}
      {at !== undefined && (
        <>
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
            <RefChooser branches={branches?.ok ? branches.output.branches : [at]} current={at} defaultBranch={defaultBranch} />
            <PathTrail region={region} repositoryName={repositoryName} path={path} at={query.ref} />
          </div>
          <FolderOrFile context={context} repositoryName={repositoryName} path={path} at={at} asked={query.ref} />
        </>
      )}
    </>
  )
}

async function FolderOrFile({ context, repositoryName, path, at, asked }: { context: RequestContext; repositoryName: string; path: string; at: string; asked: string | undefined }) {
  const folder = await attempt(GetFolder, context, { repositoryName, commitSpecifier: at, folderPath: path === '' ? '/' : path })
  if (folder.ok) return <FileTable region={context.region} repositoryName={repositoryName} entries={folderEntries(folder.output)} at={asked} />
  if (folder.problem.code !== 'FolderDoesNotExistException') return <ProblemMessage problem={folder.problem} />
  const file = await attempt(GetFile, context, { repositoryName, commitSpecifier: at, filePath: path })
  if (!file.ok) return <ProblemMessage problem={file.problem} />
  const { fileContent, fileSize, fileMode, blobId } = file.output
  return (
    <section aria-label={path} className="min-w-0 rounded-panel border border-line bg-surface">
      <div className="flex flex-wrap gap-x-4 border-b border-line px-4 py-1.5 text-small text-ink-2">
        <span className="tabular">{fileSize.toLocaleString('en')} bytes</span>
        <span>{fileMode}</span>
        <span className="identifier" title="Blob ID">
          {blobId.slice(0, 10)}
        </span>
      </div>
      <FileView content={readContent(fileContent)} name={path} />
    </section>
  )
}

function PathTrail({ region, repositoryName, path, at }: { region: string; repositoryName: string; path: string; at: string | undefined }) {
  const query = at === undefined ? {} : { ref: at }
  const parts = path === '' ? [] : path.split('/')
  return (
    <nav aria-label="Path" className="flex min-w-0 flex-wrap items-center gap-1">
      <Link href={paths.repository(region, repositoryName, query)}>{repositoryName}</Link>
      {parts.map((part, index) => (
        <Fragment key={index}>
          <span className="text-ink-3">/</span>
          {index === parts.length - 1 ? (
            <span aria-current="page" className="font-medium wrap-anywhere">
              {part}
            </span>
          ) : (
            <Link href={paths.browse(region, repositoryName, parts.slice(0, index + 1).join('/'), query)} className="wrap-anywhere">
              {part}
            </Link>
          )}
        </Fragment>
      ))}
      {path !== '' && <CopyButton text={path} label="Copy path" />}
    </nav>
  )
}
