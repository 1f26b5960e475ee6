import { Suspense } from 'react'
import { FileTable, type FolderHistory, type LastCommit } from '#components/codecommit/file-table.tsx'
import { readContent } from '#components/codecommit/file-view.tsx'
import { Markdown } from '#components/codecommit/markdown.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { GetFile, type GetFolder } from '#lib/codecommit/content'
import { GetFolderHistory } from '#lib/codecommit/file-history'
import { attempt } from '../../../../attempt.ts'
import { paths } from '../../../../paths.ts'
import type { ConsoleContext } from '../../../../session.ts'
import { folderEntries } from './folder-entries.ts'

type FolderProps = Readonly<{
  context: ConsoleContext
  repositoryName: string
  folder: Awaited<ReturnType<typeof GetFolder.handler>>
  /** The branch, tag or commit of the URL; links carry it on. */
  asked: string | undefined
}>

/** A folder: its entries at once, their last commits when they are found, and its README. */
export function Folder({ context, repositoryName, folder, asked }: FolderProps) {
  const path = folder.folderPath.replace(/^\/+|\/+$/g, '')
  const entries = folderEntries(folder)
  const readme = entries.find(({ kind, name }) => kind === 'file' && /^readme(\.(md|markdown|txt|rst))?$/i.test(name))
  return (
    <>
      {/* Not awaited: the names need not wait for it. */}
      <FileTable region={context.region} repositoryName={repositoryName} folder={path} entries={entries} at={asked} history={folderHistory(context, repositoryName, folder)} />
      {readme && (
        <Suspense>
          <Readme context={context} repositoryName={repositoryName} commitId={folder.commitId} path={path === '' ? readme.name : `${path}/${readme.name}`} asked={asked} />
        </Suspense>
      )}
    </>
  )
}

async function folderHistory(context: ConsoleContext, repositoryName: string, folder: FolderProps['folder']): Promise<FolderHistory> {
  const history = await attempt(GetFolderHistory, context, { repositoryName, commitSpecifier: folder.commitId, path: folder.folderPath })
  if (!history.ok) return { last: new Map(), problem: history.problem }
  // One object for each commit, however many entries are of it: it goes to the browser once.
  const commits = new Map<string, LastCommit>()
  const last = new Map<string, LastCommit>()
  for (const { name, date, ...rest } of history.output.entries) {
    const commit = commits.get(rest.commitId) ?? { ...rest, date: date.toISOString() }
    commits.set(rest.commitId, commit)
    last.set(name, commit)
  }
  return { last }
}

async function Readme({ context, repositoryName, commitId, path, asked }: { context: ConsoleContext; repositoryName: string; commitId: string; path: string; asked: string | undefined }) {
  const file = await attempt(GetFile, context, { repositoryName, commitSpecifier: commitId, filePath: path })
  if (!file.ok) return <ProblemMessage problem={file.problem} />
  const content = readContent(file.output.fileContent)
  if (content.kind !== 'text') return null
  const at = asked === undefined ? {} : { ref: asked }
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
  return (
    <Panel title={path.slice(path.lastIndexOf('/') + 1)} flush>
      {/\.(md|markdown)$/i.test(path) ? (
        <Markdown
          text={content.text}
          folder={folder}
          resolve={(target) => paths.browse(context.region, repositoryName, target, at)}
          picture={(target) => paths.raw(context.region, repositoryName, target, { ref: commitId })}
        />
      ) : (
        <pre className="p-4 text-small wrap-anywhere whitespace-pre-wrap">{content.text}</pre>
      )}
    </Panel>
  )
}
