/** Work that the process does by itself, again and again. */
export type Chore = Readonly<{
  name: string
  /** Time between the end of one run and the start of the next. */
  everySeconds: number
  run: () => Promise<unknown>
}>

/**
 * Runs each chore now and then at its interval, never two runs of one at once. One that fails is logged and tried again at
 * its next time.
 *
 * @returns stops them: no run begins afterwards, and the promise settles when those under way have ended
 */
export function startChores(chores: readonly Chore[]): () => Promise<void> {
  const timers = new Set<NodeJS.Timeout>()
  const underWay = new Set<Promise<void>>()
  let stopped = false
  const runAgain = (chore: Chore): void => {
    const run = chore
      .run()
      .then(() => undefined)
      .catch((error: unknown) => console.error(`${chore.name} failed`, error))
      .finally(() => {
        underWay.delete(run)
        if (stopped) return
        const timer = setTimeout(() => {
          timers.delete(timer)
          runAgain(chore)
        }, chore.everySeconds * 1000)
        timer.unref()
        timers.add(timer)
      })
    underWay.add(run)
  }
  for (const chore of chores) runAgain(chore)
  return async () => {
    stopped = true
    for (const timer of timers) clearTimeout(timer)
    await Promise.all(underWay)
  }
}
