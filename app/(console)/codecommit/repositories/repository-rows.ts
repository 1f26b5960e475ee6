import { SearchRepositories } from '#lib/codecommit/search-repositories'
import { listPage, type ListQuery } from '../../../list-page.ts'
import type { ConsoleContext } from '../../../session.ts'

/** The repositories of a Region by name, a page of them. */
export function repositoryRows(context: ConsoleContext, { filter, token }: ListQuery) {
  return listPage(SearchRepositories, context, { nameContains: filter, nextToken: token }, ({ repositories, nextToken }) => ({
    rows: repositories.map((repository) => ({ ...repository, lastModifiedDate: repository.lastModifiedDate.toISOString() })),
    next: nextToken,
  }))
}
