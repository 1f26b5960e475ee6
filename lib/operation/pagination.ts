/** One page of a list and where the next begins. */
export type Page<Item> = Readonly<{ items: readonly Item[]; next: string | undefined }>

/**
 * An opaque token of a keyset page: the sort values of the last row given, base64url JSON, bound to the list it is for.
 *
 * It is a place, not a permission: whoever forges one sees only what they may list anyway.
 */
export function encodeToken(list: string, place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([list, ...place])).toString('base64url')
}

/** The place of a token; null for text that is not a token of this list. */
export function decodeToken(list: string, token: string): (string | number)[] | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString())
    if (!Array.isArray(value) || value[0] !== list) return null
    const place: unknown[] = value.slice(1)
    return place.every((part): part is string | number => typeof part === 'string' || typeof part === 'number')
      ? place
      : null
  } catch {
    return null
  }
}

/** Cuts a look-ahead query (`limit + 1` rows) into a page. */
export function pageOf<Item>(
  list: string,
  rows: readonly Item[],
  limit: number,
  place: (last: Item) => readonly (string | number)[],
): Page<Item> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? encodeToken(list, place(last)) : undefined }
}
