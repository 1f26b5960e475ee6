type Day = Readonly<{ start: string; counts: readonly Readonly<{ operation: string; count: number }>[] }>

/** How often the key was used for a repository, day by day and by operation: stacked bars, and the same as a table. */
export function KeyUseChart({ days, operations }: { days: readonly Day[]; operations: readonly string[] }) {
  const most = Math.max(1, ...days.map(({ counts }) => counts.reduce((sum, { count }) => sum + count, 0)))
  const total = (operation: string) => days.reduce((sum, { counts }) => sum + (counts.find((each) => each.operation === operation)?.count ?? 0), 0)
  return (
    <figure>
      <div aria-hidden="true" className="flex h-28 items-end gap-0.5 border-b border-line">
        {days.map(({ start, counts }) => (
          <span key={start} title={`${start.slice(0, 10)}: ${counts.map(({ operation, count }) => `${operation} ${count}`).join(', ') || 'no use'}`} className="flex h-full min-w-0 grow flex-col-reverse">
            {operations.map((operation, index) => {
              const count = counts.find((each) => each.operation === operation)?.count ?? 0
              return count === 0 ? null : <span key={operation} className="min-h-0.5 w-full shrink-0" style={{ height: `${(count / most) * 100}%`, background: colour(index) }} />
            })}
          </span>
        ))}
      </div>
      <div className="tabular flex justify-between pt-1 text-mini text-ink-3">
        <span>{days[0]?.start.slice(0, 10)}</span>
        <span>most in a day: {most.toLocaleString('en')}</span>
        <span>{days.at(-1)?.start.slice(0, 10)} UTC</span>
      </div>
      <figcaption className="sr-only">Uses of the key for this repository by day and operation</figcaption>
      <ul aria-label="Uses by operation" className="flex flex-wrap gap-x-5 gap-y-1 pt-3">
        {operations.map((operation, index) => (
          <li key={operation} className="flex items-center gap-1.5">
            <span aria-hidden="true" className="size-2.5 rounded-control" style={{ background: colour(index) }} />
            {operation} <span className="tabular text-ink-3">{total(operation).toLocaleString('en')}</span>
          </li>
        ))}
      </ul>
    </figure>
  )
}

function colour(index: number): string {
  return `var(--${colours[index % colours.length]})`
}

const colours = ['accent', 'managed', 'info', 'code-function', 'success', 'warning', 'danger', 'code-keyword']
