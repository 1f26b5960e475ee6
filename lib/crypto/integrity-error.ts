/**
 * Sealed bytes are not what was sealed: altered, cut, moved, or opened with another key or another associated data.
 *
 * One error for every cause, because telling them apart helps only who alters them. The message says where the damage was
 * found, for the log; never show it to a caller.
 */
export class IntegrityError extends Error {
  override readonly name = 'IntegrityError'
}

/** True for an IntegrityError of any copy of this module; the process has several, so `instanceof` would miss some. */
export function isIntegrityError(error: unknown): error is IntegrityError {
  return error instanceof Error && error.name === 'IntegrityError'
}
