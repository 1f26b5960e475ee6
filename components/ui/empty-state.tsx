import type { ReactNode } from 'react'

/** What a list says when it has nothing: what would be here, and how to make the first. */
export function EmptyState({ title, children, actions }: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-10 text-center">
      <p className="text-lead font-semibold">{title}</p>
      {children !== undefined && <div className="max-w-md text-ink-2">{children}</div>}
      {actions !== undefined && <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  )
}
