import { ServiceException } from '#lib/operation/exception'

// KMS's exceptions in its own words (aws-facts A.2). Some carry no message at all: their `message` is empty.

export function keyNotFound(arn: string): ServiceException {
  return new ServiceException('NotFoundException', `Key '${arn}' does not exist`)
}

export function aliasNotFound(arn: string): ServiceException {
  return new ServiceException('NotFoundException', `Alias ${arn} is not found.`)
}

export function invalidKeyId(given: string): ServiceException {
  return new ServiceException('NotFoundException', `Invalid keyId '${given}'`)
}

/** Wrong or missing encryption context, tampered, cut or foreign ciphertext: one answer, so that trying teaches nothing. */
export function invalidCiphertext(cause?: unknown): ServiceException {
  return new ServiceException('InvalidCiphertextException', '', { cause })
}

export function incorrectKey(): ServiceException {
  return new ServiceException('IncorrectKeyException', 'The key ID in the request does not identify a CMK that can perform this operation.')
}

/** Answers a Decrypt without KeyId that policy refuses: says nothing about which key it is or whether there is one. */
export function hiddenKeyRefusal(): ServiceException {
  return new ServiceException(
    'AccessDeniedException',
    'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
  )
}

export function dryRunSucceeded(): ServiceException {
  return new ServiceException('DryRunOperationException', 'The request would have succeeded, but the DryRun option is set.')
}

export function invalidMarker(marker: string): ServiceException {
  return new ServiceException('InvalidMarkerException', `Could not deserialize marker '${marker}'`)
}

export function tagException(message: string): ServiceException {
  return new ServiceException('TagException', message)
}

export function limitExceeded(message: string): ServiceException {
  return new ServiceException('LimitExceededException', message)
}

/** What the real service has and Codekeep does not: says so, rather than to do something else. */
export function unsupportedOperation(what: string): ServiceException {
  return new ServiceException('UnsupportedOperationException', `${what} is not supported: Codekeep has symmetric encryption keys only.`)
}

/** Grants do not exist here, so no token names one. AWS sends this one without a message. */
export function invalidGrantToken(): ServiceException {
  return new ServiceException('InvalidGrantTokenException')
}
