import { resolveCommit } from '#lib/git/commit'
import type { Refs } from '#lib/git/refs'
import type { RequestContext } from '#lib/operation/context'
import { ServiceException } from '#lib/operation/exception'
import { contentException } from './exceptions.ts'
import { present, type RepositoryRow } from './repository-row.ts'
import { forgetDataKey } from './storage/data-keys.ts'
import { openRepository } from './storage/open-repository.ts'
import { withWorkingCopy } from './storage/working-copy.ts'

/** A repository opened for reading: its working copy and its refs. */
export type ContentSource = Readonly<{ gitDir: string; refs: Refs }>

/** Opens a repository (`Decrypt` on the caller's behalf) for as long as `read` takes. */
export async function readRepository<Result>(
  context: RequestContext,
  row: RepositoryRow | null,
  read: (source: ContentSource) => Promise<Result>,
): Promise<Result> {
  const opened = await openRepository(context, present(row))
  try {
    return await withWorkingCopy(context, opened, (gitDir) => read({ gitDir, refs: opened.refs }))
  } finally {
    forgetDataKey(opened.key)
  }
}

/**
 * The commit that a specifier means: a branch, a tag, `HEAD` or a commit ID; without one, the default branch's.
 * @throws ServiceException CommitDoesNotExistException
 */
export async function commitOf({ gitDir, refs }: ContentSource, specifier: string | undefined): Promise<string> {
  const commitId = specifier === undefined || specifier === '' ? refs.refs.get(refs.head ?? '')?.oid : await resolveCommit(gitDir, specifier)
  if (commitId) return commitId
  throw contentException('CommitDoesNotExistException', `Commit ${specifier ?? 'of the default branch'} does not exist`, 'The commit does not exist.')
}

/**
 * A path inside a repository, without slashes at its ends.
 * @throws ServiceException PathRequiredException, InvalidPathException
 */
export function contentPath(path: string | undefined): string {
  if (path === undefined || path === '') throw new ServiceException('PathRequiredException', 'The filePath for a location cannot be null.')
  const plain = path.replace(/^\/+|\/+$/g, '')
  if (plain === '' || path.length > 4096 || path.includes('\0') || plain.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    throw new ServiceException('InvalidPathException', 'The specified path is not valid.')
  }
  return plain
}
