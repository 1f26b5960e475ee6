import { ServiceException } from '#lib/operation/exception'

// Codes, HTTP statuses and wordings of the IAM Query API (2010-05-08): codes carry no "Exception" suffix, and statuses differ by
// code, unlike those of the JSON services.

/** Something named in the request is not there. */
export function noSuchEntity(message: string): ServiceException {
  return new ServiceException('NoSuchEntity', message, { httpStatus: 404 })
}

export function entityAlreadyExists(message: string): ServiceException {
  return new ServiceException('EntityAlreadyExists', message, { httpStatus: 409 })
}

/** What is to be deleted still has subordinate entities. */
export function deleteConflict(message: string): ServiceException {
  return new ServiceException('DeleteConflict', message, { httpStatus: 409 })
}

export function limitExceeded(message: string): ServiceException {
  return new ServiceException('LimitExceeded', message, { httpStatus: 409 })
}

/** One of IAM's quotas by its own name: `Cannot exceed quota for AccessKeysPerUser: 2`. */
export function quotaExceeded(quota: string, limit: number): ServiceException {
  return limitExceeded(`Cannot exceed quota for ${quota}: ${limit}`)
}

export function invalidInput(message: string): ServiceException {
  return new ServiceException('InvalidInput', message)
}

export function validationError(message: string): ServiceException {
  return new ServiceException('ValidationError', message)
}

export function noSuchUser(name: string): ServiceException {
  return noSuchEntity(`The user with name ${name} cannot be found.`)
}

export function noSuchGroup(name: string): ServiceException {
  return noSuchEntity(`The group with name ${name} cannot be found.`)
}

/** The message of an entity that cannot be found is AWS's; `DeleteConflict` of a user names no kind (aws-facts F.5). */
export function mustRemoveReferences(): ServiceException {
  return deleteConflict('Cannot delete entity, must remove referenced objects first.')
}
