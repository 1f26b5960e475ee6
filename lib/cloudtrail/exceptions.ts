import { ServiceException } from '#lib/operation/exception'

/** A lookup attribute that is not valid: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html */
export function invalidLookupAttributes(message: string): ServiceException {
  return new ServiceException('InvalidLookupAttributesException', message)
}

/** A time range that is not valid: its start is after its end, or it is no time. */
export function invalidTimeRange(message: string): ServiceException {
  return new ServiceException('InvalidTimeRangeException', message)
}

/** A page size outside 1 to 50. */
export function invalidMaxResults(): ServiceException {
  return new ServiceException('InvalidMaxResultsException', 'The number of results must be from 1 to 50.')
}

/** A token that is none, or that was given for other parameters. */
export function invalidNextToken(): ServiceException {
  return new ServiceException('InvalidNextTokenException', 'The token is not valid, or was previously used in a request with different parameters.')
}

/** A category of events other than `insight`. */
export function invalidEventCategory(): ServiceException {
  return new ServiceException('InvalidEventCategoryException', 'The event category is not valid: leave it out for management events, or use insight.')
}
