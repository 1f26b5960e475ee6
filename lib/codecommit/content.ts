import { z } from 'zod'
import { readBlob } from '#lib/git/blob'
import { readCommit, type Signature } from '#lib/git/commit'
import { listTree, readTreeEntry } from '#lib/git/tree'
import { defineOperation } from '#lib/operation/define'
import { ServiceException } from '#lib/operation/exception'
import { apiVersion } from './api-version.ts'
import { commitOf, contentPath, readRepository } from './content-source.ts'
import { contentException } from './exceptions.ts'
import { isObjectId } from './names.ts'
import { onRepository } from './repository-row.ts'

/** API_GetCommit */
export const GetCommit = defineOperation({
  service: 'codecommit',
  name: 'GetCommit',
  readOnly: true,
  apiVersion,
  input: z.object({ repositoryName: z.string().optional(), commitId: z.string().optional() }),
  resolve: (context, { repositoryName, commitId }) => {
    if (commitId === undefined || commitId === '') throw new ServiceException('CommitIdRequiredException', 'A commit ID is required.')
    if (!isObjectId(commitId)) throw new ServiceException('InvalidCommitIdException', 'The commit ID is not valid.')
    return onRepository('codecommit:GetCommit', context, repositoryName)
  },
  handler: (context, { commitId = '' }, row) =>
    readRepository(context, row, async ({ gitDir }) => {
      const commit = await readCommit(gitDir, commitId.toLowerCase())
      if (!commit) throw new ServiceException('CommitIdDoesNotExistException', `${commitId} does not exist`)
      return {
        commit: {
          commitId: commit.oid,
          treeId: commit.tree,
          parents: commit.parents,
          message: commit.message,
          author: userInfo(commit.author),
          committer: userInfo(commit.committer),
          additionalData: '',
        },
      }
    }),
  requestParameters: ({ repositoryName, commitId }) => ({ repositoryName, commitId }),
})

/** API_GetBlob: at most 6 MB. */
export const GetBlob = defineOperation({
  service: 'codecommit',
  name: 'GetBlob',
  readOnly: true,
  apiVersion,
  input: z.object({ repositoryName: z.string().optional(), blobId: z.string().optional() }),
  resolve: (context, { repositoryName, blobId }) => {
    if (blobId === undefined || blobId === '') throw new ServiceException('BlobIdRequiredException', 'A blob ID is required.')
    if (!isObjectId(blobId)) throw new ServiceException('InvalidBlobIdException', 'The specified blob is not valid.')
    return onRepository('codecommit:GetBlob', context, repositoryName)
  },
  handler: (context, { blobId = '' }, row) =>
    readRepository(context, row, async ({ gitDir }) => {
      const content = await fileContent(gitDir, blobId.toLowerCase())
      if (!content) throw new ServiceException('BlobIdDoesNotExistException', `${blobId} does not exist`)
      return { content }
    }),
  requestParameters: ({ repositoryName, blobId }) => ({ repositoryName, blobId }),
})

/** API_GetFile: without a commitSpecifier, of the default branch. At most 6 MB. */
export const GetFile = defineOperation({
  service: 'codecommit',
  name: 'GetFile',
  readOnly: true,
  apiVersion,
  input: z.object({ repositoryName: z.string().optional(), commitSpecifier: z.string().optional(), filePath: z.string().optional() }),
  resolve: (context, { repositoryName, filePath }) => {
    contentPath(filePath)
    return onRepository('codecommit:GetFile', context, repositoryName)
  },
  handler: (context, { commitSpecifier, filePath }, row) =>
    readRepository(context, row, async (source) => {
      const path = contentPath(filePath)
      const commitId = await commitOf(source, commitSpecifier)
      const entry = await readTreeEntry(source.gitDir, commitId, path)
      if (entry?.type !== 'blob') {
        throw contentException('FileDoesNotExistException', `Could not find path ${path}`, 'The file does not exist.')
      }
      const content = await fileContent(source.gitDir, entry.oid)
      if (!content) throw new Error('a tree names a blob that is not there')
      return {
        commitId,
        blobId: entry.oid,
        filePath: path,
        fileMode: fileMode(entry.mode),
        fileSize: content.length,
        fileContent: content,
      }
    }),
  requestParameters: ({ repositoryName }) => ({ repositoryName }),
})

/** API_GetFolder: without a commitSpecifier, of the default branch. */
export const GetFolder = defineOperation({
  service: 'codecommit',
  name: 'GetFolder',
  readOnly: true,
  apiVersion,
  input: z.object({ repositoryName: z.string().optional(), commitSpecifier: z.string().optional(), folderPath: z.string().optional() }),
  resolve: (context, { repositoryName, folderPath }) => {
    folderPathOf(folderPath)
    return onRepository('codecommit:GetFolder', context, repositoryName)
  },
  handler: (context, { commitSpecifier, folderPath }, row) =>
    readRepository(context, row, async (source) => {
      const path = folderPathOf(folderPath)
      const commitId = await commitOf(source, commitSpecifier)
      const folder = await readTreeEntry(source.gitDir, commitId, path)
      const entries = await listTree(source.gitDir, commitId, path)
      if (!folder || !entries) {
        throw contentException('FolderDoesNotExistException', `Could not find path ${path}`, 'The folder does not exist.')
      }
      const placed = (entry: { path: string; name: string }) => ({ absolutePath: entry.path, relativePath: entry.name })
      const files = entries.filter(({ mode }) => mode === '100644' || mode === '100755' || mode === '100664')
      return {
        commitId,
        folderPath: path,
        treeId: folder.oid,
        subFolders: entries.filter(({ type }) => type === 'tree').map((entry) => ({ treeId: entry.oid, ...placed(entry) })),
        files: files.map((entry) => ({ blobId: entry.oid, ...placed(entry), fileMode: fileMode(entry.mode) })),
        symbolicLinks: entries
          .filter(({ mode }) => mode === '120000')
          .map((entry) => ({ blobId: entry.oid, ...placed(entry), fileMode: fileMode(entry.mode) })),
        subModules: entries.filter(({ type }) => type === 'commit').map((entry) => ({ commitId: entry.oid, ...placed(entry) })),
      }
    }),
  requestParameters: ({ repositoryName }) => ({ repositoryName }),
})

/** CodeCommit's limit for content through the API. */
const maxFileBytes = 6 * 1024 * 1024

async function fileContent(gitDir: string, oid: string): Promise<Uint8Array | null> {
  const blob = await readBlob(gitDir, oid, { maxBytes: maxFileBytes })
  if (blob?.truncated) {
    throw new ServiceException('FileTooLargeException', 'The specified file exceeds the file size limit for AWS CodeCommit. For more information about limits in AWS CodeCommit, see AWS CodeCommit User Guide.')
  }
  return blob && new Uint8Array(blob.content)
}

function folderPathOf(path: string | undefined): string {
  if (path === undefined || path === '') throw new ServiceException('PathRequiredException', 'The folderPath for a location cannot be null.')
  return /^\/+$/.test(path) ? '' : contentPath(path)
}

function fileMode(mode: string): 'EXECUTABLE' | 'NORMAL' | 'SYMLINK' {
  if (mode === '100755') return 'EXECUTABLE'
  return mode === '120000' ? 'SYMLINK' : 'NORMAL'
}

/** CodeCommit's UserInfo: the date as git's raw format has it. */
function userInfo({ name, email, seconds, timezone }: Signature): { name: string; email: string; date: string } {
  return { name, email, date: `${seconds} ${timezone}` }
}
