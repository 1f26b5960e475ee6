import { classNames } from '#components/ui/class-names.ts'
import { CopyButton } from '#components/ui/copy-button.tsx'

/** Lines of a document that decided something; from 1, both inclusive. */
export type Mark = Readonly<{ from: number; to: number; tone: 'danger' | 'success' }>

/** A policy document to read, with line numbers; the statements that decided stand out by a bar, a ground and their name. */
export function PolicyText({ document, label, marks = [] }: { document: string; label: string; marks?: readonly Mark[] }) {
  const markOf = (line: number) => marks.find(({ from, to, tone }) => tone === 'danger' && line >= from && line <= to) ?? marks.find(({ from, to }) => line >= from && line <= to)
  return (
    <div className="flex min-w-0 items-start rounded-control border border-line bg-sunken">
      <pre tabIndex={0} role="region" aria-label={label} className="max-h-[32rem] min-w-0 grow overflow-auto py-2 text-small leading-5">
        {document.split('\n').map((text, index) => {
          const mark = markOf(index + 1)
          const first = mark?.from === index + 1
          return (
            <div key={index} className={classNames('flex border-l-2 pr-3', mark ? grounds[mark.tone] : 'border-transparent')} {...(mark && { 'data-decides': mark.tone })}>
              <span aria-hidden="true" className="tabular w-10 shrink-0 pr-3 text-right text-ink-3 select-none">
                {index + 1}
              </span>
              <code>
                {first && <span className="sr-only">{mark.tone === 'danger' ? 'This statement refuses: ' : 'This statement allows: '}</span>}
                {text === '' ? ' ' : text}
              </code>
            </div>
          )
        })}
      </pre>
      <CopyButton text={document} label={`Copy ${label}`} className="m-1.5" />
    </div>
  )
}

const grounds = { danger: 'border-danger bg-danger-soft', success: 'border-success bg-success-soft' } as const
