import { ServiceException } from '#lib/operation/exception'
import { contentException } from './exceptions.ts'

/**
 * A repository's name: 1 to 100 of letters, digits, `.`, `_`, `-`, not ending in `.git`.
 * @throws ServiceException RepositoryNameRequiredException, InvalidRepositoryNameException
 */
export function repositoryName(name: string | undefined): string {
  if (name === undefined || name === '') throw new ServiceException('RepositoryNameRequiredException', 'A repository name is required.')
  // "." and ".." would be paths, not names, in a clone URL.
  if (!/^[\w.-]{1,100}$/.test(name) || name.endsWith('.git') || name === '.' || name === '..') {
    throw new ServiceException(
      'InvalidRepositoryNameException',
      'The repository name is not valid. Repository names can be any valid combination of letters, numbers, periods, underscores, and dashes between 1 and 100 characters in length. Names are case sensitive. For more information, see Limits in the AWS CodeCommit User Guide. ',
    )
  }
  return name
}

/**
 * A description: at most 1,000 characters.
 * @throws ServiceException InvalidRepositoryDescriptionException
 */
export function repositoryDescription(description: string | undefined): string | undefined {
  // Without lone surrogates: what cannot be written in UTF-8 cannot be given back as it came.
  if (description !== undefined && (description.length > 1000 || !description.isWellFormed())) {
    throw new ServiceException(
      'InvalidRepositoryDescriptionException',
      'The repository description is not valid. A repository description can have at most 1000 characters.',
    )
  }
  return description === '' ? undefined : description
}

/**
 * A branch's name, without `refs/heads/` (E.3 of the AWS quotas).
 * @throws ServiceException BranchNameRequiredException, InvalidBranchNameException
 */
export function branchName(name: string | undefined): string {
  if (name === undefined || name === '') throw new ServiceException('BranchNameRequiredException', 'A branch name is required.')
  if (!isBranchName(name)) {
    throw contentException('InvalidBranchNameException', `The branch name ${name} is not valid.`, 'The branch name is not valid.')
  }
  return name
}

/** True for a name that CodeCommit takes for a branch: 1–256 characters, git's own rules, not an object ID. */
export function isBranchName(name: string): boolean {
  return (
    name.length <= 256 &&
    name.isWellFormed() &&
    !/^[0-9a-f]{40}$/i.test(name) &&
    !/[\x00-\x20\x7f?^*[\\~:]|\.\.|\/\/|@\{|^[/.-]|[/.]$|\/\.|\.lock($|\/)|^@$/.test(name)
  )
}

/** True for a full, lower- or upper-case object ID. */
export function isObjectId(text: string): boolean {
  return /^[0-9a-f]{40}$/i.test(text)
}

/**
 * Tags as CodeCommit takes them: at most 50, keys 1–128, values 0–256, its own characters, no `aws:`.
 * @throws ServiceException TooManyTagsException, InvalidTagsMapException, InvalidSystemTagUsageException
 */
export function tagsMap(tags: Readonly<Record<string, string>>): [string, string][] {
  const entries = Object.entries(tags)
  if (entries.length > 50) throw new ServiceException('TooManyTagsException', 'The maximum number of tags for an AWS CodeCommit resource has been exceeded.')
  for (const [key, value] of entries) {
    tagKey(key)
    if (value.length > 256 || !tagCharacters.test(value)) throw new ServiceException('InvalidTagsMapException', 'The map of tags is not valid.')
  }
  return entries
}

/** @throws ServiceException InvalidTagsMapException, InvalidSystemTagUsageException */
export function tagKey(key: string): string {
  if (/^aws:/i.test(key)) {
    throw new ServiceException(
      'InvalidSystemTagUsageException',
      'The specified tag is not valid. Key names cannot be prefixed with aws:.',
    )
  }
  if (key.length < 1 || key.length > 128 || !tagCharacters.test(key)) {
    throw new ServiceException('InvalidTagsMapException', 'The map of tags is not valid.')
  }
  return key
}

const tagCharacters = /^[\p{L}\p{N}\p{Z}+\-=._:/@]*$/u
