import { z } from 'zod'
import { log, type LogEntry } from '#lib/git/log'
import type { Signature } from '#lib/git/commit'
import { defineOperation } from '#lib/operation/define'
import { ServiceException } from '#lib/operation/exception'
import { decodeToken, encodeToken } from '#lib/operation/pagination'
import { apiVersion } from './api-version.ts'
import { commitOf, readRepository } from './content-source.ts'
import { onRepository } from './repository-row.ts'

/**
 * The history of a branch, tag or commit, newest first, in pages: what the console shows. CodeCommit's API has no such
 * operation, but the permission for it: `codecommit:GetCommitHistory`.
 * https://docs.aws.amazon.com/codecommit/latest/userguide/auth-and-access-control-permissions-reference.html
 * @throws ServiceException CommitDoesNotExistException, InvalidContinuationTokenException, and as GetRepository
 */
export const GetCommitHistory = defineOperation({
  service: 'codecommit',
  name: 'GetCommitHistory',
  readOnly: true,
  apiVersion,
  input: z.object({
    repositoryName: z.string().optional(),
    commitSpecifier: z.string().optional(),
    maxResults: z.int().min(1).max(200).default(50),
    nextToken: z.string().optional(),
  }),
  resolve: (context, { repositoryName, nextToken }) => {
    if (nextToken !== undefined && !placeOf(nextToken)) {
      throw new ServiceException('InvalidContinuationTokenException', 'The specified continuation token is not valid.')
    }
    return onRepository('codecommit:GetCommitHistory', context, repositoryName)
  },
  handler: (context, { commitSpecifier, maxResults, nextToken }, row) =>
    readRepository(context, row, async (source) => {
      // Pages go on from the commit that the first began at, whatever is pushed meanwhile.
      const place = nextToken === undefined ? undefined : placeOf(nextToken)
      const from = place?.from ?? (await commitOf(source, commitSpecifier))
      const skip = place?.skip ?? 0
      const entries = await log(source.gitDir, { from, skip, limit: maxResults + 1 })
      return {
        commits: entries.slice(0, maxResults).map(commitSummary),
        ...(entries.length > maxResults && { nextToken: encodeToken('commits', [from, skip + maxResults]) }),
      }
    }),
  requestParameters: ({ repositoryName, maxResults }) => ({ repositoryName, maxResults }),
})

function commitSummary({ oid, subject, parents, author, committer }: LogEntry) {
  return { commitId: oid, subject, parents, author: authorOf(author), committer: authorOf(committer) }
}

function authorOf({ name, email, seconds }: Signature) {
  return { name, email, date: new Date(seconds * 1000) }
}

function placeOf(token: string): { from: string; skip: number } | undefined {
  const [from, skip] = decodeToken('commits', token) ?? []
  return typeof from === 'string' && /^[0-9a-f]{40}$/.test(from) && Number.isSafeInteger(skip) && Number(skip) >= 0
    ? { from, skip: Number(skip) }
    : undefined
}
