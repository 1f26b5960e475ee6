import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { Icon } from './icon.tsx'

export type MessageTone = 'info' | 'success' | 'warning' | 'danger' | 'managed'

/** Something to know, in place: what it is, and under it why and what to do. */
export function Message({ tone, title, children, actions, live = false }: { tone: MessageTone; title: ReactNode; children?: ReactNode; actions?: ReactNode; live?: boolean }) {
  return (
    <div
      role={live ? (tone === 'danger' ? 'alert' : 'status') : undefined}
      className={classNames('flex items-start gap-2.5 rounded-panel border px-3 py-2', tones[tone])}
    >
      <Icon name={tone === 'managed' ? 'lock' : tone} className={classNames('mt-0.5', texts[tone])} />
      <div className="flex min-w-0 grow flex-col gap-1 wrap-anywhere">
        <div className="font-medium">{title}</div>
        {children !== undefined && <div className="flex flex-col gap-1 text-ink-2">{children}</div>}
      </div>
      {actions}
    </div>
  )
}

const tones: Record<MessageTone, string> = {
  info: 'border-info/40 bg-info-soft',
  success: 'border-success/40 bg-success-soft',
  warning: 'border-warning/40 bg-warning-soft',
  danger: 'border-danger/40 bg-danger-soft',
  managed: 'border-managed/40 bg-managed-soft',
}

const texts: Record<MessageTone, string> = {
  info: 'text-info',
  success: 'text-success',
  warning: 'text-warning',
  danger: 'text-danger',
  managed: 'text-managed',
}
