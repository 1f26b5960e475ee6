import { paths } from '#app/paths.ts'
import { Link } from '#components/console/link.tsx'
import { TimeAgo } from '#components/console/time.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { CodeText } from './code-text.tsx'
import { LineNumber, lineClass } from './file-view.tsx'
import type { CodeLine } from './highlight.ts'
import { LineLinks } from './line-links.tsx'

type Range = Readonly<{ commitId: string; line: number; count: number }>
type Commit = Readonly<{ commitId: string; subject: string; author: string; date: Date }>

/** A file with the commit of each line, said once for lines that came in together. */
export function BlameView({ region, repositoryName, name, lines, ranges, commits }: { region: string; repositoryName: string; name: string; lines: readonly CodeLine[]; ranges: readonly Range[]; commits: readonly Commit[] }) {
  const byId = new Map(commits.map((commit) => [commit.commitId, commit]))
  return (
    <LineLinks label={`Blame of ${name}`}>
      <table className="w-full border-collapse font-mono text-small leading-6">
        <thead className="sr-only">
          <tr>
            <th scope="col">Commit</th>
            <th scope="col">Line</th>
            <th scope="col">Text</th>
          </tr>
        </thead>
        <tbody>
          {ranges.flatMap(({ commitId, line, count }) => {
            const commit = byId.get(commitId)
            return lines.slice(line - 1, line - 1 + count).map((text, index) => (
              <tr key={line + index} id={`L${line + index}`} className={classNames(lineClass, index === 0 && line > 1 && 'border-t border-line')}>
                <td className="border-r border-line px-3 align-top font-sans">
                  {index === 0 && (
                    <span className="flex w-24 items-baseline gap-2 sm:w-72">
                      <Link href={paths.commit(region, repositoryName, commitId)} title={commit?.subject} className="min-w-0 grow truncate">
                        <span className="identifier sm:hidden">{commitId.slice(0, 8)}</span>
                        <span className="max-sm:hidden">{commit?.subject || commitId.slice(0, 8)}</span>
                      </Link>
                      {commit && (
                        <span className="shrink-0 text-mini text-ink-3 max-sm:hidden" title={commit.author}>
                          <TimeAgo at={commit.date} />
                        </span>
                      )}
                    </span>
                  )}
                </td>
                <LineNumber line={line + index} />
                <td className="px-4 whitespace-pre">
                  <CodeText line={text} />
                </td>
              </tr>
            ))
          })}
        </tbody>
      </table>
    </LineLinks>
  )
}
