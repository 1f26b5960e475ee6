import { remember } from '#lib/remember'

/**
 * The signal that ends long work: it fires when the process stops and the time that running pushes and pulls were given
 * to finish is over.
 */
export function stopping(): AbortSignal {
  return controller().signal
}

/** Fires {@link stopping}. */
export function abortRunning(): void {
  controller().abort(new Error('the server is stopping'))
}

function controller(): AbortController {
  return remember('server.stopping', () => new AbortController())
}
