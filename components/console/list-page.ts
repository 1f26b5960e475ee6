/** One page of a list that the server pages, as plain data. */
export type ListPage<Row> = Readonly<{
  rows: readonly Row[]
  /** The token of the page that follows; the last has none. */
  next?: string | undefined
  /** How many rows all pages have, where that is known. */
  total?: number | undefined
  /** How far back was looked for rows, ISO 8601, where that is not as far as asked. */
  until?: string | undefined
  /** The request that was answered with it: a list that the server draws again has another. */
  drawn: string
}>
