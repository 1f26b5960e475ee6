import { hash } from 'node:crypto'

/**
 * An HTTP request as it was received. Text stands for bytes one to one, as Node's parser gives it: a character from U+0080
 * to U+00FF is that byte, not its UTF-8.
 */
export type HttpRequest = Readonly<{
  method: string
  /** As in the request line, still percent-encoded, without the query. */
  path: string
  /** What follows the `?`, as received; empty when there is none. */
  query: string
  /** Names and values in the order received, repeated ones too. */
  headers: readonly (readonly [name: string, value: string])[]
}> &
  Readonly<{ body: Uint8Array } | { /** Hexadecimal SHA-256 of the body. */ payloadHash: string }>

/**
 * The canonical form of a request, of which the signature is made.
 *
 * Source: AWS General Reference, "Create a signed AWS API request", step 1. For every service but S3: the path is
 * normalized, and encoded once more than it came.
 *
 * @param signedHeaders  lower-case names, in the order in which the signer listed them
 * @param exceptParameter  a query parameter that is left out: `X-Amz-Signature`
 */
export function canonicalRequest(
  { method, path, query, headers }: Pick<HttpRequest, 'method' | 'path' | 'query' | 'headers'>,
  signedHeaders: readonly string[],
  payloadHash: string,
  exceptParameter?: string,
): string {
  return [
    method.toUpperCase(),
    canonicalPath(path),
    canonicalQuery(query, exceptParameter),
    canonicalHeaders(headers, signedHeaders),
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n')
}

/** The path without empty, `.` and `..` segments, each byte that is not unreserved encoded: `%20` becomes `%2520`. */
export function canonicalPath(path: string): string {
  if (path === '/' || path === '') return '/'
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  const trailing = segments.length > 0 && path.endsWith('/') ? '/' : ''
  return `/${segments.map((segment) => encode(segment)).join('/')}${trailing}`
}

/** The parameters sorted by name, then value, both encoded in the one way that AWS does. */
export function canonicalQuery(query: string, exceptParameter?: string): string {
  if (query === '') return ''
  const parameters = query
    .split('&')
    .filter((parameter) => parameter !== '')
    .map((parameter) => {
      const separator = parameter.indexOf('=')
      return separator < 0
        ? ([reencode(parameter), ''] as const)
        : ([reencode(parameter.slice(0, separator)), reencode(parameter.slice(separator + 1))] as const)
    })
    .filter(([name]) => name !== exceptParameter)
  parameters.sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
  return parameters.map(([name, value]) => `${name}=${value}`).join('&')
}

/** One line for each signed header, ended by a newline: white space trimmed, repeated headers joined by commas. */
export function canonicalHeaders(headers: HttpRequest['headers'], signedHeaders: readonly string[]): string {
  const values = new Map<string, string[]>(signedHeaders.map((name) => [name, []]))
  for (const [name, value] of headers) values.get(name.toLowerCase())?.push(trimmed(value))
  let lines = ''
  for (const [name, all] of values) lines += `${name}:${all.join(',')}\n`
  return lines
}

/** Hexadecimal SHA-256 of the request's body. */
export function payloadHashOf(request: HttpRequest): string {
  if ('payloadHash' in request) return request.payloadHash
  return request.body.length === 0 ? emptyHash : hash('sha256', request.body, 'hex')
}

const emptyHash = hash('sha256', '', 'hex')

function trimmed(value: string): string {
  return /^\s|\s$|\s\s|[\t\n\r\f\v]/.test(value) ? value.trim().replace(/\s+/g, ' ') : value
}

/** Order of bytes: the encoded text is ASCII. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Encodes every byte but the unreserved ones of RFC 3986, `%` too. */
function encode(text: string): string {
  if (/^[\w.~-]*$/.test(text)) return text
  let encoded = ''
  for (const byte of bytesOf(text)) encoded += unreserved.has(byte) ? String.fromCharCode(byte) : percent(byte)
  return encoded
}

/** Encodes what a client may have left unencoded or encoded otherwise; what is encoded rightly stays as it is. */
function reencode(text: string): string {
  if (/^[\w.~-]*$/.test(text)) return text
  const decoded = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return encode(decoded)
}

/** The bytes that the text stands for; text of a caller that is not bytes (beyond U+00FF) is taken as UTF-8. */
function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, /[^\0-\xff]/.test(text) ? 'utf8' : 'latin1')
}

const unreserved = new Set(Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~'))

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}
