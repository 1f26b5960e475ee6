'use client'
import { useInfiniteQuery, type InfiniteData, type QueryKey } from '@tanstack/react-query'
import { useMemo } from 'react'
import { atToken, rowsPath } from '#app/paths.ts'
import type { Problem } from './action-state.ts'
import type { ListPage } from './list-page.ts'
import { queries } from './queries.ts'

/** The rows of a list as far as they have been loaded, and the way to more. */
export type PagedList<Row> = Readonly<{
  /** In the server's order, each once. */
  rows: readonly Row[]
  pages: readonly ListPage<Row>[]
  /** undefined: the first page is all there is. `more`: pages follow the last. */
  growing: 'more' | 'whole' | undefined
  /** URL of the page that follows, for browsers without scripts. */
  next: string | undefined
  /** URL of the list's beginning. */
  first: string
  /** The list is not shown from its beginning: its URL has a token. */
  midway: boolean
  busy: boolean
  /** Why the last page that was asked for is not there. */
  problem: Problem | undefined
  /** Loads the page that follows, or again what was refused. */
  load: () => void
}>

/**
 * A list whose first page the server drew, and whose others are asked for one by one, by token. Who comes back by the browser's
 * Back finds what was loaded. What the server draws again, after a change, takes the place of the first page, and the pages
 * after it are read again; a list with another URL, and one that is visited anew, begin anew.
 *
 * @param url  of the list, with what narrows it and with the token that its first page was asked by
 */
export function usePagedList<Row>(url: string, first: ListPage<Row>, rowId: (row: Row) => string): PagedList<Row> {
  const client = queries()
  const begin = (): Loaded<Row> => {
    // The one on the page now, which is drawn again.
    const before = client.getQueriesData<Loaded<Row>>({ queryKey: ['list', url], type: 'active' })[0]?.[1]
    return { pages: [first, ...(before?.pages.slice(1) ?? [])], pageParams: [undefined, ...(before?.pageParams.slice(1) ?? [])] }
  }
  const { data, error, isFetching, isFetchNextPageError, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery<ListPage<Row>, Error, Loaded<Row>, QueryKey, string | undefined>(
    {
      queryKey: ['list', url, first.drawn],
      queryFn: ({ pageParam, signal }) => (pageParam === undefined ? first : pageAt<Row>(atToken(url, pageParam), signal)),
      initialPageParam: undefined,
      getNextPageParam: ({ next }) => next,
      initialData: begin,
      initialDataUpdatedAt: () => (begin().pages.length > 1 ? outdated : Date.now()),
      staleTime: ({ state }) => (state.dataUpdatedAt === outdated ? 0 : Infinity),
      gcTime: 30 * 60_000,
      retry: false,
      networkMode: 'always',
    },
    client,
  )
  const { pages } = data
  const rows = useMemo(() => (pages.length === 1 ? (pages[0]?.rows ?? []) : [...new Map(pages.flatMap((page) => page.rows.map((row) => [rowId(row), row] as const))).values()]), [pages, rowId])
  const token = pages.at(-1)?.next
  return {
    rows,
    pages,
    growing: hasNextPage ? 'more' : pages.length > 1 ? 'whole' : undefined,
    next: token === undefined ? undefined : atToken(url, token),
    first: atToken(url, undefined),
    midway: url !== atToken(url, undefined),
    busy: isFetching,
    problem: isFetching || !error ? undefined : problemOf(error),
    load: () => {
      if (isFetching) return
      void (error && !isFetchNextPageError ? refetch() : fetchNextPage())
    },
  }
}

type Loaded<Row> = InfiniteData<ListPage<Row>, string | undefined>

async function pageAt<Row>(url: string, signal: AbortSignal): Promise<ListPage<Row>> {
  const response = await fetch(rowsPath(url), { signal })
  if (response.redirected) throw new PageRefused({ code: '', message: 'You are no longer signed in.', advice: 'Sign in again. What is shown here stays until then.' })
  if (!response.ok) throw new PageRefused((await response.json()) as Problem)
  return (await response.json()) as ListPage<Row>
}

class PageRefused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message)
  }
}

function problemOf(error: Error): Problem {
  return error instanceof PageRefused ? error.problem : { code: '', message: 'The server does not answer.', advice: 'See whether this machine reaches it, then try again.' }
}

/** When what is known to have changed was read: never. */
const outdated = 0
