import type { LaneRow } from '#lib/git/lanes'

/**
 * One row of the drawn history. It fills its cell, however high the row is: lines stretch, the commit's own mark does not. Said in
 * words elsewhere in the row.
 */
export function LaneDrawing({ row, columns }: { row: LaneRow; columns: number }) {
  const width = columns * step
  const at = (column: number) => column * step + step / 2
  const own = at(row.column)
  return (
    <span aria-hidden="true" className="absolute inset-y-0 left-4 block" style={{ width }}>
      <svg width={width} height="100%" viewBox={`0 0 ${width} 100`} preserveAspectRatio="none" fill="none" strokeWidth="2" className="absolute inset-0 h-full">
        {row.through.map((column) => (
          <path key={`through ${column}`} d={`M${at(column)} 0V100`} stroke={colour(column)} vectorEffect="non-scaling-stroke" />
        ))}
        {row.into.map((column) => (
          <path key={`into ${column}`} d={curve(at(column), 0, own, 50)} stroke={colour(column)} vectorEffect="non-scaling-stroke" />
        ))}
        {row.out.map((column) => (
          <path key={`out ${column}`} d={curve(own, 50, at(column), 100)} stroke={colour(column)} vectorEffect="non-scaling-stroke" />
        ))}
      </svg>
      <span className="absolute top-1/2 size-2.5 -translate-x-1/2 -translate-y-1/2 rounded-full border-2 border-surface" style={{ left: own, background: colour(row.column) }} />
    </span>
  )
}

/** How many columns a page's drawing needs; beyond twelve it is cut, and the lanes on the right are left out. */
export function columnsOf(rows: readonly (LaneRow | undefined)[]): number {
  const used = rows.flatMap((row) => (row ? [row.column, ...row.through, ...row.into, ...row.out] : []))
  return used.length === 0 ? 0 : Math.min(mostColumns, Math.max(...used) + 1)
}

/** The width of a drawing of so many columns, in pixels. */
export function widthOf(columns: number): number {
  return columns * step
}

function curve(fromX: number, fromY: number, toX: number, toY: number): string {
  const middle = (fromY + toY) / 2
  return fromX === toX ? `M${fromX} ${fromY}V${toY}` : `M${fromX} ${fromY}C${fromX} ${middle} ${toX} ${middle} ${toX} ${toY}`
}

function colour(column: number): string {
  return `var(--${colours[column % colours.length]})`
}

const colours = ['accent', 'managed', 'info', 'danger', 'success', 'code-function', 'code-keyword']
const step = 14
const mostColumns = 12
