import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { Icon, type IconName } from './icon.tsx'

export type Tone = 'neutral' | 'success' | 'warning' | 'danger' | 'info' | 'managed'

/** A short fact about a thing, on its own ground. */
export function Badge({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={classNames('inline-flex items-center rounded-control px-1.5 text-mini font-medium whitespace-nowrap', grounds[tone])}>{children}</span>
  )
}

/** The state of a thing: a glyph and its word, never colour alone. */
export function Status({ tone, children }: { tone: Exclude<Tone, 'managed'>; children: ReactNode }) {
  return (
    <span className={classNames('inline-flex min-w-0 items-center gap-1.5 whitespace-nowrap', texts[tone])}>
      <Icon name={glyphs[tone]} className="size-3.5" />
      {children}
    </span>
  )
}

const grounds: Record<Tone, string> = {
  neutral: 'bg-sunken text-ink-2',
  success: 'bg-success-soft text-success',
  warning: 'bg-warning-soft text-warning',
  danger: 'bg-danger-soft text-danger',
  info: 'bg-info-soft text-info',
  managed: 'bg-managed-soft text-managed',
}

const texts = { neutral: 'text-ink-2', success: 'text-success', warning: 'text-warning', danger: 'text-danger', info: 'text-info' }

const glyphs = { neutral: 'commit', success: 'success', warning: 'warning', danger: 'danger', info: 'info' } satisfies Record<string, IconName>
