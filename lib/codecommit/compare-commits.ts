import { z } from 'zod'
import { aheadBehind, mergeBase } from '#lib/git/commit'
import { diffFile, diffFiles, type FileDiff } from '#lib/git/file-diffs'
import { log } from '#lib/git/log'
import { readCommit } from '#lib/git/commit'
import { defineOperation } from '#lib/operation/define'
import { ServiceException } from '#lib/operation/exception'
import { apiVersion } from './api-version.ts'
import { commitSummary } from './commit-history.ts'
import { commitOf, readRepository } from './content-source.ts'
import { onRepository } from './repository-row.ts'

/**
 * What differs between two commits, line by line. GetDifferences of the API lists files; this has their hunks too, for the
 * console. It needs `codecommit:GetDifferences`.
 *
 * Without `beforeCommitSpecifier` the commit is compared with its first parent (the first commit: with nothing). With `filePath`
 * that one file, whole.
 * @throws ServiceException CommitDoesNotExistException, and as GetRepository
 */
export const GetDiff = defineOperation({
  service: 'codecommit',
  name: 'GetDiff',
  readOnly: true,
  apiVersion,
  input: z.object({
    repositoryName: z.string().optional(),
    beforeCommitSpecifier: z.string().optional(),
    afterCommitSpecifier: z.string().optional(),
    filePath: z.string().optional(),
    ignoreWhitespace: z.boolean().default(false),
  }),
  resolve: (context, { repositoryName, afterCommitSpecifier }) => {
    if (!afterCommitSpecifier) throw new ServiceException('CommitRequiredException', 'A commit was not specified.')
    return onRepository('codecommit:GetDifferences', context, repositoryName)
  },
  handler: (context, { beforeCommitSpecifier, afterCommitSpecifier, filePath, ignoreWhitespace }, row) =>
    readRepository(context, row, async (source): Promise<{ before: string | null; after: string; files: readonly FileDiff[]; truncated: boolean }> => {
      const after = await commitOf(source, afterCommitSpecifier)
      const before = beforeCommitSpecifier === undefined ? await firstParent(source.gitDir, after) : await commitOf(source, beforeCommitSpecifier)
      if (filePath !== undefined) {
        const file = await diffFile(source.gitDir, before, after, filePath, { ignoreWhitespace })
        return { before, after, files: file ? [file] : [], truncated: false }
      }
      return { before, after, ...(await diffFiles(source.gitDir, before, after, { ignoreWhitespace })) }
    }),
  requestParameters: ({ repositoryName }) => ({ repositoryName }),
})

/**
 * How two commits stand to each other: where they part, and what each has that the other has not, the newest 200 of the source's
 * listed. CodeCommit's API has no such operation, but the console's permission for it: `codecommit:GetCommitsFromMergeBase`.
 * @throws ServiceException CommitDoesNotExistException, and as GetRepository
 */
export const GetCommitsFromMergeBase = defineOperation({
  service: 'codecommit',
  name: 'GetCommitsFromMergeBase',
  readOnly: true,
  apiVersion,
  input: z.object({ repositoryName: z.string().optional(), sourceCommitSpecifier: z.string().optional(), destinationCommitSpecifier: z.string().optional() }),
  resolve: (context, { repositoryName, sourceCommitSpecifier, destinationCommitSpecifier }) => {
    if (!sourceCommitSpecifier || !destinationCommitSpecifier) throw new ServiceException('CommitRequiredException', 'A commit was not specified.')
    return onRepository('codecommit:GetCommitsFromMergeBase', context, repositoryName)
  },
  handler: (context, { sourceCommitSpecifier, destinationCommitSpecifier }, row) =>
    readRepository(context, row, async (input) => {
      const { gitDir } = input
      const sourceCommitId = await commitOf(input, sourceCommitSpecifier)
      const destinationCommitId = await commitOf(input, destinationCommitSpecifier)
      const [base, counts, commits] = await Promise.all([
        mergeBase(gitDir, sourceCommitId, destinationCommitId),
        aheadBehind(gitDir, sourceCommitId, destinationCommitId),
        log(gitDir, { from: sourceCommitId, until: destinationCommitId, limit: 200 }),
      ])
      return { sourceCommitId, destinationCommitId, mergeBase: base, ...counts, commits: commits.map((entry) => commitSummary(entry)) }
    }),
  requestParameters: ({ repositoryName }) => ({ repositoryName }),
})

async function firstParent(gitDir: string, commitId: string): Promise<string | null> {
  return (await readCommit(gitDir, commitId))?.parents[0] ?? null
}
