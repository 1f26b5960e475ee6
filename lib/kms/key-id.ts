import { formatArn, parseArn, type Arn } from '#lib/operation/arn'
import type { RequestContext } from '#lib/operation/context'
import { ServiceException, validationException } from '#lib/operation/exception'
import { invalidKeyId } from '#lib/kms/exceptions'

/** What a KeyId names, as far as its text tells: whether there is such a key is another question. */
export type KeyReference =
  | Readonly<{ kind: 'key'; keyId: string; arn: Arn; accountId: string }>
  | Readonly<{ kind: 'alias'; aliasName: string; arn: Arn; accountId: string }>

type Place = Pick<RequestContext, 'region' | 'accountId'>

/**
 * Reads a key ID or key ARN and, where the operation takes them (`aliases`), an alias name or alias ARN (aws-facts A.1).
 *
 * @throws ServiceException `NotFoundException` for text that cannot name a key here, `InvalidArnException` for an ARN that
 *   is not KMS's
 */
export function parseKeyId(place: Place, text: string, accepts: { aliases: boolean }): KeyReference {
  if (text.startsWith('arn:')) return parseKeyArn(place, text, accepts)
  if (text.startsWith('alias/')) {
    if (!accepts.aliases) throw invalidKeyId(text)
    return { kind: 'alias', aliasName: text, arn: aliasArn(place, text), accountId: place.accountId }
  }
  if (!isKeyId(text)) throw invalidKeyId(text)
  return { kind: 'key', keyId: text, arn: keyArn(place, text), accountId: place.accountId }
}

/** The ARN of a key here. */
export function keyArn(place: Place, keyId: string): Arn {
  return formatArn({ service: 'kms', region: place.region, accountId: place.accountId, resource: `key/${keyId}` })
}

/** The ARN of an alias here; `name` begins with `alias/`. */
export function aliasArn(place: Place, name: string): Arn {
  return formatArn({ service: 'kms', region: place.region, accountId: place.accountId, resource: name })
}

/**
 * Checks the name of an alias to make or change.
 * @throws ServiceException `ValidationException` in AWS's words
 */
export function checkAliasName(name: string): void {
  if (!name.startsWith('alias/')) {
    throw validationException(
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    )
  }
  if (!/^[a-zA-Z0-9:/_-]+$/.test(name) || name === 'alias/') {
    throw validationException(
      `1 validation error detected: Value '${name}' at 'aliasName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$`,
    )
  }
  // The API's pattern takes a colon, the service does not.
  if (name.includes(':')) throw validationException(`${name} contains invalid characters for an alias`)
}

/** True for names that only AWS services give. */
export function isReservedAlias(name: string): boolean {
  return name.startsWith('alias/aws/')
}

function parseKeyArn(place: Place, text: string, accepts: { aliases: boolean }): KeyReference {
  const fields = parseArn(text)
  if (!fields || fields.service !== 'kms') throw new ServiceException('InvalidArnException', `Invalid arn '${text}'`)
  if (fields.region !== place.region) throw new ServiceException('NotFoundException', `Invalid arn ${fields.region}`)
  const { accountId, resource } = fields
  const arn = text as Arn
  if (resource.startsWith('alias/')) {
    if (!accepts.aliases) throw invalidKeyId(text)
    return { kind: 'alias', aliasName: resource, arn, accountId }
  }
  const keyId = resource.startsWith('key/') ? resource.slice('key/'.length) : ''
  if (!isKeyId(keyId)) throw invalidKeyId(text)
  return { kind: 'key', keyId, arn, accountId }
}

/** A UUID, or a multi-Region key's `mrk-` and 32 hexadecimal digits: well formed, though none of the latter is made here. */
function isKeyId(text: string): boolean {
  return /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/i.test(text)
}
