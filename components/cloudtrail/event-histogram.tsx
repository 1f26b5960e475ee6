import { paths, type EventQuery } from '#app/paths.ts'
import { PlainLink } from '#components/console/link.tsx'

type Bucket = Readonly<{ start: string; succeeded: number; failed: number }>

/** How many events there were over time; what failed stands apart. A bar leads to its own stretch of time. */
export function EventHistogram({ region, query, buckets, bucketSeconds }: { region: string; query: EventQuery; buckets: readonly Bucket[]; bucketSeconds: number }) {
  const bars = withGaps(buckets, bucketSeconds)
  const most = Math.max(1, ...bars.map(({ succeeded, failed }) => succeeded + failed))
  const [first] = bars
  const last = bars.at(-1)
  if (!first || !last) return null
  const { token: _place, ...conditions } = query
  return (
    <figure className="rounded-panel border border-line bg-surface px-4 pt-3 pb-2">
      <figcaption className="sr-only">Events over time</figcaption>
      <div className="flex h-14 items-end gap-px">
        {bars.map(({ start, succeeded, failed }) => {
          const count = succeeded + failed
          const end = new Date(new Date(start).getTime() + bucketSeconds * 1000 - 1000)
          const label = `${start.slice(0, 16).replace('T', ' ')} UTC: ${count} ${count === 1 ? 'event' : 'events'}${failed > 0 ? `, ${failed} failed or refused` : ''}`
          return count === 0 ? (
            <span key={start} className="h-px grow bg-line" />
          ) : (
            <PlainLink
              key={start}
              href={paths.events(region, { ...conditions, StartTime: `${start.slice(0, 19)}Z`, EndTime: `${end.toISOString().slice(0, 19)}Z` })}
              title={label}
              aria-label={label}
              className="flex min-w-0.5 grow flex-col justify-end hover:opacity-70"
              style={{ height: '100%' }}
            >
              <span className="bg-danger" style={{ height: `${(failed / most) * 100}%` }} />
              <span className="min-h-px bg-accent/75" style={{ height: `${(succeeded / most) * 100}%` }} />
            </PlainLink>
          )
        })}
      </div>
      <div className="tabular flex justify-between pt-1 text-mini text-ink-3">
        <span>{first.start.slice(0, 16).replace('T', ' ')}</span>
        <span>{last.start.slice(0, 16).replace('T', ' ')} UTC</span>
      </div>
    </figure>
  )
}

/** Few bars would be as wide as the page. */
const fewest = 36

/** Stretches without an event are bars too, up to as many as can be told apart. */
function withGaps(buckets: readonly Bucket[], bucketSeconds: number): Bucket[] {
  const byStart = new Map(buckets.map((bucket) => [new Date(bucket.start).getTime(), bucket]))
  const starts = [...byStart.keys()]
  const step = bucketSeconds * 1000
  const to = Math.max(...starts)
  const from = Math.min(...starts, to - (fewest - 1) * step)
  if (starts.length === 0 || (to - from) / step > 400) return [...buckets]
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => {
    const start = from + index * step
    return byStart.get(start) ?? { start: new Date(start).toISOString(), succeeded: 0, failed: 0 }
  })
}
