import { isAccessDenied, isServiceException, ServiceException } from '#lib/operation/exception'

/** `RepositoryDoesNotExistException`: the name is the caller's own, so it may be recorded. */
export function repositoryDoesNotExist(name: string): ServiceException {
  return new ServiceException('RepositoryDoesNotExistException', `${name} does not exist`)
}

/** `RepositoryNameExistsException`. */
export function repositoryNameExists(name: string): ServiceException {
  return new ServiceException('RepositoryNameExistsException', `Repository named ${name} already exists`)
}

/**
 * A refusal whose message names repository data (a branch, a path): the caller reads `message`, the trail keeps `recorded`.
 * Branch and tag names, paths and commit messages are repository data and are never stored in the clear.
 */
export function contentException(name: string, message: string, recorded: string): ServiceException {
  return new ServiceException(name, message, { recordedMessage: recorded })
}

/** `EncryptionIntegrityChecksFailedException` (HTTP 500): what is stored is not what was sealed. */
export function integrityChecksFailed(cause: unknown): ServiceException {
  return new ServiceException('EncryptionIntegrityChecksFailedException', 'An encryption integrity check failed.', {
    fault: 'server',
    cause,
  })
}

/**
 * What a KMS refusal means to CodeCommit's caller.
 *
 * An authorization refusal keeps KMS's own sentence (action, key, policy, statement) behind CodeCommit's: that is what
 * git's user reads (design, rule 7).
 */
export function fromKms(error: unknown): unknown {
  if (isAccessDenied(error)) {
    return new ServiceException(
      'EncryptionKeyAccessDeniedException',
      `User is not authorized for the KMS default key for CodeCommit 'aws/codecommit' in your account. ${error.message}`,
      { cause: error },
    )
  }
  if (!isServiceException(error)) return error
  switch (error.name) {
    case 'DisabledException':
      return new ServiceException('EncryptionKeyDisabledException', `The encryption key is disabled. ${error.message}`, { cause: error })
    case 'NotFoundException':
      return new ServiceException('EncryptionKeyNotFoundException', `No encryption key was found. ${error.message}`, { cause: error })
    case 'KMSInvalidStateException':
    case 'KeyUnavailableException':
    case 'DependencyTimeoutException':
      return new ServiceException('EncryptionKeyUnavailableException', `The encryption key is not available. ${error.message}`, { cause: error })
    case 'InvalidCiphertextException':
    case 'IncorrectKeyException':
      return integrityChecksFailed(error)
    default:
      return error
  }
}
