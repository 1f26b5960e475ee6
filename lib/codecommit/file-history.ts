import { z } from 'zod'
import { blame } from '#lib/git/blame'
import { isGitError } from '#lib/git/command'
import type { Signature } from '#lib/git/commit'
import { lastCommitOfEach } from '#lib/git/log'
import { defineOperation } from '#lib/operation/define'
import { ServiceException } from '#lib/operation/exception'
import { apiVersion } from './api-version.ts'
import { commitOf, contentPath, readRepository } from './content-source.ts'
import { contentException } from './exceptions.ts'
import { onRepository } from './repository-row.ts'

const onPath = z.object({ repositoryName: z.string().optional(), commitSpecifier: z.string().optional(), path: z.string().default('') })

/**
 * The commit that gave each entry of a folder its present content, as far as some seconds of looking find it. The console's own
 * question, so in no wire table; whoever may read folders and the history may ask it.
 * @throws ServiceException FolderDoesNotExistException, CommitDoesNotExistException, and as GetRepository
 */
export const GetFolderHistory = defineOperation({
  service: 'codecommit',
  name: 'GetFolderHistory',
  readOnly: true,
  apiVersion,
  input: onPath,
  resolve: async (context, { repositoryName, path }) => {
    if (path !== '') contentPath(path)
    return withHistory(await onRepository('codecommit:GetFolder', context, repositoryName))
  },
  handler: (context, { commitSpecifier, path }, row) =>
    readRepository(context, row, async (source) => {
      const commitId = await commitOf(source, commitSpecifier)
      // The page shows the names meanwhile.
      const found = await lastCommitOfEach(source.gitDir, commitId, path, { budgetMs: 6_000 })
      if (!found) throw contentException('FolderDoesNotExistException', `Could not find path ${path}`, 'The folder does not exist.')
      const entries = [...found].flatMap(([name, commit]) =>
        commit ? [{ name, commitId: commit.oid, subject: commit.subject, author: commit.author.name, date: dateOf(commit.committer) }] : [],
      )
      return { commitId, entries }
    }),
  requestParameters: ({ repositoryName }) => ({ repositoryName }),
})

/**
 * Which commit each line of a file came in with. The console's own question: it shows the file and its history, and needs both.
 * @throws ServiceException FileDoesNotExistException, FileTooLargeException, CommitDoesNotExistException, and as GetRepository
 */
export const GetBlame = defineOperation({
  service: 'codecommit',
  name: 'GetBlame',
  readOnly: true,
  apiVersion,
  input: onPath,
  resolve: async (context, { repositoryName, path }) => {
    contentPath(path)
    return withHistory(await onRepository('codecommit:GetFile', context, repositoryName))
  },
  handler: (context, input, row) =>
    readRepository(context, row, async (source) => {
      const path = contentPath(input.path)
      const commitId = await commitOf(source, input.commitSpecifier)
      const found = await blamed(source.gitDir, commitId, path)
      if (!found) throw contentException('FileDoesNotExistException', `Could not find path ${path}`, 'The file does not exist.')
      const commits = [...found.commits.values()].map(({ oid, author, subject, path: pathThen }) => ({
        commitId: oid,
        subject,
        author: author.name,
        date: dateOf(author),
        path: pathThen,
      }))
      return { commitId, ranges: found.ranges.map(({ oid, line, lines }) => ({ commitId: oid, line, lines })), commits }
    }),
  requestParameters: ({ repositoryName }) => ({ repositoryName }),
})

/** The same resolution, with the history beside what is read. */
export function withHistory<Resolution extends Awaited<ReturnType<typeof onRepository>>>(resolved: Resolution): Resolution {
  const [access] = resolved.access
  return access ? { ...resolved, access: [access, { ...access, action: 'codecommit:GetCommitHistory' }] } : resolved
}

/** When a commit was made, as a date; what no clock can have said is the epoch. */
export function dateOf({ seconds }: Signature): Date {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? new Date(0) : date
}

async function blamed(gitDir: string, commitId: string, path: string): Promise<ReturnType<typeof blame> extends Promise<infer Found> ? Found : never> {
  try {
    return await blame(gitDir, commitId, path, { maxBytes: maxBlameBytes })
  } catch (error) {
    if (!isGitError(error) || error.exitCode !== null) throw error
    throw new ServiceException('FileTooLargeException', 'The file is too large to say of each line where it comes from.')
  }
}

const maxBlameBytes = 8 * 1024 * 1024
