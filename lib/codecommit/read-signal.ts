/** Ends a git read that takes longer than any API client waits for its answer. */
export function readSignal(): AbortSignal {
  return AbortSignal.timeout(60_000)
}
