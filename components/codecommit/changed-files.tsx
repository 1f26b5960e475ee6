import type { FileDiff } from '#lib/git/file-diffs'

/** The files that changed, by their folders, each a link to its place on the page. */
export function ChangedFiles({ files }: { files: readonly FileDiff[] }) {
  const folders = new Map<string, { name: string; index: number; file: FileDiff }[]>()
  for (const [index, file] of files.entries()) {
    const path = pathOf(file)
    const cut = path.lastIndexOf('/')
    const folder = path.slice(0, Math.max(cut, 0))
    folders.set(folder, [...(folders.get(folder) ?? []), { name: path.slice(cut + 1), index, file }])
  }
  return (
    <nav aria-label="Changed files" className="max-h-[calc(100dvh-5rem)] overflow-y-auto rounded-panel border border-line bg-surface py-2 text-small xl:sticky xl:top-16">
      {[...folders].map(([folder, entries]) => (
        <div key={folder} className="pb-1">
          {folder !== '' && <div className="px-3 pt-1 wrap-anywhere text-ink-3">{folder}/</div>}
          <ul>
            {entries.map(({ name, index, file }) => (
              <li key={index}>
                <a href={`#file-${index}`} className="flex items-baseline gap-2 px-3 py-0.75 hover:bg-hover focus-visible:-outline-offset-2">
                  <span className={`w-3 shrink-0 text-center font-semibold ${tones[file.change]}`} title={file.change}>
                    {letters[file.change]}
                  </span>
                  <span className="min-w-0 grow wrap-anywhere">{name}</span>
                  {file.lines && <LineCounts {...file.lines} />}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}

/** How many lines came and went. */
export function LineCounts({ added, deleted }: { added: number; deleted: number }) {
  return (
    <span className="tabular shrink-0 whitespace-nowrap">
      <span className="text-success">+{added.toLocaleString('en')}</span> <span className="text-danger">−{deleted.toLocaleString('en')}</span>
    </span>
  )
}

/** Where a changed file is now, or was before it was deleted. */
export function pathOf({ before, after }: Pick<FileDiff, 'before' | 'after'>): string {
  return (after ?? before)?.path ?? ''
}

const letters = { added: 'A', copied: 'C', deleted: 'D', modified: 'M', renamed: 'R', 'type-changed': 'T' } as const
const tones = { added: 'text-success', copied: 'text-info', deleted: 'text-danger', modified: 'text-warning', renamed: 'text-info', 'type-changed': 'text-warning' } as const
