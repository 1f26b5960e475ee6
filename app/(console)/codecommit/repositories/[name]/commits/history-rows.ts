import { GetCommitHistory } from '#lib/codecommit/commit-history'
import { listPage, type ListQuery } from '../../../../../list-page.ts'
import type { ConsoleContext } from '../../../../../session.ts'
import { commitRows } from '../commit-rows.ts'

/** The history of a branch or of one path, a page of it. `ref`: where it begins; a page that follows goes on from its token. */
export function historyRows(context: ConsoleContext, { ref, path, token }: ListQuery<'ref' | 'path'>, repositoryName: string) {
  return listPage(GetCommitHistory, context, { repositoryName, commitSpecifier: ref, filePath: path, nextToken: token }, ({ commits, nextToken }) => ({ rows: commitRows(commits), next: nextToken }))
}
