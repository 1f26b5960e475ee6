/** One measured row, as text. */
export type Row = Readonly<{ name: string; codekeep: string; peer: string; peerName: string; ratio: string; allowed: string }>

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

/** A row of times, smaller is better: the peer's and ours in turn, so that both see the same machine. */
export async function compareTimes(
  name: string,
  options: Readonly<{ runs: number; allowed: string; peerName: string; codekeep: () => Promise<unknown>; peer: () => Promise<unknown> }>,
): Promise<Row> {
  const ours: number[] = []
  const theirs: number[] = []
  for (let run = 0; run < options.runs; run++) {
    theirs.push(await seconds(options.peer))
    ours.push(await seconds(options.codekeep))
  }
  const [a, b] = [median(ours), median(theirs)]
  return { name, codekeep: `${a.toFixed(3)} s`, peer: `${b.toFixed(3)} s`, peerName: options.peerName, ratio: `${(a / b).toFixed(2)}x`, allowed: options.allowed }
}
