import type { ReactNode } from 'react'
import { FileView, mostLines, readContent } from '#components/codecommit/file-view.tsx'
import { highlight } from '#components/codecommit/highlight.ts'
import { Markdown } from '#components/codecommit/markdown.tsx'
import { ButtonLink } from '#components/console/link.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { CopyButton } from '#components/ui/copy-button.tsx'
import type { GetFile } from '#lib/codecommit/content'
import { paths } from '../../../../paths.ts'
import { imageType } from './raw-type.ts'

type GotFile = Awaited<ReturnType<typeof GetFile.handler>>

/** A file as what it is: Markdown, source, a picture, or bytes to keep. */
export async function File({ region, repositoryName, file, asked, plain }: { region: string; repositoryName: string; file: GotFile; asked: string | undefined; plain: boolean }) {
  const { filePath: path, fileContent, fileSize, fileMode, blobId, commitId } = file
  const at = asked === undefined ? {} : { ref: asked }
  const content = readContent(fileContent)
  const picture = imageType(fileContent, path)
  const markdown = content.kind === 'text' && /\.(md|markdown)$/i.test(path)
  const source = content.kind === 'text' && (!(markdown || picture) || plain)
  const lines = source ? await highlight(content.text, path) : []
  return (
    <FileFrame region={region} repositoryName={repositoryName} path={path} asked={asked} facts={[size(fileSize), source ? `${lines.length.toLocaleString('en')} ${lines.length === 1 ? 'line' : 'lines'}` : '', fileMode === 'NORMAL' ? '' : fileMode.toLowerCase(), blobId.slice(0, 10)]}
      actions={
        <>
          {content.kind === 'text' && <CopyButton text={content.text} label="Copy file contents" className="min-h-7 min-w-7" />}
          {(markdown || (picture && content.kind === 'text')) && (
            <ButtonLink href={paths.browse(region, repositoryName, path, plain ? at : { ...at, plain: '1' })}>{plain ? 'Preview' : 'Source'}</ButtonLink>
          )}
        </>
      }
    >
        {source ? (
          <FileView lines={lines.slice(0, mostLines)} total={lines.length} name={path} />
        ) : markdown ? (
          <Markdown
            text={content.text}
            folder={path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''}
            resolve={(target) => paths.browse(region, repositoryName, target, at)}
            picture={(target) => paths.raw(region, repositoryName, target, { ref: commitId })}
          />
        ) : picture ? (
          <div className="flex justify-center bg-sunken p-6">
            {/* Next's own image component would fetch it without the viewer's session. */}
            {/* eslint-disable-next-line @next/next/no-img-element */}
            <img src={paths.raw(region, repositoryName, path, { ref: commitId })} alt={path} className="max-h-[32rem] max-w-full border border-line bg-surface" />
          </div>
        ) : (
          <p className="p-4 text-ink-2">{content.kind === 'binary' ? 'This is a binary file. Download it to open it.' : 'This file is too large to show here. “Raw” or “Download” has it whole.'}</p>
        )}
    </FileFrame>
  )
}

/** A file that even the API would not answer: its bytes can be kept all the same. */
export function LargeFile({ region, repositoryName, path, asked }: { region: string; repositoryName: string; path: string; asked: string | undefined }) {
  return (
    <FileFrame region={region} repositoryName={repositoryName} path={path} asked={asked} facts={['more than 6 MB']}>
      <p className="p-4 text-ink-2">This file is too large to show here. “Download” has it whole.</p>
    </FileFrame>
  )
}

/** The bar above a file, with what can be done with it. */
export function FileFrame({ region, repositoryName, path, asked, facts, blame = false, actions, children }: { region: string; repositoryName: string; path: string; asked: string | undefined; facts: readonly string[]; blame?: boolean; actions?: ReactNode; children: ReactNode }) {
  const at = asked === undefined ? {} : { ref: asked }
  return (
    <section aria-label={path} className="min-w-0 rounded-panel border border-line bg-surface">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-1.5">
        <div className="tabular flex grow flex-wrap gap-x-4 text-small text-ink-2">
          {facts.filter(Boolean).map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </div>
        <div className="flex flex-wrap items-center gap-2">
          {actions}
          {blame ? (
            <ButtonLink href={paths.browse(region, repositoryName, path, { ...at, plain: '1' })}>Code</ButtonLink>
          ) : (
            <ButtonLink href={paths.blame(region, repositoryName, path, at)} title="Which commit each line came in with (b)">
              Blame
            </ButtonLink>
          )}
          <ButtonLink href={paths.commits(region, repositoryName, { ...at, path })}>History</ButtonLink>
          <a href={paths.raw(region, repositoryName, path, at)} className={buttonClass('secondary')}>
            Raw
          </a>
          <a href={paths.raw(region, repositoryName, path, { ...at, download: '1' })} download className={buttonClass('secondary')}>
            Download
          </a>
        </div>
      </div>
      {children}
    </section>
  )
}

/** Bytes as a person reads them. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 ** 2).toFixed(1)} MiB`
}
