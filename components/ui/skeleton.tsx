import type { Ref } from 'react'
import { classNames } from './class-names.ts'

/** The shape of text that is on its way. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={classNames('block h-3.5 animate-wait rounded-control bg-line', className)} />
}

/** The shape of a table that is on its way: the same row height, so that nothing moves when it comes. */
export function TableSkeleton({ rows = 8, columns = 4 }: { rows?: number; columns?: number }) {
  return (
    <div role="status" aria-label="Loading" className="rounded-panel border border-line bg-surface">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex gap-6 border-b border-line px-3 py-2.25 last:border-b-0">
          {Array.from({ length: columns }, (_, column) => (
            <Skeleton key={column} className={classNames('grow', widths[(row + column) % widths.length])} />
          ))}
        </div>
      ))}
    </div>
  )
}

/** The shape of the rows that follow the last one shown, fading away; it moves while they are on their way. */
export function RowsToCome({ busy, ref }: { busy: boolean; ref: Ref<HTMLDivElement> }) {
  return (
    <div ref={ref} aria-hidden="true" className="-mt-2 mask-b-from-0%">
      {Array.from({ length: 3 }, (_, row) => (
        <div key={row} className="flex gap-6 px-4 py-2.25">
          {Array.from({ length: 4 }, (_, column) => (
            <span key={column} className={classNames('block h-3.5 grow rounded-control bg-line', busy && 'animate-wait', widths[(row + column) % widths.length])} />
          ))}
        </div>
      ))}
    </div>
  )
}

const widths = ['max-w-48', 'max-w-32', 'max-w-64', 'max-w-24']
