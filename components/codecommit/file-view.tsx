/** What can be shown of a file's bytes. */
export type FileContent = Readonly<{ kind: 'text'; text: string } | { kind: 'binary' } | { kind: 'large' }>

/** A file's text with its line numbers; each number is a place to link to. Nothing of it is interpreted. */
export function FileView({ content, name }: { content: FileContent; name: string }) {
  if (content.kind === 'binary') return <p className="p-4 text-ink-2">This is a binary file. Clone the repository to open it.</p>
  if (content.kind === 'large') return <p className="p-4 text-ink-2">This file is too large to show here. Clone the repository to open it.</p>
  const lines = content.text.replace(/\r?\n$/, '').split('\n')
  return (
    <div tabIndex={0} role="region" aria-label={`Contents of ${name}`} className="overflow-x-auto">
      <table className="w-full border-collapse font-mono text-small leading-6">
        <tbody>
          {lines.map((line, index) => (
            <tr key={index} id={`L${index + 1}`} className="target:bg-managed-soft">
              <td className="w-1 border-r border-line text-right align-top select-none">
                <a href={`#L${index + 1}`} aria-label={`Line ${index + 1}`} className="tabular block min-w-6 pr-3 pl-4 text-ink-3 hover:text-ink">
                  {index + 1}
                </a>
              </td>
              <td className="px-4 whitespace-pre">{line.replace(/\r$/, '')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

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
