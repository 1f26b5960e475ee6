/** One measured row, as text. */
export type Row = Readonly<{ name: string; codekeep: string; peer: string; peerName: string; ratio: string; allowed: string }>

/** Says a row as soon as it is measured: a whole run takes long, and may be interrupted. */
export function say(rows: readonly Row[]): readonly Row[] {
  for (const { name, codekeep, peer, ratio } of rows) console.error(`${name}: ${codekeep}, peer ${peer}, ${ratio}`)
  return rows
}

/** The median of some figures: single ones are noise on a shared machine. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Seconds that `work` takes. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await work()
  return (performance.now() - begin) / 1000
}

/** Milliseconds that `work` takes. */
export async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  return (await seconds(work)) * 1000
}

/** A row of pages without a peer. `times` in milliseconds, ascending. */
export function pagesRow(name: string, among: string, times: readonly number[]): Row {
  const at = (part: number) => (times[Math.floor(times.length * part)] ?? Number.NaN).toFixed(1)
  return { name, codekeep: `p95 ${at(0.95)} ms, p50 ${at(0.5)} ms`, peer: '-', peerName: among, ratio: '-', allowed: 'p95 50 ms' }
}

/** A row of two times, smaller is better. */
export function timesRow(name: string, times: Readonly<{ codekeep: number; peer: number; peerName: string; allowed: string }>): Row {
  const { codekeep, peer, peerName, allowed } = times
  return { name, codekeep: time(codekeep), peer: time(peer), peerName, ratio: `${(codekeep / peer).toFixed(2)}x`, allowed }
}

/** What one side does, and how much CPU its server has used so far where that can be told. */
export type Side = Readonly<{ work: () => Promise<unknown>; cpu?: (() => number | undefined) | undefined }>

/**
 * Rows of times, the peer's and ours in turn, so that both see the same machine: from the request to the answer's end; and
 * where both sides tell, the CPU time of the servers alone, which neither client nor neighbours change.
 */
export async function compareTimes(
  name: string,
  options: Readonly<{ runs: number; allowed: string; peerName: string; codekeep: Side; peer: Side; before?: () => Promise<void> }>,
): Promise<Row[]> {
  const ours: Measured[] = []
  const theirs: Measured[] = []
  for (let run = 0; run < options.runs; run++) {
    await options.before?.()
    theirs.push(await measure(options.peer))
    ours.push(await measure(options.codekeep))
  }
  const rowOf = (rowName: string, of: (measured: Measured) => number | undefined, allowed: string): Row[] => {
    const [codekeep, peer] = [ours, theirs].map((side) => median(side.map((measured) => of(measured) ?? Number.NaN)))
    if (codekeep === undefined || peer === undefined || Number.isNaN(codekeep) || Number.isNaN(peer)) return []
    return [timesRow(rowName, { codekeep, peer, peerName: options.peerName, allowed })]
  }
  return [...rowOf(name, ({ elapsed }) => elapsed, options.allowed), ...rowOf(`${name}: CPU of the server`, ({ cpu }) => cpu, options.allowed)]
}

type Measured = Readonly<{ elapsed: number; cpu: number | undefined }>

async function measure({ work, cpu }: Side): Promise<Measured> {
  const before = cpu?.()
  const elapsed = await seconds(work)
  const after = cpu?.()
  return { elapsed, cpu: before === undefined || after === undefined ? undefined : after - before }
}

function time(value: number): string {
  return value < 1 ? `${(value * 1000).toFixed(value < 0.1 ? 1 : 0)} ms` : `${value.toFixed(2)} s`
}
