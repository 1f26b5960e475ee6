import { Fragment } from 'react'
import { paths } from '#app/paths.ts'
import { Link, PlainLink } from '#components/console/link.tsx'

type Match = Readonly<{ path: string; line: number; text: string; found: readonly (readonly [start: number, end: number])[] }>

/** Lines that a search found, by file, what was found marked in each. */
export function SearchResults({ region, repositoryName, matches, at }: { region: string; repositoryName: string; matches: readonly Match[]; at: string | undefined }) {
  const query = at === undefined ? {} : { ref: at }
  const files = new Map<string, Match[]>()
  for (const match of matches) files.set(match.path, [...(files.get(match.path) ?? []), match])
  return [...files].map(([path, lines]) => (
    <section key={path} aria-label={path} className="min-w-0 rounded-panel border border-line bg-surface">
      <h2 className="border-b border-line px-4 py-1.5">
        <Link href={paths.browse(region, repositoryName, path, { ...query, plain: '1' })} className="font-medium wrap-anywhere">
          {path}
        </Link>{' '}
        <span className="text-small text-ink-3">
          {lines.length} {lines.length === 1 ? 'line' : 'lines'}
        </span>
      </h2>
      <ol className="overflow-x-auto font-mono text-small leading-6" tabIndex={0} aria-label={`Lines of ${path}`}>
        {lines.map((match) => (
          <li key={match.line} className="w-max min-w-full hover:bg-hover">
            <PlainLink href={`${paths.browse(region, repositoryName, path, { ...query, plain: '1' })}#L${match.line}`} className="flex focus-visible:-outline-offset-2">
              <span className="tabular w-16 shrink-0 pr-3 text-right text-ink-3">{match.line}</span>
              <span className="pr-4 whitespace-pre">
                <Marked match={match} />
              </span>
            </PlainLink>
          </li>
        ))}
      </ol>
    </section>
  ))
}

function Marked({ match: { text, found } }: { match: Match }) {
  return (
    <>
      {found.map(([start, end], index) => (
        <Fragment key={start}>
          {text.slice(found[index - 1]?.[1] ?? 0, start)}
          <mark className="rounded-control bg-managed-soft font-semibold text-ink">{text.slice(start, end)}</mark>
        </Fragment>
      ))}
      {text.slice(found.at(-1)?.[1] ?? 0)}
    </>
  )
}
