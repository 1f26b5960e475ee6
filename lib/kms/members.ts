import { z } from 'zod'
import { encodeEncryptionContext, type EncryptionContext as Context } from '#lib/crypto/encryption-context'
import { decodeToken, encodeToken } from '#lib/operation/pagination'
import { invalidGrantToken, invalidMarker, tagException, unsupportedOperation } from '#lib/kms/exceptions'

// Members that several operations' inputs share, with the bounds of aws-facts A.3.

export const KeyId = z.string().min(1).max(2048)

export const AliasName = z.string().min(1).max(256)

export const Description = z.string().max(8192)

export const Policy = z
  .string()
  .min(1)
  .max(131_072)
  .regex(/^[\t\n\r\u0020-\u00ff]+$/)

export const Marker = z.string().min(1).max(1024)

/** How many rows a page may have, of lists that differ in the most they give. */
export function limit(most: number) {
  return z.int().min(1).max(most)
}

export const Tag = z.object({ TagKey: z.string().min(1).max(128), TagValue: z.string().max(256) })

/**
 * Strings to strings. JSON's other scalars count as strings, as the real service takes them.
 *
 * Made pair by pair: an object schema would lose a pair named `__proto__`, and a context with it would authenticate as one
 * without it.
 */
export const EncryptionContext = z.unknown().transform((value, context): Context => {
  const wrong = (issue: { code: 'custom'; message: string; params?: object } | { code: 'too_big'; maximum: number; origin: 'string' }) => {
    context.issues.push({ ...issue, input: value })
    return z.NEVER
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return wrong({ code: 'custom', message: 'a map of strings', params: { serialization: true } })
  }
  const pairs: [string, string][] = []
  for (const [key, member] of Object.entries(value)) {
    if (!isScalar(member)) return wrong({ code: 'custom', message: 'a map of strings', params: { serialization: true } })
    pairs.push([key, String(member)])
  }
  const map = Object.fromEntries(pairs)
  if (pairs.flat().some((text) => /\p{Surrogate}/u.test(text))) {
    return wrong({ code: 'custom', message: 'valid Unicode' })
  }
  try {
    encodeEncryptionContext(map)
  } catch {
    return wrong({ code: 'too_big', maximum: 65_535, origin: 'string' })
  }
  return map
})

/** Members that the real service takes and Codekeep has nothing for: accepted only where they ask for nothing. */
export const unsupportedMembers = {
  GrantTokens: z.array(z.string().min(1).max(8192)).max(10).optional(),
  Recipient: z.unknown().optional(),
}

/** @throws ServiceException where a caller asks for a grant or an enclave, which do not exist here */
export function refuseUnsupported(input: { GrantTokens?: readonly string[] | undefined; Recipient?: unknown }): void {
  if (input.GrantTokens && input.GrantTokens.length > 0) throw invalidGrantToken()
  if (input.Recipient !== undefined && input.Recipient !== null) throw unsupportedOperation('Recipient (an attested enclave)')
}

/**
 * Checks tags to be put on a key that has `present` already (keys of tags), in AWS's words.
 * @throws ServiceException `TagException`
 */
export function checkTags(tags: readonly { TagKey: string }[], present: readonly string[] = []): void {
  const keys = tags.map(({ TagKey }) => TagKey)
  if (new Set(keys).size !== keys.length) throw tagException('Duplicate tag keys')
  checkTagKeys(keys)
  if (new Set([...present, ...keys]).size > mostTags) throw tagException('Too many tags')
}

/** @throws ServiceException `TagException` for a key that is AWS's own */
export function checkTagKeys(keys: readonly string[]): void {
  if (keys.some((key) => /^aws:/i.test(key))) throw tagException('Tags beginning with aws: are reserved')
}

/** The sort values of a marker's row; undefined without a marker. @throws ServiceException `InvalidMarkerException` */
export function afterMarker(list: string, marker: string | undefined): string | undefined {
  if (marker === undefined) return undefined
  const [place, ...rest] = decodeToken(list, marker) ?? []
  if (typeof place !== 'string' || rest.length > 0) throw invalidMarker(marker)
  return place
}

/** Cuts a look-ahead query (`limit + 1` rows) into a page in KMS's form, whose marker is one sort value of the last row. */
export function kmsPage<Name extends string, Row, Item>(
  list: string,
  name: Name,
  rows: readonly Row[],
  most: number,
  sortValue: (row: Row) => string,
  item: (row: Row) => Item,
) {
  const shown = rows.slice(0, most)
  const last = shown.at(-1)
  const more = rows.length > most && last !== undefined
  return {
    ...({ [name]: shown.map(item) } as Record<Name, Item[]>),
    Truncated: more,
    ...(more && { NextMarker: encodeToken(list, [sortValue(last)]) }),
  }
}

const mostTags = 50

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
