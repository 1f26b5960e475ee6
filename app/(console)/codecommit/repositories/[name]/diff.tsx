import { ChangedFiles, LineCounts, pathOf } from '#components/codecommit/changed-files.tsx'
import { DiffLines } from '#components/codecommit/diff-lines.tsx'
import { DiffViewLink } from '#components/codecommit/diff-view-link.tsx'
import { ButtonLink, Link } from '#components/console/link.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import type { GetDiff } from '#lib/codecommit/compare-commits'
import { paths, type DiffQuery } from '../../../../paths.ts'
import { chosenDiffView } from '../../../../session.ts'

type FileDiff = Awaited<ReturnType<typeof GetDiff.handler>>['files'][number]

/** What is asked of a diff by the URL. */
export function diffQuery(query: Readonly<{ view?: string; space?: string; file?: string }>): DiffQuery {
  return { ...((query.view === 'split' || query.view === 'unified') && { view: query.view }), ...(query.space === 'ignore' && { space: 'ignore' }), ...(query.file !== undefined && { file: query.file }) }
}

/** All that differs, file by file. `here` gives the page's own URL for another way of showing it. */
export async function Diff({ region, repositoryName, diff, query, here }: { region: string; repositoryName: string; diff: Awaited<ReturnType<typeof GetDiff.handler>>; query: DiffQuery; here: (query: DiffQuery) => string }) {
  const { files, truncated, after, before } = diff
  const split = (query.view ?? (await chosenDiffView())) === 'split'
  const { file: only, ...all } = query
  const { space: _space, ...withSpace } = query
  const counts = files.reduce((sum, { lines }) => ({ added: sum.added + (lines?.added ?? 0), deleted: sum.deleted + (lines?.deleted ?? 0) }), { added: 0, deleted: 0 })
  return (
    <section aria-label="Changes" className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 className="grow text-lead font-semibold">
          {truncated ? `The first ${files.length.toLocaleString('en')}` : files.length.toLocaleString('en')} {files.length === 1 ? 'file' : 'files'} changed <LineCounts {...counts} />
        </h2>
        {only !== undefined && <ButtonLink href={here(all)}>All files</ButtonLink>}
        <div role="group" aria-label="View" className="flex gap-2">
          <DiffViewLink view="unified" href={here({ ...query, view: 'unified' })} current={!split}>
            Unified
          </DiffViewLink>
          <DiffViewLink view="split" href={here({ ...query, view: 'split' })} current={split}>
            Split
          </DiffViewLink>
        </div>
        <ButtonLink href={here(query.space ? withSpace : { ...query, space: 'ignore' })} scroll={false} aria-current={query.space ? 'true' : undefined} className="aria-[current]:bg-selected">
          Hide whitespace changes
        </ButtonLink>
      </div>
      {files.length === 0 ? (
        <EmptyState title="Nothing differs">Both have the same files with the same content.</EmptyState>
      ) : (
        <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[17rem_minmax(0,1fr)]">
          <ChangedFiles files={files} />
          <div className="flex min-w-0 flex-col gap-4">
            {files.map((file, index) => (
              <ChangedFile key={index} index={index} region={region} repositoryName={repositoryName} file={file} at={file.after ? after : before} split={split} whole={only !== undefined} alone={here({ ...query, file: pathOf(file) })} />
            ))}
          </div>
        </div>
      )}
    </section>
  )
}

function ChangedFile({ index, region, repositoryName, file, at, split, whole, alone }: { index: number; region: string; repositoryName: string; file: FileDiff; at: string | null; split: boolean; whole: boolean; alone: string }) {
  const path = pathOf(file)
  const changed = (file.lines?.added ?? 0) + (file.lines?.deleted ?? 0)
  return (
    <details id={`file-${index}`} open={whole || changed <= foldedFrom} className="group scroll-mt-16 rounded-panel border border-line bg-surface">
      <summary aria-label={`${path}: ${file.change}`} className="flex list-none flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5 group-open:border-b group-open:border-line">
        <span className="min-w-0 grow font-medium wrap-anywhere">
          {file.before && file.after && file.before.path !== file.after.path ? `${file.before.path} → ${file.after.path}` : path}
        </span>
        {file.change !== 'modified' && <Badge>{file.change}</Badge>}
        {file.before && file.after && file.before.mode !== file.after.mode && <Badge>{`${file.before.mode} → ${file.after.mode}`}</Badge>}
        {file.lines ? <LineCounts {...file.lines} /> : <span className="text-ink-3">binary</span>}
      </summary>
      <Body file={file} split={split} whole={whole} alone={alone} />
      {at !== null && (
        <p className="border-t border-line px-4 py-1 text-small">
          <Link href={paths.browse(region, repositoryName, path, { ref: at })}>View the file</Link>
        </p>
      )}
    </details>
  )
}

function Body({ file, split, whole, alone }: { file: FileDiff; split: boolean; whole: boolean; alone: string }) {
  const { hunks, lines } = file
  const count = hunks?.reduce((sum, hunk) => sum + hunk.lines.length, 0) ?? 0
  if (hunks === null || (!whole && count > mostShown)) {
    return (
      <p className="px-4 py-2 text-ink-2">
        {whole ? 'These changes are too many to show here.' : 'These changes are many.'} {!whole && <Link href={alone}>Show this file alone</Link>}
      </p>
    )
  }
  if (lines === null) return <p className="px-4 py-2 text-ink-2">A binary file.</p>
  if (hunks.length === 0) return <p className="px-4 py-2 text-ink-2">{file.change === 'modified' && lines.added + lines.deleted === 0 ? 'Only white space or the mode has changed.' : 'No line has changed.'}</p>
  return <DiffLines hunks={hunks} split={split} name={pathOf(file)} />
}

/** A file with more changed lines is shown folded; with more lines in all, by itself alone. */
const foldedFrom = 400
const mostShown = 2000
