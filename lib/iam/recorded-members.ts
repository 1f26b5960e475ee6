/**
 * The named members of an input as CloudTrail writes them: lowerCamel names (`sSHPublicKeyId` is AWS's own), absent ones left
 * out. Members are named one by one so that nothing is recorded by default.
 */
export function recordedMembers<Input extends object>(input: Input, ...names: readonly (keyof Input & string)[]): unknown {
  const picked = Object.fromEntries(names.map((name) => [name, input[name]]))
  return Object.values(picked).every((value) => value === undefined) ? null : recordedElements(picked)
}

/** A whole answer as CloudTrail writes it; for answers that hold no secret. */
export function recordedElements(value: unknown): unknown {
  if (value instanceof Date) return recordedDate(value)
  if (Array.isArray(value)) return value.map(recordedElements)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name.charAt(0).toLowerCase() + name.slice(1), recordedElements(member)]),
  )
}

/** `Dec 14, 2016 6:19:14 PM`, in UTC: how IAM's events write dates (aws-facts D.1). */
function recordedDate(date: Date): string {
  const month = date.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' })
  const hour = date.getUTCHours() % 12 || 12
  const two = (value: number): string => String(value).padStart(2, '0')
  const time = `${hour}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} ${date.getUTCHours() < 12 ? 'AM' : 'PM'}`
  return `${month} ${date.getUTCDate()}, ${date.getUTCFullYear()} ${time}`
}
