/** True for an error of a file system, of git or of the database that says: there is no room. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? error.code : undefined
  return code === 'ENOSPC' || code === 'EDQUOT' || /no space left on device|database or disk is full/i.test(error.message + ('stderr' in error ? String(error.stderr) : ''))
}
