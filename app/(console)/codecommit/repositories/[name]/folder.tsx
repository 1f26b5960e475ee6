import { Suspense } from 'react'
import { FileTable, type FolderEntry } from '#components/codecommit/file-table.tsx'
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
  const { region } = context
  const entries = folderEntries(folder)
  const readme = entries.find(({ kind, name }) => kind === 'file' && /^readme(\.(md|markdown|txt|rst))?$/i.test(name))
  return (
    <>
      <Suspense fallback={<FileTable region={region} repositoryName={repositoryName} entries={entries} at={asked} waiting />}>
        <WithLastCommits context={context} repositoryName={repositoryName} folder={folder} asked={asked} entries={entries} />
      </Suspense>
      {readme && (
        <Suspense>
          <Readme context={context} repositoryName={repositoryName} commitId={folder.commitId} path={readme.path} asked={asked} />
        </Suspense>
      )}
    </>
  )
}

async function WithLastCommits({ context, repositoryName, folder, asked, entries }: FolderProps & { entries: readonly FolderEntry[] }) {
  const history = await attempt(GetFolderHistory, context, { repositoryName, commitSpecifier: folder.commitId, path: folder.folderPath })
  const last = new Map(history.ok ? history.output.entries.map(({ name, date, ...commit }) => [name, { ...commit, date: date.toISOString() }]) : [])
  return (
    <>
      <FileTable
        region={context.region}
        repositoryName={repositoryName}
        at={asked}
        entries={entries.map((entry) => {
          const commit = last.get(entry.name)
          return commit ? { ...entry, last: commit } : entry
        })}
      />
      {!history.ok && <ProblemMessage problem={history.problem} />}
    </>
  )
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
