import { CodeText } from './code-text.tsx'
import type { CodeLine } from './highlight.ts'
import { LineLinks } from './line-links.tsx'

/** What can be shown of a file's bytes. */
export type FileContent = Readonly<{ kind: 'text'; text: string } | { kind: 'binary' } | { kind: 'large' }>

/** A file's text with its line numbers; each number is a place to link to. Nothing of it is interpreted. */
export function FileView({ lines, total, name }: { lines: readonly CodeLine[]; total: number; name: string }) {
  return (
    <>
      <LineLinks label={`Contents of ${name}`}>
        <table className="w-full border-collapse font-mono text-small leading-6">
          <tbody>
            {lines.map((line, index) => (
              <tr key={index} id={`L${index + 1}`} className={lineClass}>
                <LineNumber line={index + 1} />
                <td className="px-4 whitespace-pre">
                  <CodeText line={line} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </LineLinks>
      {lines.length < total && (
        <p className="border-t border-line px-4 py-2 text-ink-2">
          The first {lines.length.toLocaleString('en')} of {total.toLocaleString('en')} lines. “Raw” shows all.
        </p>
      )}
    </>
  )
}

/** The number of a line, as the link to it. */
export function LineNumber({ line }: { line: number }) {
  return (
    <td className="w-1 border-r border-line text-right align-top select-none">
      <a href={`#L${line}`} aria-label={`Line ${line}`} className="tabular block min-w-6 pr-3 pl-4 text-ink-3 hover:text-ink focus-visible:-outline-offset-2">
        {line}
      </a>
    </td>
  )
}

/** A line that a link names stands on a ground of its own. */
export const lineClass = 'target:bg-managed-soft data-linked:bg-managed-soft'

/** More rows than a page can hold with ease. */
export const mostLines = 10_000

/** Reads a file's bytes as what they are: UTF-8 text without NUL, or not; up to a size that a page can hold. */
export function readContent(bytes: Uint8Array): FileContent {
  if (bytes.length > largest) return { kind: 'large' }
  if (bytes.includes(0)) return { kind: 'binary' }
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return { kind: 'binary' }
  }
}

const largest = 1 << 20
