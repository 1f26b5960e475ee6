/** How far an import is. */
export type ImportProgress = Readonly<{
  /** `RECEIVING`: the source sends. `CHECKING`: deltas are resolved and every object checked. `STORING`: sealed, synced, committed. */
  phase: 'CONNECTING' | 'RECEIVING' | 'CHECKING' | 'STORING'
  objectsReceived: number
  objectsTotal: number
  /** On the wire, TLS and all. */
  bytesReceived: number
  /** Of the last ten seconds; 0 when nothing comes any more. */
  bytesPerSecond: number
  /** Until everything is received, at the pace so far; absent while it cannot be told. */
  secondsLeft?: number
  /** Of the phase CHECKING. */
  checked: number
  checkTotal: number
}>

/** What is known while an import runs; plain data. */
export type Meter = {
  phase: ImportProgress['phase']
  objectsReceived: number
  objectsTotal: number
  checked: number
  checkTotal: number
  bytesReceived: number
  receivingSince: number | null
  samples: [time: number, bytes: number][]
}

export function newMeter(): Meter {
  return { phase: 'CONNECTING', objectsReceived: 0, objectsTotal: 0, checked: 0, checkTotal: 0, bytesReceived: 0, receivingSince: null, samples: [] }
}

/** Takes the bytes that have come in until `now` (milliseconds). */
export function sample(meter: Meter, bytes: number, now: number): void {
  meter.bytesReceived = bytes
  const last = meter.samples.at(-1)
  if (last && now - last[0] < 250) return
  meter.samples.push([now, bytes])
  while ((meter.samples[0]?.[0] ?? now) < now - windowMilliseconds) meter.samples.shift()
}

/** What a meter reads now. */
export function readMeter(meter: Meter, now: number): ImportProgress {
  const { phase, objectsReceived, objectsTotal, checked, checkTotal, bytesReceived, receivingSince } = meter
  const receiving = phase === 'RECEIVING' || phase === 'CONNECTING'
  const [since, before] = meter.samples[0] ?? [now, bytesReceived]
  const bytesPerSecond = receiving && now > since ? Math.max(0, Math.round(((bytesReceived - before) * 1000) / (now - since))) : 0
  const elapsed = receivingSince === null ? 0 : now - receivingSince
  const left = phase === 'RECEIVING' && objectsReceived > 0 && elapsed > 1000 ? Math.ceil(((objectsTotal - objectsReceived) * elapsed) / objectsReceived / 1000) : undefined
  return { phase, objectsReceived, objectsTotal, bytesReceived, bytesPerSecond, ...(left !== undefined && { secondsLeft: left }), checked, checkTotal }
}

const windowMilliseconds = 10_000
