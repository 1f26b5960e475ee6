import { isAccessDenied, isServiceException, ServiceException } from '#lib/operation/exception'

/** An error as a protocol writes it. */
export type WireError = Readonly<{
  status: number
  /** `NotFoundException` in JSON, `NoSuchEntity` in the query protocol. */
  code: string
  message: string
  fault: 'client' | 'server'
  /** Members beside the message that AWS documents for this exception. */
  details: Readonly<Record<string, unknown>>
}>

/** How the AWS JSON 1.1 protocol writes an error: every client error is HTTP 400, but those of HTTP itself. */
export function jsonError(error: unknown): WireError {
  const exception = asServiceException(error)
  return { status: exception.httpStatus, code: exception.name, message: exception.message, fault: exception.fault, details: exception.details }
}

/**
 * How the query protocol writes an error: names without `Exception`, and for what all services share, the names and HTTP
 * statuses that the query services have for it.
 */
export function queryError(error: unknown): WireError {
  const exception = asServiceException(error)
  const shared = sharedInQuery.get(exception.name)
  const code = shared?.code ?? exception.name.replace(/Exception$/, '')
  const status = shared?.status ?? (isAccessDenied(exception) ? 403 : exception.httpStatus)
  return { status, code, message: exception.message, fault: exception.fault, details: exception.details }
}

/** A target or action that no service here has. */
export function unknownOperation(message = ''): ServiceException {
  return new ServiceException('UnknownOperationException', message)
}

/** A credential scope for another service or Region than the one that was called. */
export function wrongScope(message: string): ServiceException {
  return new ServiceException('InvalidSignatureException', message)
}

/** A body that is not what the protocol says it is. */
export function serializationException(message: string): ServiceException {
  return new ServiceException('SerializationException', message)
}

/** A body that is longer than any operation's can be. */
export function requestTooLarge(limit: number): ServiceException {
  return new ServiceException('RequestEntityTooLargeException', `Request body is longer than ${limit} bytes.`, { httpStatus: 413 })
}

/** A body that did not arrive in time. */
export function requestTimeout(seconds: number): ServiceException {
  return new ServiceException('RequestTimeoutException', `The request body did not arrive within ${seconds} seconds.`, { httpStatus: 408 })
}

const sharedInQuery: ReadonlyMap<string, { code: string; status: number }> = new Map([
  ['MissingAuthenticationTokenException', { code: 'MissingAuthenticationToken', status: 403 }],
  ['IncompleteSignatureException', { code: 'IncompleteSignature', status: 400 }],
  ['InvalidSignatureException', { code: 'SignatureDoesNotMatch', status: 403 }],
  ['UnrecognizedClientException', { code: 'InvalidClientTokenId', status: 403 }],
  ['ExpiredTokenException', { code: 'ExpiredToken', status: 403 }],
  ['AccessDeniedException', { code: 'AccessDenied', status: 403 }],
  ['UnknownOperationException', { code: 'InvalidAction', status: 400 }],
  ['ValidationException', { code: 'ValidationError', status: 400 }],
  ['SerializationException', { code: 'MalformedInput', status: 400 }],
  ['ThrottlingException', { code: 'Throttling', status: 400 }],
])

function asServiceException(error: unknown): ServiceException {
  if (isServiceException(error)) return error
  console.error(error)
  return new ServiceException('InternalFailure', 'The request processing has failed because of an unknown error, exception or failure.', {
    fault: 'server',
    cause: error,
  })
}
