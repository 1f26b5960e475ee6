import { Fragment } from 'react'

/** A moment, to the second in UTC: the same on every machine, and as the trail writes it. */
export function Time({ at }: { at: Date | string }) {
  const date = new Date(at)
  return (
    <time dateTime={date.toISOString()} title={date.toISOString()} className="tabular whitespace-nowrap">
      {/* In a narrow column the day and the time are a line each. */}
      {formatTime(date).split(/ (.*)/, 2).map((part, index) => (
        <Fragment key={part}>
          {index > 0 && ' '}
          <span className="whitespace-nowrap">{part}</span>
        </Fragment>
      ))}
    </time>
  )
}

/** How long ago, for lists; the moment itself is in its title. */
export function TimeAgo({ at }: { at: Date | string }) {
  const date = new Date(at)
  return (
    // The server and the browser may render it some seconds apart.
    <time dateTime={date.toISOString()} title={formatTime(date)} className="whitespace-nowrap" suppressHydrationWarning>
      {formatAgo(date, new Date())}
    </time>
  )
}

/** `2026-11-22 22:57:13 UTC` */
export function formatTime(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** `3 minutes ago`, `in 7 days` */
export function formatAgo(date: Date, now: Date): string {
  const seconds = (date.getTime() - now.getTime()) / 1000
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit)
  }
  return 'just now'
}

const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]
