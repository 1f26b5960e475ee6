/** The query of a page's URL, as Next hands it over. */
export type Query = Promise<Readonly<Record<string, string | string[] | undefined>>>

/** The parameters of a page's URL by name, the first of each; what is empty is absent. */
export async function readQuery<Name extends string>(query: Query, ...names: Name[]): Promise<Partial<Record<Name, string>>> {
  const given = await query
  const read: Partial<Record<Name, string>> = {}
  for (const name of names) {
    const value = given[name]
    const first = Array.isArray(value) ? value[0] : value
    if (first !== undefined && first !== '') read[name] = first
  }
  return read
}

/** A path segment as it was meant; Next hands it over as the URL has it. */
export function readSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
