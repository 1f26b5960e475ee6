import type { ReactNode } from 'react'

/** Things in the same state, under its name. `hover` and `focus` are those states' own rules (app/globals.css), without a pointer or a keyboard. */
export function Shown({ state, as, children }: { state: string; as?: 'hover' | 'focus'; children: ReactNode }) {
  return (
    <div className="grid grid-cols-1 items-center gap-x-4 gap-y-1 sm:grid-cols-[7rem_minmax(0,1fr)]">
      <span className="text-small text-ink-3">{state}</span>
      <div data-show={as} className="flex min-w-0 flex-wrap items-center gap-2">
        {children}
      </div>
    </div>
  )
}
