/**
 * Keeps a log that nobody reads any more (a pipe whose reader ended) from harming the server: what cannot be written is lost.
 *
 * Without it the failed write is an uncaught exception; Next listens for those and logs them, which fails to be written, and so on
 * without end.
 */
export function outliveLogReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}
