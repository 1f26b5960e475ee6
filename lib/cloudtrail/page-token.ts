import { createHash } from 'node:crypto'
import { invalidNextToken } from '#lib/cloudtrail/exceptions'
import type { Place } from '#lib/cloudtrail/find-events'
import { decodeToken, encodeToken } from '#lib/operation/pagination'

/** The list that a token is bound to: the same operation with other parameters, or in another Region, has another. */
export function listOf(operation: string, region: string, parameters: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify([region, parameters]))
  return `${operation} ${hash.digest('base64url')}`
}

/** The NextToken of a place in a list. */
export function tokenOf(list: string, place: Place): string {
  return encodeToken(list, place)
}

/**
 * The place of a NextToken.
 * @throws InvalidNextTokenException for what is not a token of this list
 */
export function placeOf(list: string, token: string): Place {
  const [at, sequence] = decodeToken(list, token) ?? []
  if (!Number.isSafeInteger(at) || !Number.isSafeInteger(sequence)) throw invalidNextToken()
  return [at as number, sequence as number]
}
