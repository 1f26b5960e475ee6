/**
 * The named members of an input as CloudTrail writes them: lowerCamel names (`sSHPublicKeyId` is AWS's own), absent ones left
 * out. Members are named one by one so that nothing is recorded by default.
 */
export function recordedMembers<Input extends object>(input: Input, ...names: readonly (keyof Input & string)[]): unknown {
  const picked = Object.fromEntries(names.map((name) => [name, input[name]]))
  return Object.values(picked).every((value) => value === undefined) ? null : recordedElements(picked)
}

/** A whole answer with CloudTrail's names; for answers that hold no secret. */
export function recordedElements(value: unknown): unknown {
  if (value instanceof Date) return value
  if (Array.isArray(value)) return value.map(recordedElements)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name.charAt(0).toLowerCase() + name.slice(1), recordedElements(member)]),
  )
}
