import type { Readable } from 'node:stream'
import { z } from 'zod'
import { readBlob, streamBlob } from '#lib/git/blob'
import { readTreeEntry } from '#lib/git/tree'
import { defineOperation } from '#lib/operation/define'
import { apiVersion } from './api-version.ts'
import { commitOf, contentPath } from './content-source.ts'
import { contentException } from './exceptions.ts'
import { onRepository, present } from './repository-row.ts'
import { forgetDataKey } from './storage/data-keys.ts'
import { openRepository } from './storage/open-repository.ts'
import { openWorkingCopy } from './storage/working-copy.ts'

/** A file as it leaves: its first bytes, by which its kind is told, and all of them as a stream. */
export type FileStream = Readonly<{ blobId: string; size: number; beginning: Uint8Array; stdout: Readable; done: Promise<unknown> }>

/**
 * A file of any size, for a download: GetFile without its limit, recorded as GetFile.
 *
 * `stdout` must be read to its end or destroyed: until then the working copy stays. `done` settles when git has ended.
 * @throws ServiceException as GetFile
 */
export const GetFileStream = defineOperation({
  service: 'codecommit',
  name: 'GetFile',
  readOnly: true,
  apiVersion,
  input: z.object({ repositoryName: z.string().optional(), commitSpecifier: z.string().optional(), filePath: z.string().optional(), signal: z.custom<AbortSignal>() }),
  resolve: (context, { repositoryName, filePath }) => {
    contentPath(filePath)
    return onRepository('codecommit:GetFile', context, repositoryName)
  },
  handler: async (context, { commitSpecifier, filePath, signal }, row): Promise<FileStream> => {
    const opened = await openRepository(context, present(row))
    try {
      const workingCopy = await openWorkingCopy(context, opened)
      try {
        const { gitDir } = workingCopy
        const path = contentPath(filePath)
        const entry = await readTreeEntry(gitDir, await commitOf({ gitDir, refs: opened.refs }, commitSpecifier), path)
        if (entry?.type !== 'blob') throw contentException('FileDoesNotExistException', `Could not find path ${path}`, 'The file does not exist.')
        const blob = await readBlob(gitDir, entry.oid, { maxBytes: 8000, signal })
        if (!blob) throw new Error('a tree names a blob that is not there')
        const { stdout, done } = streamBlob(gitDir, entry.oid, { signal })
        const ended = done.finally(() => workingCopy[Symbol.asyncDispose]())
        ended.catch(() => undefined)
        return { blobId: entry.oid, size: blob.size, beginning: blob.content, stdout, done: ended }
      } catch (error) {
        await workingCopy[Symbol.asyncDispose]()
        throw error
      }
    } finally {
      forgetDataKey(opened.key)
    }
  },
  requestParameters: ({ repositoryName }) => ({ repositoryName }),
})
