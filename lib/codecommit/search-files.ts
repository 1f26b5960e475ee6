import { z } from 'zod'
import { isGitError } from '#lib/git/command'
import { grep } from '#lib/git/grep'
import { listFiles } from '#lib/git/tree'
import { defineOperation } from '#lib/operation/define'
import { apiVersion } from './api-version.ts'
import { commitOf, readRepository } from './content-source.ts'
import { contentException } from './exceptions.ts'
import { onRepository } from './repository-row.ts'

const atCommit = { repositoryName: z.string().optional(), commitSpecifier: z.string().optional() }

/**
 * The paths of all files of a commit, at most 50,000. CodeCommit's API has no such operation, but the console's permission for
 * it: `codecommit:GetTree`.
 * @throws ServiceException CommitDoesNotExistException, and as GetRepository
 */
export const GetTree = defineOperation({
  service: 'codecommit',
  name: 'GetTree',
  readOnly: true,
  apiVersion,
  input: z.object(atCommit),
  resolve: (context, { repositoryName }) => onRepository('codecommit:GetTree', context, repositoryName),
  handler: (context, { commitSpecifier }, row) =>
    readRepository(context, row, async (source) => {
      const commitId = await commitOf(source, commitSpecifier)
      const { paths, truncated } = (await listFiles(source.gitDir, commitId, { limit: 50_000 })) ?? { paths: [], truncated: false }
      return { commitId, paths, truncated }
    }),
  requestParameters: ({ repositoryName }) => ({ repositoryName }),
})

/**
 * Lines of a commit's text files that contain a text, or match an extended regular expression; at most `maxResults`. The console's
 * own question: whoever may read every file may ask it. What was looked for is not recorded: it may be in the files.
 * @throws ServiceException InvalidRegularExpressionException, CommitDoesNotExistException, and as GetRepository
 */
export const SearchFiles = defineOperation({
  service: 'codecommit',
  name: 'SearchFiles',
  readOnly: true,
  apiVersion,
  input: z.object({
    ...atCommit,
    text: z.string().min(1).max(1000),
    regularExpression: z.boolean().default(false),
    matchCase: z.boolean().default(false),
    maxResults: z.int().min(1).max(1000).default(500),
  }),
  resolve: (context, { repositoryName }) => onRepository('codecommit:GetFile', context, repositoryName),
  handler: (context, { commitSpecifier, text, regularExpression, matchCase, maxResults }, row) =>
    readRepository(context, row, async (source) => {
      const commitId = await commitOf(source, commitSpecifier)
      try {
        const options = { regexp: regularExpression, ignoreCase: !matchCase, limit: maxResults, signal: AbortSignal.timeout(searchMs) }
        const { matches, truncated } = await grep(source.gitDir, commitId, text, options)
        return { commitId, matches, truncated }
      } catch (error) {
        if (error instanceof DOMException && error.name === 'TimeoutError') {
          throw contentException('SearchTimedOutException', `The search took longer than ${searchMs / 1000} seconds. Look for a longer text.`, 'The search took too long.')
        }
        if (!isGitError(error) || !regularExpression) throw error
        const said = /^fatal: (?:command line, )?(.*)$/m.exec(error.stderr)?.[1] ?? 'git does not understand it.'
        throw contentException('InvalidRegularExpressionException', `That is no extended regular expression: ${said}`, 'The regular expression is not valid.')
      }
    }),
  requestParameters: ({ repositoryName, maxResults }) => ({ repositoryName, maxResults }),
})

/** A search holds a process; a page is not waited for longer. */
const searchMs = 20_000
