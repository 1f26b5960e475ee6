import type { Refs } from '#lib/git/refs'
import { repositoryDoesNotExist } from '../exceptions.ts'
import { commitRefs } from './commit-point.ts'
import { type OpenedRepository, reopenRepository } from './open-repository.ts'

/**
 * Changes a repository's refs: `change` sees them as they are and says what they become; when others were faster it is
 * asked again.
 * @throws what `change` throws; ServiceException RepositoryDoesNotExistException where it was deleted meanwhile
 */
export async function changeRefs(opened: OpenedRepository, change: (refs: Refs) => Refs): Promise<void> {
  let current = opened
  while (!(await commitRefs(current, change(current.refs)))) {
    const newer = await reopenRepository(current)
    if (!newer) throw repositoryDoesNotExist(opened.row.name)
    current = newer
  }
}

/** The refs with one of them set, or without it. HEAD finds its branch when the first one comes. */
export function withRef({ head, refs }: Refs, name: string, ref: Readonly<{ oid: string; peeled?: string }> | null): Refs {
  const changed = new Map(refs)
  if (ref) changed.set(name, ref)
  else changed.delete(name)
  return { head: head ?? (name.startsWith('refs/heads/') && ref ? name : null), refs: changed }
}
