import type { Problem } from '#components/console/action-state.ts'
import { isAccessDenied, isServiceException, type AccessDenied } from '#lib/operation/exception'

/**
 * What went wrong as the console says it: what happened, why, and what to do. Anything but a service's own answer is
 * logged and said in general, so that nothing internal reaches the browser.
 */
export function problemOf(error: unknown): Problem {
  const denied = accessDeniedBehind(error)
  if (denied) {
    const { action, resource, decidedBy } = denied
    const { name, message } = isServiceException(error) ? error : denied
    return { code: name, message, refusal: { action, resource, decidedBy }, advice: afterRefusal(denied) }
  }
  if (isServiceException(error)) {
    const advice = advices[error.name]
    return { code: error.name, message: error.message || wordless[error.name] || error.name, ...(advice !== undefined && { advice }) }
  }
  console.error(error)
  return { code: 'InternalFailure', message: 'The server could not do this.', advice: 'Try again. The cause is in the server’s log.' }
}

/** The refusal itself, or the one that a service says in its own words (EncryptionKeyAccessDeniedException). */
function accessDeniedBehind(error: unknown): AccessDenied | undefined {
  if (isAccessDenied(error)) return error
  return isServiceException(error) && isAccessDenied(error.cause) ? error.cause : undefined
}

function afterRefusal({ decidedBy, action, message }: AccessDenied): string {
  if (decidedBy.some(({ effect }) => effect === 'Deny')) {
    return 'An explicit Deny outweighs every Allow. Whoever administers IAM here can remove that statement or narrow it.'
  }
  if (message.includes('resource-based policy')) {
    return 'The resource’s own policy decides this, for the root user too. Where AWS manages the resource, that policy cannot be changed.'
  }
  return `Whoever administers IAM here can attach a policy that allows ${action} on this resource.`
}

/** Exceptions that AWS sends without a message. */
const wordless: Readonly<Record<string, string>> = {
  InvalidCiphertextException: 'The ciphertext does not open: it was altered, it is of another key, or the encryption context is not the one it was encrypted with.',
  NotAuthorizedException: 'Names that begin with alias/aws/ are reserved for AWS.',
}

const advices: Readonly<Record<string, string>> = {
  InvalidCiphertextException: 'Give the encryption context exactly as it was when encrypting: every pair, letter for letter.',
  DisabledException: 'Enable the key, then try again.',
  KMSInvalidStateException: 'See the key’s status: a disabled key can be enabled, and a pending deletion cancelled.',
  RepositoryDoesNotExistException: 'Names are per Region: look it up in all Regions, or by its repository ID.',
  RepositoryNameExistsException: 'Choose another name, or another Region.',
  DeleteConflict: 'Remove what still belongs to it first: policies, access keys, group memberships, credentials.',
  EntityAlreadyExists: 'Choose another name. Names differ by more than upper and lower case.',
  EncryptionIntegrityChecksFailedException: 'What is stored is not what was written: it was changed on disk. Restore it from a backup.',
  InternalFailure: 'Try again. The cause is in the server’s log.',
  ThrottlingException: 'Wait a moment, then try again.',
}
