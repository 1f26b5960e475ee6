'use client'
import { useEffect, useRef, useState } from 'react'
import { useFieldError } from '#components/console/form.tsx'
import { Field, controlClass } from '#components/ui/field.tsx'
import { classNames } from '#components/ui/class-names.ts'

/**
 * A policy document to write. What IAM finds wrong is said under it, and the cursor goes to the place that it names. The tab
 * key indents; Escape, then tab, leaves.
 */
export function PolicyEditor({ name, label, document, description, onChange }: { name: string; label: string; document: string; description?: string | undefined; kind?: 'identity' | 'resource'; onChange?: (document: string) => void }) {
  const error = useFieldError(name)
  const [text, setText] = useState(document)
  const area = useRef<HTMLTextAreaElement>(null)
  const numbers = useRef<HTMLDivElement>(null)
  const leaving = useRef(false)
  const lines = text.split('\n').length
  const place = placeOf(error)

  useEffect(() => {
    const element = area.current
    const { line, column } = placeOf(error) ?? {}
    if (!element || line === undefined || column === undefined) return
    const start = element.value.split('\n').slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0) + column - 1
    element.focus()
    element.setSelectionRange(start, start + 1)
    element.scrollTop = Math.max(0, (line - 6) * 20)
  }, [error])

  return (
    <Field label={label} description={description} error={error}>
      {(control) => (
        <div className={classNames(controlClass, 'flex w-full p-0 font-mono text-small leading-5 focus-within:border-accent')}>
          <div ref={numbers} aria-hidden="true" className="tabular shrink-0 overflow-hidden border-r border-line py-2 text-right text-ink-3 select-none" style={{ height: height(lines) }}>
            {Array.from({ length: lines }, (_, index) => (
              <div key={index} className={classNames('px-2', index + 1 === place?.line && 'bg-danger-soft text-danger')}>
                {index + 1}
              </div>
            ))}
            <div className="h-8" />
          </div>
          <textarea
            {...control}
            ref={area}
            name={name}
            value={text}
            wrap="off"
            spellCheck={false}
            autoCapitalize="none"
            className="min-w-0 grow resize-none bg-transparent px-2 py-2 outline-none"
            style={{ height: height(lines) }}
            onChange={(event) => {
              setText(event.currentTarget.value)
              onChange?.(event.currentTarget.value)
            }}
            onScroll={(event) => {
              if (numbers.current) numbers.current.scrollTop = event.currentTarget.scrollTop
            }}
            onKeyDown={(event) => {
              if (event.key === 'Tab' && !event.shiftKey && !leaving.current) {
                event.preventDefault()
                const element = event.currentTarget
                element.setRangeText('  ', element.selectionStart, element.selectionEnd, 'end')
                setText(element.value)
              }
              leaving.current = event.key === 'Escape'
            }}
          />
        </div>
      )}
    </Field>
  )
}

function height(lines: number): string {
  return `${Math.min(Math.max(lines, 10), 28) * 1.25 + 1.5}rem`
}

/** `… (Statement[0].Action, line 5, column 17)` */
function placeOf(error: string | undefined): { line: number; column: number } | undefined {
  const place = /line (\d+), column (\d+)/.exec(error ?? '')
  return place ? { line: Number(place[1]), column: Number(place[2]) } : undefined
}
