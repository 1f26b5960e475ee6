import type { ServiceException } from '#lib/operation/exception'

/** The sentence that git's user reads: AWS's name for what happened, and why. */
export function refusalText(error: ServiceException): string {
  return error.message === '' ? error.name : `${error.name}: ${error.message}`
}
