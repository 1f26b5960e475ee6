'use client'
import { useEffect, useState } from 'react'
import { classNames } from './class-names.ts'
import { Icon } from './icon.tsx'

/** Copies a text and says so. `label` names what is copied: `Copy repository ID`. */
export function CopyButton({ text, label, className }: { text: string; label: string; className?: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'failed'>()
  useEffect(() => {
    if (!outcome) return
    const timer = setTimeout(() => setOutcome(undefined), 1600)
    return () => clearTimeout(timer)
  }, [outcome])
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={() => {
        navigator.clipboard.writeText(text).then(
          () => setOutcome('copied'),
          () => setOutcome('failed'),
        )
      }}
      className={classNames(
        'inline-grid size-6 shrink-0 place-items-center rounded-control align-middle text-ink-3 hover:bg-hover hover:text-ink',
        outcome === 'copied' && 'text-success',
        className,
      )}
    >
      <Icon name={outcome === 'copied' ? 'check' : outcome === 'failed' ? 'danger' : 'copy'} className="size-3.5" />
      <span role="status" className="sr-only">
        {outcome === 'copied' ? 'Copied' : outcome === 'failed' ? 'The browser did not allow copying' : ''}
      </span>
    </button>
  )
}
