import { encodeBase64 } from '#lib/operation/blob'
import { serializationException, type WireError } from './errors.ts'

/** Content type of the AWS JSON 1.1 protocol, both ways. */
export const jsonContentType = 'application/x-amz-json-1.1'

/**
 * Reads the input of an operation: a JSON object in UTF-8; an empty body stands for `{}`.
 * @throws ServiceException SerializationException for anything else
 */
export function decodeJson(body: Uint8Array): Readonly<Record<string, unknown>> {
  if (body.length === 0) return {}
  const value = parse(body)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw serializationException('Start of structure or map found where not expected.')
  }
  return value as Record<string, unknown>
}

/**
 * Writes an operation's output: dates as seconds since 1970 with a fraction, bytes as base64, undefined members left out.
 * An operation without output has an empty body.
 */
export function encodeJson(output: unknown): string {
  return output === undefined ? '' : JSON.stringify(onWire(output))
}

/** Writes an error; where AWS gives no message (InvalidCiphertextException) there is none. */
export function encodeJsonError({ code, message, details }: WireError): string {
  return JSON.stringify({
    __type: code,
    ...(message !== '' && { message }),
    // The authorizer that AWS's services share writes this one with a capital; clients of either habit find it.
    ...(code === 'AccessDeniedException' && { Message: message }),
    ...(onWire(details) as object),
  })
}

function parse(body: Uint8Array): unknown {
  let text: string
  try {
    text = utf8.decode(body)
  } catch {
    throw serializationException('The request body is not UTF-8.')
  }
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own words would echo a part of the body, which may hold a secret.
    throw serializationException('The request body is not JSON.')
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function onWire(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000
  if (value instanceof Uint8Array) return encodeBase64(value)
  if (Array.isArray(value)) return value.map(onWire)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, onWire(member)]))
}
