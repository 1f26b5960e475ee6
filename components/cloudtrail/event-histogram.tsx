'use client'
import { useRouter } from 'next/navigation'
import { useRef, useState, useTransition, type KeyboardEvent, type PointerEvent } from 'react'
import { paths, type EventQuery } from '#app/paths.ts'
import { PlainLink } from '#components/console/link.tsx'
import { Button } from '#components/ui/button.tsx'
import { linkClass } from '#components/ui/link-class.ts'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { barsOf, type Bar } from './histogram-bars.ts'

type Brush = Readonly<{ from: number; to: number }>

/**
 * How many events there were over time; what failed stands apart. Drawing over bars, or moving the two handles with the arrow
 * keys and pressing Enter, narrows the list down to that stretch of time.
 */
export function EventHistogram({
  region,
  query,
  buckets,
  bucketSeconds,
  countedUntil,
}: {
  region: string
  query: EventQuery
  buckets: readonly Bar[]
  bucketSeconds: number
  /** Where there are very many, how far back they were counted. */
  countedUntil: string | undefined
}) {
  const router = useRouter()
  const [pending, start] = useTransition()
  const [brush, setBrush] = useState<Brush>()
  const anchor = useRef<number>(undefined)
  const chart = useRef<HTMLDivElement>(null)
  const { token: _place, event: _shown, ...conditions } = query
  const bars = barsOf(buckets, bucketSeconds, conditions)
  const last = bars.length - 1
  const most = Math.max(1, ...bars.map(({ succeeded, failed }) => succeeded + failed))
  if (bars.length === 0) return null
  const range = brush ?? { from: 0, to: last }
  const within = bars.slice(range.from, range.to + 1)

  function apply({ from, to }: Brush) {
    const [first, end] = [bars[from], bars[to]]
    if (!first || !end) return
    const StartTime = wholeSeconds(new Date(first.start))
    const EndTime = wholeSeconds(new Date(new Date(end.start).getTime() + bucketSeconds * 1000 - 1000))
    start(() => router.push(paths.events(region, { ...conditions, StartTime, EndTime })))
  }

  function at(event: PointerEvent): number {
    const place = chart.current?.getBoundingClientRect()
    return place ? clamp(Math.floor(((event.clientX - place.left) / place.width) * bars.length), 0, last) : 0
  }

  function onKeyDown(event: KeyboardEvent, end: keyof Brush) {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 10, PageDown: -10, Home: -bars.length, End: bars.length }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setBrush(end === 'from' ? { ...range, from: clamp(range.from + step, 0, range.to) } : { ...range, to: clamp(range.to + step, range.from, last) })
    } else if (event.key === 'Enter') {
      event.preventDefault()
      apply(range)
    } else if (event.key === 'Escape') setBrush(undefined)
  }

  const handle = (end: keyof Brush, name: string) => (
    <span
      role="slider"
      tabIndex={0}
      aria-label={name}
      aria-valuemin={end === 'from' ? 0 : range.from}
      aria-valuemax={end === 'from' ? range.to : last}
      aria-valuenow={range[end]}
      aria-valuetext={timeText(end === 'from' ? (bars[range.from]?.start ?? '') : endOf(bars[range.to], bucketSeconds))}
      onKeyDown={(event) => onKeyDown(event, end)}
      className="absolute inset-y-0 w-1.5 -translate-x-1/2 rounded-full bg-accent/0 focus-visible:bg-accent"
      style={{ left: `${((end === 'from' ? range.from : range.to + 1) / bars.length) * 100}%` }}
    />
  )

  return (
    <figure aria-label="Events over time" aria-busy={pending || undefined} className={frameClass}>
      <figcaption className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
        <span className="tabular grow text-small text-ink-2">
          {rangeText(within, bucketSeconds)}
          {countedUntil !== undefined && !brush && ` (counted back to ${timeText(countedUntil)}; there are older ones)`}
        </span>
        {brush && (
          <>
            <Button variant="primary" busy={pending} onClick={() => apply(brush)}>
              Show this time
            </Button>
            <Button onClick={() => setBrush(undefined)}>Cancel</Button>
          </>
        )}
        {!brush && (conditions.StartTime ?? conditions.EndTime) !== undefined && (
          <PlainLink href={paths.events(region, { ...conditions, StartTime: '', EndTime: '' })} className={linkClass}>
            All times
          </PlainLink>
        )}
      </figcaption>
      <div
        ref={chart}
        className="relative flex h-16 cursor-crosshair touch-pan-y items-end select-none"
        onPointerDown={(event) => {
          if (event.button !== 0) return
          const index = at(event)
          anchor.current = index
          event.currentTarget.setPointerCapture(event.pointerId)
          setBrush({ from: index, to: index })
        }}
        onPointerMove={(event) => {
          const from = anchor.current
          if (from !== undefined) setBrush({ from: Math.min(from, at(event)), to: Math.max(from, at(event)) })
        }}
        onPointerUp={(event) => {
          const from = anchor.current
          if (from === undefined) return
          anchor.current = undefined
          apply({ from: Math.min(from, at(event)), to: Math.max(from, at(event)) })
        }}
        onPointerCancel={() => {
          anchor.current = undefined
          setBrush(undefined)
        }}
      >
        {bars.map(({ start, succeeded, failed }, index) => (
          <span
            key={start}
            title={barText({ start, succeeded, failed }, bucketSeconds)}
            className={`flex h-full min-w-0 grow basis-0 flex-col justify-end border-r border-surface ${brush && (index < brush.from || index > brush.to) ? 'opacity-30' : ''}`}
          >
            <span className="bg-danger" style={{ height: `${(failed / most) * 100}%` }} />
            <span className="bg-accent/75" style={{ height: `${(succeeded / most) * 100}%` }} />
            <span className="h-px bg-line" />
          </span>
        ))}
        {brush && <span aria-hidden="true" className="pointer-events-none absolute inset-y-0 border-x border-accent bg-accent/10" style={{ left: `${(brush.from / bars.length) * 100}%`, width: `${((brush.to - brush.from + 1) / bars.length) * 100}%` }} />}
        {handle('from', 'From')}
        {handle('to', 'To')}
      </div>
      <div aria-hidden="true" className="tabular flex justify-between pt-1 text-mini text-ink-3">
        <span>{timeText(bars[0]?.start ?? '')}</span>
        <span>{timeText(endOf(bars[last], bucketSeconds))} UTC</span>
      </div>
    </figure>
  )
}

/** The shape of the chart while it is counted. */
export function EventHistogramSkeleton() {
  return (
    <div role="status" aria-label="Counting" className={frameClass}>
      <div className="flex min-h-7 items-center">
        <Skeleton className="w-72" />
      </div>
      <Skeleton className="h-16 opacity-60" />
      <div className="h-5" />
    </div>
  )
}

/** `4,312 events from … to … UTC, 12 failed or refused` */
function rangeText(bars: readonly Bar[], bucketSeconds: number): string {
  const failed = bars.reduce((sum, bar) => sum + bar.failed, 0)
  const count = bars.reduce((sum, bar) => sum + bar.succeeded, failed)
  return `${count.toLocaleString('en')} ${count === 1 ? 'event' : 'events'} from ${timeText(bars[0]?.start ?? '')} to ${timeText(endOf(bars.at(-1), bucketSeconds))} UTC${failed > 0 ? `, ${failed.toLocaleString('en')} failed or refused` : ''}`
}

function barText(bar: Bar, bucketSeconds: number): string {
  return rangeText([bar], bucketSeconds)
}

function endOf(bar: Bar | undefined, bucketSeconds: number): string {
  return bar === undefined ? '' : new Date(new Date(bar.start).getTime() + bucketSeconds * 1000).toISOString()
}

function timeText(iso: string): string {
  return iso.slice(0, iso.slice(17, 19) === '00' ? 16 : 19).replace('T', ' ')
}

function wholeSeconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}

const frameClass = 'rounded-panel border border-line bg-surface px-4 pt-2 pb-2'
