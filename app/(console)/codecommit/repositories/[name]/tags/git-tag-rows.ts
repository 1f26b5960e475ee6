import { GetReferences } from '#lib/codecommit/references'
import { listPage, type ListQuery } from '../../../../../list-page.ts'
import type { ConsoleContext } from '../../../../../session.ts'
import { commitRows } from '../commit-rows.ts'

/** The Git tags of a repository, a page of them. */
export function gitTagRows(context: ConsoleContext, { filter, token }: ListQuery, repositoryName: string) {
  return listPage(GetReferences, context, { repositoryName, kind: 'tags', nameContains: filter, nextToken: token }, ({ references, total, nextToken }) => ({
    rows: references.map(({ name, objectId, commit, annotation }) => {
      const [row] = commitRows(commit ? [commit] : [])
      return {
        name,
        objectId,
        ...(row && { commit: row }),
        ...(annotation && { message: annotation.message }),
        ...(annotation?.tagger && { tagger: annotation.tagger, date: annotation.date.toISOString() }),
      }
    }),
    next: nextToken,
    total,
  }))
}
