/** How many events there were in a stretch of time; `start` is ISO 8601. */
export type Bar = Readonly<{ start: string; succeeded: number; failed: number }>

/**
 * The bars of a chart: those with events and, between them, those without; over the whole range that was asked for, where one
 * was, and else over what there is.
 */
export function barsOf(buckets: readonly Bar[], bucketSeconds: number, { StartTime, EndTime }: Readonly<{ StartTime?: string; EndTime?: string }>): Bar[] {
  const step = bucketSeconds * 1000
  const byStart = new Map(buckets.map((bucket) => [new Date(bucket.start).getTime(), bucket]))
  const starts = [...byStart.keys()]
  if (starts.length === 0) return []
  const floor = (time: number) => Math.floor(time / step) * step
  const to = Math.max(...starts, ...times(EndTime).map(floor))
  const from = Math.min(...starts, ...times(StartTime).map(floor), to - (fewest - 1) * step)
  if ((to - from) / step > most) return [...buckets]
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => {
    const start = from + index * step
    return byStart.get(start) ?? { start: new Date(start).toISOString(), succeeded: 0, failed: 0 }
  })
}

function times(text: string | undefined): number[] {
  const time = text === undefined ? NaN : new Date(text).getTime()
  return Number.isNaN(time) ? [] : [time]
}

/** Few bars would be as wide as the page. */
const fewest = 36
/** More cannot be told apart. */
const most = 400
