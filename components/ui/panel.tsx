import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

/** A part of a page with a heading of its own, and what can be done with it on the right. */
export function Panel({ title, description, actions, flush = false, id, children }: { title: string; description?: ReactNode; actions?: ReactNode; flush?: boolean; id?: string; children: ReactNode }) {
  return (
    <section id={id} className="min-w-0 rounded-panel border border-line bg-surface">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-2">
        <div className="flex min-w-48 grow basis-0 flex-col">
          <h2 className="text-lead font-semibold">{title}</h2>
          {description !== undefined && <div className="text-small text-ink-2">{description}</div>}
        </div>
        {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      <div className={classNames(!flush && 'p-4')}>{children}</div>
    </section>
  )
}
