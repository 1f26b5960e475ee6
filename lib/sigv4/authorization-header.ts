import type { HttpRequest } from '#lib/sigv4/canonical-request'
import type { CredentialScope } from '#lib/sigv4/string-to-sign'

/** What a signed request says of its signature; nothing of it is proved yet. */
export type Authorization = CredentialScope &
  Readonly<{
    ok: true
    accessKeyId: string
    /** Lower case, in the signer's order. */
    signedHeaders: readonly string[]
    /** 64 hexadecimal digits. */
    signature: string
    /** When it was signed: `YYYYMMDDTHHMMSSZ`, from `X-Amz-Date` or `Date`. */
    amzDate: string
    securityToken?: string
    /** For how many seconds a presigned URL is good; undefined for a request with an Authorization header. */
    expires?: number
  }>

/** Why a request has no signature that could be verified. */
export type NoAuthorization = Readonly<{
  ok: false
  /**
   * `missing`: neither an Authorization header nor a presigned query: `MissingAuthenticationTokenException`.
   * `incomplete`: there is one, and it is malformed: `IncompleteSignatureException`.
   */
  reason: 'missing' | 'incomplete'
  /** In AWS's words. Echoes nothing secret. */
  message: string
}>

type Signed = Pick<HttpRequest, 'query' | 'headers'>

/** Reads the signature of a request, from its Authorization header or, of a presigned URL, from its query. */
export function parseAuthorization(request: Signed): Authorization | NoAuthorization {
  const [value, second] = headerValues(request, 'authorization')
  if (second !== undefined) return incomplete('A request has one Authorization header.')
  if (value !== undefined) return parseHeader(value, request)
  const parameters = new URLSearchParams(request.query)
  if (parameters.has('X-Amz-Signature') || parameters.has('X-Amz-Algorithm')) return parsePresigned(parameters)
  return { ok: false, reason: 'missing', message: 'Missing Authentication Token' }
}

/** Every value of a header, as received. */
export function headerValues({ headers }: Pick<HttpRequest, 'headers'>, name: string): string[] {
  const values: string[] = []
  for (const [each, value] of headers) {
    // Most names differ in length: these need no copy in lower case.
    if (each.length === name.length && each.toLowerCase() === name) values.push(value.trim())
  }
  return values
}

const algorithm = 'AWS4-HMAC-SHA256'

function parseHeader(value: string, request: Signed): Authorization | NoAuthorization {
  const space = value.search(/\s/)
  if (value.slice(0, space < 0 ? undefined : space) !== algorithm) {
    return { ok: false, reason: 'missing', message: 'Missing Authentication Token' }
  }
  const fields = new Map<string, string>()
  for (const field of value.slice(algorithm.length).split(',')) {
    const [, name, content] = /^\s*(\w+)=(\S*)\s*$/.exec(field) ?? []
    if (name === undefined || content === undefined || fields.has(name)) {
      return incomplete(`'${printable(field)}' not a valid key=value pair (missing equal-sign) in Authorization header.`)
    }
    fields.set(name, content)
  }
  const amzDate = dateOf(request)
  const problems = ['Credential', 'Signature', 'SignedHeaders']
    .filter((name) => !fields.get(name))
    .map((name) => `Authorization header requires '${name}' parameter.`)
  if (amzDate === undefined) {
    problems.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
  }
  if (problems.length > 0 || amzDate === undefined) return incomplete(problems.join(' '))
  const tokens = headerValues(request, 'x-amz-security-token')
  return check({
    credential: fields.get('Credential') ?? '',
    signedHeaders: fields.get('SignedHeaders') ?? '',
    signature: fields.get('Signature') ?? '',
    amzDate,
    ...(tokens[0] === undefined ? {} : { securityToken: tokens[0] }),
  })
}

function parsePresigned(parameters: URLSearchParams): Authorization | NoAuthorization {
  const names = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Date', 'X-Amz-SignedHeaders', 'X-Amz-Signature']
  for (const name of [...names, 'X-Amz-Expires', 'X-Amz-Security-Token']) {
    if (parameters.getAll(name).length > 1) return incomplete(`AWS query-string parameters must include one '${name}'.`)
  }
  const missing = names.filter((name) => !parameters.get(name))
  if (missing.length > 0) return incomplete(missing.map((name) => `AWS query-string parameters must include '${name}'.`).join(' '))
  if (parameters.get('X-Amz-Algorithm') !== algorithm) {
    return incomplete(`Unsupported AWS 'algorithm': '${printable(parameters.get('X-Amz-Algorithm') ?? '')}'.`)
  }
  const expires = parameters.get('X-Amz-Expires') ?? '900'
  if (!/^\d{1,6}$/.test(expires) || Number(expires) < 1 || Number(expires) > 604_800) {
    return incomplete('X-Amz-Expires must be a number of seconds from 1 to 604800.')
  }
  const token = parameters.get('X-Amz-Security-Token')
  return check({
    credential: parameters.get('X-Amz-Credential') ?? '',
    signedHeaders: parameters.get('X-Amz-SignedHeaders') ?? '',
    signature: parameters.get('X-Amz-Signature') ?? '',
    amzDate: parameters.get('X-Amz-Date') ?? '',
    expires: Number(expires),
    ...(token === null ? {} : { securityToken: token }),
  })
}

type Fields = Readonly<{
  credential: string
  signedHeaders: string
  signature: string
  amzDate: string
  securityToken?: string
  expires?: number
}>

function check({ credential, signedHeaders, signature, amzDate, ...rest }: Fields): Authorization | NoAuthorization {
  // An access key ID has no slash; a service or Region neither.
  const [accessKeyId, date, region, service, term, ...more] = credential.split('/')
  if (!accessKeyId || !date || !region || !service || term === undefined || more.length > 0) {
    return incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${printable(credential)}'.`,
    )
  }
  if (term !== 'aws4_request') {
    return incomplete(`Credential should be scoped with a valid terminator: 'aws4_request', not '${printable(term)}'.`)
  }
  if (!/^\d{8}T\d{6}Z$/.test(amzDate)) {
    return incomplete(`Date must be in ISO-8601 'basic format'. Got '${printable(amzDate)}'. See http://en.wikipedia.org/wiki/ISO_8601`)
  }
  if (date !== amzDate.slice(0, 8)) {
    return incomplete(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${printable(date)}' != '${amzDate.slice(0, 8)}', from '${amzDate}'.`,
    )
  }
  const names = signedHeaders.split(';')
  if (names.some((name) => !/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) || new Set(names).size !== names.length) {
    return incomplete(`SignedHeaders must be lower-case header names separated by ';', got '${printable(signedHeaders)}'.`)
  }
  if (!names.includes('host')) {
    return incomplete("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
  }
  return { ok: true, accessKeyId, date, region, service, signedHeaders: names, signature, amzDate, ...rest }
}

function incomplete(message: string): NoAuthorization {
  return { ok: false, reason: 'incomplete', message }
}

/** The time of signing: `X-Amz-Date`, or `Date` in either of its forms. Undefined where there is none that can be read. */
function dateOf(request: Signed): string | undefined {
  const [amzDate] = headerValues(request, 'x-amz-date')
  if (amzDate !== undefined) return amzDate
  const [date] = headerValues(request, 'date')
  if (date === undefined || /^\d{8}T\d{6}Z$/.test(date)) return date
  const time = Date.parse(date)
  return Number.isNaN(time) ? undefined : basicFormat(new Date(time))
}

/** A time as AWS signs it: `YYYYMMDDTHHMMSSZ`. */
export function basicFormat(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}

/** What of a client's text may go into an answer. */
function printable(text: string): string {
  return text.replace(/[^ -~]/g, '?').slice(0, 200)
}
