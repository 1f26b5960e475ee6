import { decodeToken, pageOf } from '#lib/operation/pagination'
import { validationError } from '#lib/iam/exceptions'

/** What every list of IAM answers beside its items. */
export type ListEnd = { IsTruncated: boolean; Marker?: string }

/**
 * One page of an IAM list, by keyset: `rows` gives up to `take` rows whose key is greater than `after`, in the order of their
 * keys.
 *
 * With `keep`, rows are filtered here and more are read until the page is full: LIKE means other things to the two databases
 * (SQLite's ignores case), and the lists that are filtered are short.
 *
 * @throws ServiceException — ValidationError for a marker that is not this list's.
 */
export async function listPage<Row>(
  list: string,
  { Marker, MaxItems }: { Marker?: string | undefined; MaxItems: number },
  rows: (after: string | undefined, take: number) => Promise<readonly Row[]>,
  key: (row: Row) => string,
  keep: (row: Row) => boolean = () => true,
): Promise<{ items: readonly Row[]; end: ListEnd }> {
  const kept: Row[] = []
  let after = Marker === undefined ? undefined : placeOf(list, Marker)
  for (;;) {
    const wanted = MaxItems + 1
    const read = await rows(after, wanted)
    kept.push(...read.filter(keep))
    const last = read.at(-1)
    if (read.length < wanted || last === undefined || kept.length >= wanted) break
    after = key(last)
  }
  const page = pageOf(list, kept, MaxItems, (last) => [key(last)])
  return {
    items: page.items,
    end: page.next === undefined ? { IsTruncated: false } : { IsTruncated: true, Marker: page.next },
  }
}

/** The same for rows that are in memory already, in the order of their keys. */
export async function slicePage<Row>(
  list: string,
  paging: { Marker?: string | undefined; MaxItems: number },
  rows: readonly Row[],
  key: (row: Row) => string,
): Promise<{ items: readonly Row[]; end: ListEnd }> {
  return listPage(list, paging, async (after) => rows.filter((row) => after === undefined || key(row) > after), key)
}

function placeOf(list: string, marker: string): string {
  const place = decodeToken(list, marker)?.[0]
  if (typeof place !== 'string') throw validationError('Invalid Marker.')
  return place
}
