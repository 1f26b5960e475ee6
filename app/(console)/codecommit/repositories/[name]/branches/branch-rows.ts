import { GetReferences } from '#lib/codecommit/references'
import { listPage, type ListQuery } from '../../../../../list-page.ts'
import type { ConsoleContext } from '../../../../../session.ts'
import { commitRows } from '../commit-rows.ts'

/** The branches of a repository, a page of them. */
export function branchRows(context: ConsoleContext, { filter, token }: ListQuery, repositoryName: string) {
  return listPage(GetReferences, context, { repositoryName, kind: 'branches', nameContains: filter, nextToken: token }, ({ references, total, nextToken, defaultBranch }) => ({
    rows: references.map(({ name, commit, aheadBehind }) => {
      const [row] = commitRows(commit ? [commit] : [])
      return { name, ...(row && { commit: row }), ...(aheadBehind && { aheadBehind }) }
    }),
    next: nextToken,
    total,
    defaultBranch,
  }))
}
