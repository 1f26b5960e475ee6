/**
 * Stops the process in order at SIGTERM and SIGINT: `stop` runs once, then the process ends with 0. A second signal ends it
 * at once, as a kill would: what was under way is rolled back at the next start.
 */
export function onStopSignal(stop: () => Promise<void>): void {
  let stoppingSince: number | undefined
  const onSignal = (signal: NodeJS.Signals): void => {
    // Ctrl-C reaches a program under npm twice: from the terminal, and passed on by npm.
    if (stoppingSince !== undefined && Date.now() - stoppingSince < 500) return
    if (stoppingSince !== undefined) process.exit(130)
    stoppingSince = Date.now()
    console.log(`${signal}: stopping; running pushes and pulls may finish. Once more ends them at once.`)
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error('could not stop in order', error)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}
